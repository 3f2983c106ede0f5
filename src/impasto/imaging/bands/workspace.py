"""Where the arrays of a computation on a picture lie, and in how many bands it goes.

A picture in memory is computed in one piece. One that lies in scratch files goes band by band, and
what is large of the results lies there too. The code is the same, and so are the numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.mapped import drop, mapped

__all__ = ["Workspace", "rows_of"]

_BAND_PX = 2**20
_SMALL_BYTES = 2**24  # what is no larger lies in memory in any case


def rows_of(array: NDArray[Any], *, rows: int | None = None) -> Iterator[NDArray[Any]]:
    """A picture's samples in bands from the top, for `write_bands` and `deep_zoom`.

    The pages of an array that lies in a file are dropped after each.

    Args:
        array: (H, W, …).
        rows: of a band; about a megapixel without.

    Example:
        >>> [len(band) for band in rows_of(np.zeros((5, 4, 3)), rows=2)]
        [2, 2, 1]
    """
    step = rows or max(1, _BAND_PX // array.shape[1])
    for top in range(0, len(array), step):
        yield array[top : top + step]
        drop(array)


@dataclass(frozen=True)
class Workspace:
    """In memory, or in files of a folder.

    Attributes:
        folder: None for memory.
    """

    folder: Path | None = None

    def empty(self, shape: tuple[int, ...], kind: Any) -> NDArray[Any]:
        """An array to be filled."""
        if self.folder is None or np.prod(shape) * np.dtype(kind).itemsize <= _SMALL_BYTES:
            return np.empty(shape, kind)
        return mapped(shape, kind, self.folder)

    def bands(self, height: int, width: int, *arrays: NDArray[Any] | None) -> Iterator[slice]:
        """Rows to go on with, an even number but for the last.

        Args:
            height, width: of what is computed.
            arrays: whose pages are dropped after each band.
        """
        step = height if self.folder is None else max(1, _BAND_PX // 2 // width) * 2
        for top in range(0, height, step):
            yield slice(top, min(top + step, height))
            for array in arrays:
                if array is not None:
                    drop(array)

    def copy(self, array: NDArray[Any]) -> NDArray[Any]:
        """A contiguous copy."""
        out = self.empty(array.shape, array.dtype)
        for at in self.bands(*array.shape[:2], array, out):
            out[at] = array[at]
        return out
