"""Bands of distance from an outline: the regions of a lettering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impasto.arrangements.letter.distance import to_nearest

__all__ = ["Band", "bands_between", "layers_within"]

Plane = NDArray[np.float32]

# Where bands meet, in half-widths of the strokes: the middle of a stroke, its rim, what lies close
# around it, and what an effect sends out; beyond its reach is the ground.
EDGES = (-0.5, 0.0, 0.75, 2.5)
# Px of which a place of a stage holds nearly all that it answers to: half of its field.
SEEN_PX = {"relu1": 3, "relu2": 6, "relu3": 12, "relu4": 36, "relu5": 78}
FEWEST_PX = 64  # of a band, in the style as in the picture, that is learnt from


@dataclass(frozen=True)
class Band:
    """A ring around the letters, in the picture and in the style.

    Attributes:
        where: (H, W), in the picture.
        counts: (h, w), in the style.
    """

    where: NDArray[np.bool_]
    counts: NDArray[np.bool_]


def bands_between(
    picture: Plane, style: Plane, reach: float, *, with_ground: bool
) -> Iterator[Band]:
    """The bands that both have, from the middle of the strokes outwards.

    A band that one of them has next to nothing of goes with the one further out, the last with the
    one before it.

    Args:
        picture, style: (H, W) and (h, w), signed distances in half-widths of the strokes.
        reach: of the effect.
        with_ground: whether what lies beyond is a band too.

    Example:
        >>> line = np.tile(np.arange(-10, 50) / np.float32(10), (20, 1))
        >>> [int(band.where[0].sum()) for band in bands_between(line, line, 3, with_ground=False)]
        [5, 5, 8, 17, 5]
    """
    edges = [edge for edge in EDGES if edge < reach] + [reach] + ([np.inf] if with_ground else [])
    low = -np.inf
    last: Band | None = None
    for high in edges:
        where, counts = ((distances >= low) & (distances < high) for distances in (picture, style))
        if min(where.sum(), counts.sum()) < FEWEST_PX and high != edges[-1]:
            continue
        if min(where.sum(), counts.sum()) < FEWEST_PX and last is not None:
            last = Band(last.where | where, last.counts | counts)
            continue
        if last is not None:
            yield last
        last, low = Band(where, counts), high
    if last is not None:
        yield last


def layers_within(band: Band, layers: Mapping[str, float]) -> Mapping[str, float] | None:
    """The style layers whose places see no more than a band is wide, in the style and the picture.

    A band that is the whole style is a texture: it is wide enough whatever it fills.

    Args:
        band: of both.
        layers: weights by name; one that `SEEN_PX` does not know is taken to see little.

    Returns:
        Those with weights, the first of them at least; None for all.

    Example:
        >>> line = np.zeros((64, 64), bool)
        >>> line[30:36] = True
        >>> layers_within(Band(line, line), {"relu1_1": 1.0, "relu3_1": 1.0, "relu5_1": 1.0})
        {'relu1_1': 1.0}
    """
    sides = (band.counts,) if band.counts.all() else (band.counts, band.where)
    widest = min(2 * float(to_nearest(~np.pad(side, 1)).max()) for side in sides)
    seen = {name: SEEN_PX.get(name[:5], 0) for name in layers}
    kept = {name: weight for name, weight in layers.items() if seen[name] <= widest}
    if len(kept) == len(layers):
        return None
    return kept or dict([next(iter(layers.items()))])
