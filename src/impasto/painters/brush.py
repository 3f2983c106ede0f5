"""Thick paint: curved bristle strokes laid on a canvas of colour and height, then lit from a side.

Letters: N strokes, K points along a path, S samples along a stroke, T samples across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from impasto.painters.field import Array, sample

CHUNK = 48  # strokes drawn at a time: bounds memory, and later strokes of a chunk still win
DENSITY = 1.5  # samples per pixel, above 1.42 so that a turned stroke leaves no holes


@dataclass
class Canvas:
    """Wet paint: `colour` (H, W, 3) in [0, 1] and `height` (H, W), in rough units of a bristle."""

    colour: Array
    height: Array

    def lit(self, relief: float, gloss: float) -> Array:
        """The picture (H, W, 3) under light from the upper left."""
        height = ndimage.gaussian_filter(self.height, 0.7)
        slope_y, slope_x = np.gradient(height)
        slope = np.tanh((slope_x + slope_y) * 0.9)
        shaded = self.colour * (1 + relief * slope)[..., None]
        shine = np.clip(slope - 0.45, 0, None) ** 2
        return np.asarray(np.clip(shaded + gloss * shine[..., None], 0, 1).astype(np.float32))


def follow(start: Array, angle: Array, length: Array, points: int = 14) -> Array:
    """Paths (N, K, 2) of x, y in pixels that run along a field.

    Args:
        start: (N, 2) where each path begins.
        angle: (H, W) the field's direction at each pixel, in radians.
        length: (N,) in pixels.
        points: K.
    """
    path = [start]
    step = length / (points - 1)
    for _ in range(points - 1):
        here = path[-1]
        turn = sample(angle, here[:, 0], here[:, 1])
        move = np.stack([np.cos(turn), np.sin(turn)], axis=-1) * step[:, None]
        path.append(here + move)
    return np.stack(path, axis=1).astype(np.float32)


def lay(
    canvas: Canvas,
    paths: Array,
    width: Array,
    colours: Array,
    rng: np.random.Generator,
    *,
    streak: float = 0.1,
    thickness: float = 1.0,
    dry: float = 0.3,
    taper: float = 0.35,
) -> None:
    """Lay N strokes on the canvas, in order.

    Args:
        canvas: is changed.
        paths: (N, K, 2) in pixels.
        width: (N,) full width in pixels.
        colours: (N, 3).
        rng: of the bristles.
        streak: how far single bristles leave the stroke's colour.
        thickness: height of the paint.
        dry: share of bristles that give out before the stroke ends.
        taper: how much narrower the stroke ends than it begins.
    """
    for first in range(0, len(paths), CHUNK):
        part = slice(first, first + CHUNK)
        _lay_chunk(
            canvas, paths[part], width[part], colours[part], rng, streak, thickness, dry, taper
        )


def _lay_chunk(
    canvas: Canvas,
    paths: Array,
    width: Array,
    colours: Array,
    rng: np.random.Generator,
    streak: float,
    thickness: float,
    dry: float,
    taper: float,
) -> None:
    count, points, _ = paths.shape
    length = np.linalg.norm(np.diff(paths, axis=1), axis=-1).sum(axis=1)
    along = int(max(float(length.max()) * DENSITY, 4))
    across = int(max(float(width.max()) * DENSITY, 3))
    s = np.linspace(0, 1, along, dtype=np.float32)
    t = np.linspace(-1, 1, across, dtype=np.float32)

    at = s * (points - 1)
    low = np.minimum(at.astype(np.intp), points - 2)
    share = (at - low)[None, :, None]
    spine = paths[:, low] * (1 - share) + paths[:, low + 1] * share  # (N, S, 2)
    tangent = np.gradient(spine, axis=1)
    tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True) + 1e-6
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], axis=-1)

    round_ends = (1 - np.abs(2 * s - 1) ** 4) ** 0.5 * (1 - taper * s)
    half = 0.5 * width[:, None] * round_ends  # (N, S)
    place = spine[:, :, None] + normal[:, :, None] * (half[..., None] * t)[..., None]

    bristles = max(int(float(width.mean()) / 1.6), 3)
    hairs = _read(rng.standard_normal((count, bristles)).astype(np.float32), across)
    tints = _read(rng.standard_normal((count, bristles)).astype(np.float32), across)
    worn = s[None, :, None] ** 3 * 2.2 - (1 - dry) * 2.2
    kept = hairs[:, None, :] > worn - 0.8  # (N, S, T)

    column = place[..., 0].astype(np.intp)
    row = place[..., 1].astype(np.intp)
    rows, columns = canvas.height.shape
    kept &= (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    flat = (row * columns + column)[kept]

    ridge = 0.9 * np.abs(t) ** 5
    profile = thickness * (1.1 + 0.35 * hairs[:, None, :] + ridge + 0.8 * s[None, :, None] ** 6)
    shade = 1 + streak * tints[:, None, :, None] * np.array([1.0, 0.9, 0.75], np.float32)
    paint = np.clip(colours[:, None, None, :] * shade, 0, 1)
    paint = np.broadcast_to(paint, (*kept.shape, 3))[kept]
    canvas.colour.reshape(-1, 3)[flat] = paint
    canvas.height.reshape(-1)[flat] = np.broadcast_to(profile, kept.shape)[kept]


def _read(knots: Array, size: int) -> Array:
    """(N, B) knots read smoothly at `size` places: (N, size)."""
    at = np.linspace(0, knots.shape[1] - 1, size, dtype=np.float32)
    low = np.minimum(at.astype(np.intp), knots.shape[1] - 2)
    share = at - low
    share = share * share * (3 - 2 * share)
    return np.asarray((knots[:, low] * (1 - share) + knots[:, low + 1] * share).astype(np.float32))
