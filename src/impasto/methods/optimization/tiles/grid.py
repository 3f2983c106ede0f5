"""Which tiles a picture is cut into, what each of them owns, and what it has to see: whole numbers.

Letters: H, W the sides of the canvas in px; h, w those of a layer's features.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from impasto.losses.windows import Window

__all__ = ["STRIDE", "Band", "Grid", "Reach", "Tile", "reach_of"]

Slices = tuple[slice, slice]
STRIDE = 16  # px that tile edges are multiples of, as far as VGGs go: the deepest layer's


class Reach(NamedTuple):
    """How far beyond its own px a tile has to see, multiples of the grid's stride.

    Attributes:
        before: above and to the left, in px.
        after: below and to the right, in px.
    """

    before: int
    after: int


class Tile(NamedTuple):
    """A part of a picture.

    Attributes:
        number: from 0, row by row.
        own: (rows, columns) of the px it owns, as slices of the canvas.
        seen: (rows, columns) it is looked at with.
    """

    number: int
    own: Slices
    seen: Slices


class Band(NamedTuple):
    """A row of tiles: sums are added up in it first, so that whoever has it may do so.

    Attributes:
        number: from 0, from top to bottom.
        own: rows of px that its tiles own.
        seen: rows that they are looked at with.
        tiles: from left to right.
    """

    number: int
    own: slice
    seen: slice
    tiles: tuple[Tile, ...]


def reach_of(
    geometry: Mapping[str, tuple[int, int]],
    layers: Iterable[str],
    offsets: Mapping[str, int] | None = None,
) -> tuple[Reach, int]:
    """How far tiles have to see so that what they own is as in the whole picture, and the stride.

    A place of stride s that sees f px sees (f - s) / 2 px beyond its own on each side. With owned
    places compared with others some places ahead, those have to be right too.

    Args:
        geometry: (stride, field) in px by layer.
        layers: that are looked at.
        offsets: by layer, how many places ahead an owned place is compared with.

    Returns:
        The reach, and what tile edges have to be multiples of.

    Example:
        >>> reach_of({"relu4_2": (8, 84), "relu5_1": (16, 156)}, ["relu5_1"])
        (Reach(before=80, after=80), 16)
        >>> reach_of({"relu5_1": (16, 156)}, ["relu5_1"], {"relu5_1": 3})[0]
        Reach(before=80, after=128)
    """
    stride = max((geometry[layer][0] for layer in layers), default=1)
    before = after = 0
    for layer in layers:
        own, field = geometry[layer]
        beyond = -(-(field - own) // 2)
        ahead = own * (offsets or {}).get(layer, 0)
        before, after = max(before, beyond), max(after, beyond + ahead)
    return Reach(*(-(-side // stride) * stride for side in (before, after))), stride


@dataclass(frozen=True)
class Grid:
    """The tiles of a canvas.

    Attributes:
        height, width: of the canvas, in px.
        core: px that a tile owns at most on a side, but for the rest that no stride divides.
        reach: how far it sees beyond.
        stride: that tile edges are multiples of; the deepest layer's.
        wide: px that a tile owns at most from left to right; 0 for as many as from top to bottom.

    Example:
        >>> grid = Grid(300, 400, 160, Reach(80, 80), 16)
        >>> tile = grid.tiles[1]
        >>> len(grid.tiles), tile.own, tile.seen[1]
        (6, (slice(0, 144, None), slice(128, 272, None)), slice(48, 352, None))
    """

    height: int
    width: int
    core: int
    reach: Reach
    stride: int = STRIDE
    wide: int = 0

    @property
    def rows(self) -> list[slice]:
        """The rows of px that tiles own, from top to bottom: the bands."""
        return _parts(self.height, self.core, self.stride)

    @property
    def columns(self) -> list[slice]:
        """The columns of px that tiles own."""
        return _parts(self.width, self.wide or self.core, self.stride)

    @property
    def tiles(self) -> list[Tile]:
        """All tiles, row by row."""
        return [tile for band in self.bands for tile in band.tiles]

    @property
    def bands(self) -> list[Band]:
        """The rows of tiles."""
        columns, bands = self.columns, []
        for number, rows in enumerate(self.rows):
            seen = self._seen(rows, self.height)
            tiles = (
                Tile(
                    number * len(columns) + place,
                    (rows, own),
                    (seen, self._seen(own, self.width)),
                )
                for place, own in enumerate(columns)
            )
            bands.append(Band(number, rows, seen, tuple(tiles)))
        return bands

    def window(self, tile: Tile, stride: int) -> Window:
        """A tile's own places at a layer, within what it sees.

        Args:
            tile: of this grid.
            stride: of the layer; it divides the grid's.
        """
        sides = (self.height, self.width)
        whole = tuple(side // stride for side in sides)
        own = [
            slice(
                part.start // stride, side // stride if part.stop == side else part.stop // stride
            )
            for part, side in zip(tile.own, sides, strict=True)
        ]
        begin = [part.start // stride for part in tile.seen]
        within = [
            slice(part.start - first, part.stop - first)
            for part, first in zip(own, begin, strict=True)
        ]
        return Window(within[0], within[1], begin[0], begin[1], whole[0], whole[1])

    def _seen(self, own: slice, side: int) -> slice:
        return slice(max(0, own.start - self.reach.before), min(side, own.stop + self.reach.after))


def _parts(side: int, core: int, stride: int) -> list[slice]:
    """Parts of a side as even as the stride allows, none longer than core and the rest."""
    count = max(1, -(-(side // stride * stride) // core))
    edges = [stride * round(side // stride * n / count) for n in range(count)]
    return [slice(*pair) for pair in pairwise([*edges, side])]
