"""The levels of a Deep Zoom picture and their tiles, from one pass over its rows.

Level 0 is one pixel, each level has twice the sides of the one before, rounded up, and the last is
the picture. A tile has up to `tile` px of its own a side, and `overlap` px of each neighbour.
Source: the Deep Zoom file format (Microsoft, 2008), as OpenSeadragon reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Level", "Put", "level_shapes", "spans", "tiles_of"]

_FRACTION = 8  # bits beside those of a level, so that no rounding adds up from level to level
Put = Callable[[int, int, int, NDArray[np.uint8]], object]


def level_shapes(height: int, width: int) -> list[tuple[int, int]]:
    """(height, width) of each level, from one pixel to the picture.

    Example:
        >>> level_shapes(3, 5)
        [(1, 1), (1, 2), (2, 3), (3, 5)]
    """
    shapes = [(height, width)]
    while max(shapes[0]) > 1:
        shapes.insert(0, ((shapes[0][0] + 1) // 2, (shapes[0][1] + 1) // 2))
    return shapes


def spans(side: int, tile: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Where each tile begins and ends along a side of a level.

    Example:
        >>> list(spans(600, tile=256, overlap=1))
        [(0, 257), (255, 513), (511, 600)]
    """
    for start in range(0, side, tile):
        yield max(0, start - overlap), min(side, start + tile + overlap)


def tiles_of(height: int, width: int, tile: int) -> int:
    """How many tiles the pyramid of a picture has.

    Example:
        >>> tiles_of(256, 512, tile=256)
        11
    """
    return sum(-(-h // tile) * -(-w // tile) for h, w in level_shapes(height, width))


class Level:
    """One level, that takes rows from the top, puts out tiles, and gives half the rows below.

    Args:
        number: of the level.
        shape: (height, width) of it.
        tile: px of a tile's own.
        overlap: px of its neighbours.
        put: takes (level, column, row, tile (h, w, 3) uint8).
    """

    def __init__(
        self, number: int, shape: tuple[int, int], tile: int, overlap: int, put: Put
    ) -> None:
        self._number, self._width, self._tile, self._overlap = number, shape[1], tile, overlap
        self._put = put
        self._rows = list(spans(shape[0], tile, overlap))
        self._done = 0  # rows of tiles
        self._waiting: list[NDArray[np.uint16]] = []  # for their row of tiles
        self._height = 0  # of what was taken
        self._odd: NDArray[np.uint16] | None = None  # a row that waits for the next
        self._below = (
            Level(number - 1, ((shape[0] + 1) // 2, (shape[1] + 1) // 2), tile, overlap, put)
            if number
            else None
        )

    def take(self, rows: NDArray[np.uint8], *, last: bool) -> None:
        """Go on downwards.

        Args:
            rows: (n, W, 3) levels.
            last: whether these are the last.
        """
        for start in range(0, len(rows), self._tile):  # no more in memory than tiles need
            part = rows[start : start + self._tile].astype(np.uint16) << np.uint16(_FRACTION)
            self._take(part, last and start + self._tile >= len(rows))

    def _take(self, rows: NDArray[np.uint16], last: bool) -> None:
        """As `take`, levels times 256."""
        self._waiting.append(rows)
        self._height += len(rows)
        while self._done < len(self._rows) and self._rows[self._done][1] <= self._height:
            start, stop = self._rows[self._done]
            kept = np.concatenate(self._waiting)
            top = self._height - len(kept)
            self._put_row(kept[start - top : stop - top])
            self._done += 1
            following = self._rows[self._done][0] if self._done < len(self._rows) else stop
            self._waiting = [kept[following - top :].copy()]
        if self._below is not None:
            self._below._take(self._halved(rows, last), last)

    def _put_row(self, strip: NDArray[np.uint16]) -> None:
        # 65280, 255 times 256, is the highest there is, and has the room that rounding needs.
        levels = ((strip + np.uint16(2 ** (_FRACTION - 1))) >> np.uint16(_FRACTION)).astype(
            np.uint8
        )
        for column, (left, right) in enumerate(spans(self._width, self._tile, self._overlap)):
            self._put(self._number, column, self._done, levels[:, left:right])

    def _halved(self, rows: NDArray[np.uint16], last: bool) -> NDArray[np.uint16]:
        """Means of 2 x 2; beyond an odd edge is the edge."""
        if self._odd is not None:
            rows = np.concatenate([self._odd, rows])
        self._odd = None
        if len(rows) % 2:
            if last:
                rows = np.concatenate([rows, rows[-1:]])
            else:
                rows, self._odd = rows[:-1], rows[-1:]
        if self._width % 2:
            rows = np.concatenate([rows, rows[:, -1:]], axis=1)
        down = rows[::2].astype(np.uint32) + rows[1::2]
        means: NDArray[Any] = (down[:, ::2] + down[:, 1::2] + 2) >> 2
        return means.astype(np.uint16)
