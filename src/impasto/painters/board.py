"""A board on which flat opaque shapes are laid one over the other, with the streaks of a brush."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impasto.painters.colour import mix
from impasto.painters.field import Array, smoothstep

__all__ = ["Board"]


@dataclass
class Board:
    """A painting under way: its colours (H, W, 3) and what all its shapes share, each (H, W).

    Attributes:
        colour: in [0, 1].
        x, y: coordinates, in picture heights.
        wander_x, wander_y: how far the hand strays from a straight edge, in standard deviations.
        hairs: where brushes leave streaks, along x and along y.
        unit: px of the canvas for one of a 640-px picture.
        scale: of the things that are painted.
    """

    colour: Array
    x: Array
    y: Array
    wander_x: Array
    wander_y: Array
    hairs: tuple[Array, Array]
    unit: float
    scale: float

    def fill(
        self,
        inside: Array,
        paint: Array,
        *,
        box: tuple[slice, slice] = (slice(None), slice(None)),
        upright: bool = False,
        streak: float = 0.035,
        dry: float = 0.0,
    ) -> None:
        """Fill a shape with one opaque paint.

        Args:
            inside: (h, w), distance to the shape's edge in picture heights, negative outside.
            paint: (3,) or (h, w, 3).
            box: rows and columns of the board that these are of.
            upright: whether the brush went up and down.
            streak: how far hairs of the brush leave the paint's colour.
            dry: share of the shape where a dry brush left what lies below.
        """
        hairs = self.hairs[int(upright)][box]
        soft = 0.75 / len(self.y)
        cover = smoothstep(-soft, soft, inside)
        if dry:
            cover = cover * smoothstep(dry - 0.25, dry + 0.25, hairs * 0.30 + 0.5)
        mixed = np.clip(paint * (1 + streak * hairs)[..., None], 0, 1)
        self.colour[box] = mix(self.colour[box], mixed, cover)

    def box(self, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
        """Rows and columns around a place, in picture heights; they may be none."""
        rows, columns = self.y.shape
        pad, wide = 0.012, columns / 1.25
        return (
            slice(max(int((top - pad) * rows), 0), max(int((bottom + pad) * rows), 0)),
            slice(max(int((left - pad) * wide), 0), max(int((right + pad) * wide), 0)),
        )

    def polygon(
        self, corners: list[tuple[float, float]], paint: Array, **how: float | bool
    ) -> None:
        """Fill a convex polygon, whose corners go round with the clock."""
        xs, ys = zip(*corners, strict=True)
        box = self.box(min(xs), min(ys), max(xs), max(ys))
        x = self.x[box] + 0.0011 * self.wander_x[box]
        y = self.y[box] + 0.0011 * self.wander_y[box]
        if not x.size:
            return
        inside = np.full(x.shape, 9.0, np.float32)
        for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
            long = max(float(np.hypot(bx - ax, by - ay)), 1e-6)
            inside = np.minimum(inside, ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / long)
        self.fill(inside, paint, box=box, **how)  # type: ignore[arg-type]
