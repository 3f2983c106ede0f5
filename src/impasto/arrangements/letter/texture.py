"""Words filled with a texture: its light in the middle of the strokes, its dark at the rim."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from impasto.arrangements.letter.sheet import Sheet
from impasto.imaging.color.oklab import lightness

__all__ = ["RIM", "loosened", "ranks", "shades_of", "shades_wanted"]

Plane = NDArray[np.float32]
Pixels = NDArray[np.float32]

RIM = 0.35  # of a texture's shades, the darkest: those that lie around the words, not in them
FALL = 4.0  # of the shades around the words, a half-width
STROKES = 1 / 3  # of the words' half-width, over which shades of the texture are told
OUTLINE = 1 / 4  # of it, over which the outline goes with the texture


def shades_of(pixels: Pixels, half_width: float) -> Plane:
    """Which share of a texture is darker than each place of it, seen at the width of strokes.

    Args:
        pixels: (h, w, 3), sRGB in [0, 1].
        half_width: of the strokes of the words, in px.

    Returns:
        (h, w) in [0, 1].
    """
    return ranks(_blurred(lightness(pixels), STROKES * half_width))


def shades_wanted(sheet: Sheet) -> Plane:
    """Which shade belongs where: from `RIM` at the outline to 1 in the middle of the strokes, and
    below `RIM` around them; (H, W)."""
    inside = ranks(np.where(sheet.distance < 0, -sheet.normal, np.float32(np.nan)))
    outside = RIM * np.exp(-FALL * sheet.normal.clip(0))
    return np.where(sheet.distance < 0, RIM + (1 - RIM) * inside, outside).astype(np.float32)


def ranks(values: Plane) -> Plane:
    """Which share of all values is smaller, from 0 to 1; NaN has none and does not count.

    Example:
        >>> ranks(np.array([[3.0, 1.0, np.nan, 2.0]], np.float32)).tolist()
        [[1.0, 0.0, 0.0, 0.5]]
    """
    known = np.isfinite(values)
    shares = np.zeros(values.shape, np.float32)
    order = np.sort(values[known])
    shares[known] = np.searchsorted(order, values[known]) / max(1, len(order) - 1)
    return shares.clip(0, 1)


def loosened(sheet: Sheet, pixels: Pixels, looseness: float) -> Sheet:
    """A sheet whose outline goes out where the texture is light, and in where it is dark.

    Args:
        sheet: of the words.
        pixels: (H, W, 3), what they are filled with, sRGB in [0, 1].
        looseness: half-widths of a stroke from the farthest in to the farthest out.
    """
    light = ranks(_blurred(lightness(pixels), OUTLINE * sheet.half_width)) - np.float32(0.5)
    moved = np.float32(looseness * sheet.half_width) * light
    return replace(sheet, distance=sheet.distance - moved)


def _blurred(values: NDArray[np.floating], radius: float) -> Plane:
    grey = Image.fromarray(np.rint(values.clip(0, 1) * 255).astype(np.uint8))
    return np.asarray(grey.filter(ImageFilter.GaussianBlur(radius)), np.float32) / np.float32(255)
