"""A picture too large to be painted at once is painted in tiles, to the same pixels.

Letters used for shapes: H, W height and width with the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from impasto.networks.stylizers.painter import HALO, MARGIN

__all__ = ["SAMPLE", "SAMPLES", "Tile", "samples", "tile_px", "tiles", "whole"]

SIDE = 1024  # of a tile, in px, a multiple of 8
# Crops that stand for a whole picture where its features are normalised: so many each way, px.
SAMPLES, SAMPLE = 3, 512

Place = tuple[slice, slice]


class Tile(NamedTuple):
    """A part of a picture: where it lies, and what it has to see.

    Attributes:
        own: (rows, columns) that it paints, of the framed picture.
        seen: (rows, columns) that it is painted from: up to `HALO` px more each way.
    """

    own: Place
    seen: Place

    def place(self, height: int, width: int) -> Place:
        """What it paints of the picture without its frame.

        Args:
            height, width: of that picture, in px.

        Example:
            >>> whole(528, 528).place(500, 490)
            (slice(0, 500, None), slice(0, 490, None))
        """
        rows, columns = (
            slice(max(0, own.start - MARGIN), min(side, own.stop - MARGIN))
            for own, side in zip(self.own, (height, width), strict=True)
        )
        return rows, columns


def tile_px(tile: str) -> int:
    """Side in px of a tile, as the setting `tile` has it."""
    return int(tile) if tile.isdecimal() else SIDE


def whole(height: int, width: int) -> Tile:
    """The only tile of a picture that is painted at once."""
    everything = slice(0, height), slice(0, width)
    return Tile(everything, everything)


def tiles(height: int, width: int, side: int = 0) -> list[Tile]:
    """The tiles of a picture, row by row; their sides are multiples of 8, as its own are.

    Args:
        height, width: of the framed picture, in px.
        side: of a tile in px, about; `SIDE` without.

    Example:
        >>> [tile.own[1] for tile in tiles(512, 1600)]
        [slice(0, 800, None), slice(800, 1600, None)]
    """
    rows, columns = _parts(height, side or SIDE), _parts(width, side or SIDE)
    return [
        Tile((row, column), (_grown(row, height), _grown(column, width)))
        for row in rows
        for column in columns
    ]


def samples(height: int, width: int) -> list[Place]:
    """Crops spread evenly over a picture, (rows, columns) each, all of one size.

    Args:
        height, width: of the framed picture, in px.
    """
    return [(rows, columns) for rows in _spread(height) for columns in _spread(width)]


def _parts(length: int, side: int) -> list[slice]:
    count = -(-length // side)
    edges = [8 * round(length * n / count / 8) for n in range(count)] + [length]
    return [slice(*pair) for pair in pairwise(edges)]


def _grown(part: slice, side: int) -> slice:
    return slice(max(0, part.start - HALO), min(side, part.stop + HALO))


def _spread(side: int) -> Iterator[slice]:
    length = min(SAMPLE, side)
    for n in range(SAMPLES if side > SAMPLE else 1):
        begin = (side - length) * n // max(1, SAMPLES - 1)
        begin = begin // 8 * 8
        yield slice(begin, begin + length)
