"""Fields over a picture: coordinates, smooth noise, and steps between two values.

Letters: H, W the picture's height and width in pixels of the working (enlarged) canvas.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Array = NDArray[Any]


def grid(height: int, width: int) -> tuple[Array, Array]:
    """Coordinates of pixel centres, x in [0, W/H] and y in [0, 1], each (H, W)."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return (x + 0.5) / height, (y + 0.5) / height


def working_grid(width: int, height: int, enlarge: int, least: float) -> tuple[Array, Array, float]:
    """Coordinates of the enlarged canvas that a picture is painted on, and its unit.

    Args:
        width: of the picture, in pixels.
        height: of the picture, in pixels.
        enlarge: pixels of the canvas along one of the picture.
        least: the smallest unit, below which the painter's finest marks would vanish.

    Returns:
        x in [0, 1.25] whatever the ratio and y in [0, 1], each (H, W); and how many pixels of the
        canvas are one of a canvas with a longest side of 640.
    """
    rows, columns = height * enlarge, width * enlarge
    x, y = grid(rows, columns)
    return x * (1.25 / (columns / rows)), y, max(max(rows, columns) / 640, least)


def noise(
    height: int, width: int, cell: float, rng: np.random.Generator, octaves: int = 1
) -> Array:
    """Smooth noise (H, W) with mean near 0 and standard deviation 1.

    Args:
        cell: size of the largest bumps, in pixels.
        octaves: how many layers, each of half the size and about half the strength of the last.
    """
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        size = max(cell / 2**octave, 1.0)
        rows, columns = int(height / size) + 4, int(width / size) + 4
        seeds = rng.standard_normal((rows, columns)).astype(np.float32)
        y = np.linspace(1, 1 + height / size, height, dtype=np.float32)
        x = np.linspace(1, 1 + width / size, width, dtype=np.float32)
        where = np.meshgrid(y, x, indexing="ij")
        total += 0.55**octave * ndimage.map_coordinates(seeds, where, order=3, mode="nearest")
    total -= total.mean()
    return (total / max(float(total.std()), 1e-6)).astype(np.float32)


def smoothstep(low: float | Array, high: float | Array, value: Array) -> Array:
    """0 at `low`, 1 at `high`, smooth between; `low` may lie above `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def sample(field: Array, x: Array, y: Array) -> Array:
    """The values of `field` (H, W) or (H, W, C) at pixel positions, clamped to its border."""
    row = np.clip(y.astype(np.intp), 0, field.shape[0] - 1)
    column = np.clip(x.astype(np.intp), 0, field.shape[1] - 1)
    return field[row, column]
