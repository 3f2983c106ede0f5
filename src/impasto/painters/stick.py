"""Dry sticks on toothed paper: charcoal and pastel, which stay where the paper stands out.

Letters: N strokes, K points along a path, S samples along a stroke, T samples across it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, special

from impasto.painters.brush import DENSITY
from impasto.painters.field import Array, noise

CHUNK = 64  # strokes drawn at a time: bounds memory
CRUMBLE = 4.0  # how steeply a mark grows from nothing, where the paper comes up to the stick


@dataclass
class Sheet:
    """A picture under way: `colour` (H, W, 3) in [0, 1], and the paper's `depth` (H, W).

    A depth is from 0, where the paper stands out most, to 1, its deepest hollow; all are as
    frequent, so that a stick pressed by 0.3 leaves its mark on three tenths of the paper.
    """

    colour: Array
    depth: Array

    def smudge(self, where: Array, reach: float) -> None:
        """Rub with a finger: colours run together as far as `reach` px, by `where` (H, W)."""
        soft = ndimage.gaussian_filter(self.colour, (reach, reach, 0))
        self.colour += (soft - self.colour) * where[..., None]


def tooth(height: int, width: int, grain: float, rng: np.random.Generator, laid: float) -> Array:
    """Depths (H, W) of a paper.

    Args:
        height, width: in px.
        grain: size of its bumps, in px.
        rng: draws them.
        laid: how much the lines of its mould count beside its bumps.
    """
    bumps = noise(height, width, grain, rng, 2) + 0.5 * noise(height, width, 3.2 * grain, rng, 2)
    row, column = np.mgrid[0:height, 0:width].astype(np.float32)
    lines = np.sin(2 * np.pi * row / (2.6 * grain)) + 0.4 * np.sin(
        2 * np.pi * column / (31 * grain)
    )
    rough = bumps + laid * lines
    return np.asarray(special.ndtr((rough - rough.mean()) / rough.std()).astype(np.float32))


def rub(
    sheet: Sheet,
    paths: Array,
    width: Array,
    colours: Array,
    pressure: Array,
    rng: np.random.Generator,
    *,
    cover: float = 0.9,
    taper: float = 0.2,
) -> None:
    """Draw N strokes of a stick, in order.

    Args:
        sheet: what is drawn on.
        paths: (N, K, 2), x and y in px.
        width: (N,), full width in px.
        colours: (N, 3).
        pressure: (N,), from 0, which leaves nothing, to 1, which fills every hollow.
        rng: draws how each stick is worn.
        cover: how much of what lies below a mark hides.
        taper: how much narrower and lighter a stroke ends than it begins.
    """
    for first in range(0, len(paths), CHUNK):
        part = slice(first, first + CHUNK)
        _rub_chunk(
            sheet, paths[part], width[part], colours[part], pressure[part], rng, cover, taper
        )


def _rub_chunk(
    sheet: Sheet,
    paths: Array,
    width: Array,
    colours: Array,
    pressure: Array,
    rng: np.random.Generator,
    cover: float,
    taper: float,
) -> None:
    count, points, _ = paths.shape
    length = np.linalg.norm(np.diff(paths, axis=1), axis=-1).sum(axis=1)
    s = np.linspace(0, 1, int(max(float(length.max()) * DENSITY, 4)), dtype=np.float32)
    t = np.linspace(-1, 1, int(max(float(width.max()) * DENSITY, 3)), dtype=np.float32)
    at = s * (points - 1)
    low = np.minimum(at.astype(np.intp), points - 2)
    share = (at - low)[None, :, None]
    spine = paths[:, low] * (1 - share) + paths[:, low + 1] * share  # (N, S, 2)
    tangent = np.gradient(spine, axis=1)
    tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True) + 1e-6
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], axis=-1)
    half = 0.5 * width[:, None] * (1 - taper * s)  # (N, S)
    place = spine[:, :, None] + normal[:, :, None] * (half[..., None] * t)[..., None]

    worn = ndimage.gaussian_filter1d(rng.standard_normal((count, len(t))), 0.9, axis=1)
    swell = (1 - np.abs(2 * s - 1) ** 6) * (1 - taper * s)
    reach = pressure[:, None, None] * swell[None, :, None] * (1 - 0.35 * np.abs(t) ** 4)
    reach = reach * (1 + 0.22 * worn[:, None, :])  # (N, S, T)

    column, row = place[..., 0].astype(np.intp), place[..., 1].astype(np.intp)
    rows, columns = sheet.depth.shape
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    flat = np.where(inside, row * columns + column, 0)
    laid = np.clip((reach - sheet.depth.reshape(-1)[flat]) * CRUMBLE, 0, cover)
    kept = inside & (laid > 0)
    flat = flat[kept]
    tint = np.broadcast_to(colours[:, None, None, :], (*kept.shape, 3))[kept]
    canvas = sheet.colour.reshape(-1, 3)
    canvas[flat] += (tint - canvas[flat]) * laid[kept][:, None]
