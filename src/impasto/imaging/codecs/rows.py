"""Bands of rows, cut anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["in_rows"]


def in_rows(bands: Iterable[NDArray[Any]], rows: int) -> Iterator[NDArray[Any]]:
    """The same picture in bands of so many rows; the last has what is left.

    Args:
        bands: (rows, …) each, of any number of rows, from the top.
        rows: of each band that comes out.

    Example:
        >>> [len(band) for band in in_rows([np.zeros((3, 4)), np.zeros((4, 4))], 2)]
        [2, 2, 2, 1]
    """
    waiting: list[NDArray[Any]] = []
    count = 0
    for band in bands:
        start = 0
        while count + len(band) - start >= rows:
            part = band[start : start + rows - count]
            start += len(part)
            yield np.concatenate([*waiting, part]) if waiting else part
            waiting, count = [], 0
        if start < len(band):
            waiting.append(band[start:])
            count += len(band) - start
    if waiting:
        yield np.concatenate(waiting)
