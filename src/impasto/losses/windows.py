"""Windows: which places of a layer's map, or pixels of a picture, one part counts as its own."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.errors import SettingError

__all__ = ["PART", "Window", "parts", "total_of"]

PART = 2**17  # numbers at a time, so that what is made of them stays in the processor's cache


class Window(NamedTuple):
    """The own places of a cut-out of a map; those of all windows make the whole map, each once.

    A cut-out may be larger than what is its own: what is compared with a place lies further on.

    Attributes:
        rows, columns: the own places, within the cut-out.
        top, left: where the cut-out's first place lies in the whole map.
        height, width: of the whole map, in places.
    """

    rows: slice
    columns: slice
    top: int
    left: int
    height: int
    width: int

    @classmethod
    def whole(cls, height: int, width: int) -> Window:
        """The one window of a map that is looked at in one part.

        Example:
            >>> Window.whole(2, 3).columns
            slice(0, 3, None)
        """
        return cls(slice(0, height), slice(0, width), 0, 0, height, width)

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the own places.

        Example:
            >>> Window(slice(1, 4), slice(0, 2), 5, 0, 20, 2).size
            (3, 2)
        """
        return self.rows.stop - self.rows.start, self.columns.stop - self.columns.start

    def check(self, cutout: Tensor, down: int = 0, right: int = 0) -> None:
        """Refuse a cut-out that the window does not fit, or that ends before a place's partner.

        Args:
            cutout: (..., h, w).
            down, right: how far on from an own place its partners lie at most.

        Raises:
            SettingError: it lies beyond the map or is too small.

        Example:
            >>> import torch
            >>> Window(slice(0, 2), slice(0, 2), 0, 0, 9, 2).check(torch.zeros(4, 2), down=2)
        """
        height, width = cutout.shape[-2:]
        bottom, end = self.height - self.top, self.width - self.left
        needed = min(self.rows.stop + down, bottom), min(self.columns.stop + right, end)
        if not (needed[0] <= height <= bottom and needed[1] <= width <= end):
            raise SettingError(
                f"a cut-out of {height} x {width} places at ({self.top}, {self.left}) of a map of "
                f"{self.height} x {self.width} does not hold its own places and those {down} down "
                f"and {right} right of them: cut out from {needed[0]} x {needed[1]} to "
                f"{bottom} x {end}"
            )


def parts(rows: int, numbers: int) -> Iterator[slice]:
    """Rows by parts that stay in the processor's cache, whatever the number of threads.

    Args:
        rows: of them all.
        numbers: in a row.

    Example:
        >>> list(parts(5, 2**16))
        [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    step = max(PART // max(numbers, 1), 1)
    for begin in range(0, rows, step):
        yield slice(begin, min(begin + step, rows))


def total_of(x: Tensor) -> float:
    """The sum of (rows, columns, C), of rows in `x`'s precision and in float64 of all of them.

    Threads share rows, never the sum of one: the same bytes however many there are.

    Example:
        >>> total_of(torch.ones(2, 3, 4))
        24.0
    """
    by_row = x.sum(1)  # (rows, C)
    if by_row.numel() == 1:  # torch would share it after all
        by_row = torch.cat([x, torch.zeros_like(x)]).sum(1)
    return math.fsum(by_row.flatten().tolist())
