"""A picture too large to be painted at once is painted in tiles, to the same pixels.

Letters used for shapes: H, W height and width with the frame.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from impasto.networks.stylizers.painter import HALO, Hand, Painter, Spreads

__all__ = ["Tile", "painted_tile", "sampled_spreads", "tiles"]

SIDE = 1024  # of a tile, in px, a multiple of 8
# Crops that stand for a whole picture where its features are normalised: so many each way, px.
SAMPLES, SAMPLE = 3, 512


class Tile(NamedTuple):
    """A part of a picture: where it lies, and what it has to see.

    Attributes:
        own: (rows, columns) that it paints.
        seen: (rows, columns) that it is painted from: up to `HALO` px more each way.
    """

    own: tuple[slice, slice]
    seen: tuple[slice, slice]


def tiles(height: int, width: int) -> list[Tile]:
    """The tiles of a picture, row by row; their sides are multiples of 8, as its own are.

    Example:
        >>> [tile.own[1] for tile in tiles(512, 1600)]
        [slice(0, 800, None), slice(800, 1600, None)]
    """
    rows, columns = _parts(height), _parts(width)
    return [
        Tile((row, column), (_grown(row, height), _grown(column, width)))
        for row in rows
        for column in columns
    ]


def sampled_spreads(painter: Painter, framed: Tensor, hand: Hand) -> Spreads:
    """Mean and variance of the normalised features, from crops spread evenly over a picture.

    Args:
        painter: any.
        framed: (1, 3, H, W) with the frame.
        hand: of the style.
    """
    crops = [
        framed[..., rows, columns]
        for rows in _spread(framed.shape[2])
        for columns in _spread(framed.shape[3])
    ]
    spreads: Spreads = {}
    painter(torch.cat(crops), hand, spreads)
    return spreads


def painted_tile(
    painter: Painter, framed: Tensor, hand: Hand, spreads: Spreads, tile: Tile
) -> Tensor:
    """What a tile paints, (1, 3, h, w): as the whole picture at once would with these spreads."""
    painted = painter(framed[..., tile.seen[0], tile.seen[1]], hand, spreads)
    within = [
        slice(own.start - seen.start, own.stop - seen.start)
        for own, seen in zip(tile.own, tile.seen, strict=True)
    ]
    part: Tensor = painted[..., within[0], within[1]]
    return part


def _parts(side: int) -> list[slice]:
    count = -(-side // SIDE)
    edges = [8 * round(side * n / count / 8) for n in range(count)] + [side]
    return [slice(*pair) for pair in pairwise(edges)]


def _grown(part: slice, side: int) -> slice:
    return slice(max(0, part.start - HALO), min(side, part.stop + HALO))


def _spread(side: int) -> Iterator[slice]:
    length = min(SAMPLE, side)
    for n in range(SAMPLES if side > SAMPLE else 1):
        begin = (side - length) * n // max(1, SAMPLES - 1)
        begin = begin // 8 * 8
        yield slice(begin, begin + length)
