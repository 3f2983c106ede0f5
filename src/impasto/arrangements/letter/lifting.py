"""Taking the ground of a lettering away: a sticker that lies on any page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

__all__ = ["Lifted", "lifted"]

Plane = NDArray[np.float32]
Pixels = NDArray[np.float32]

OPAQUE = 0.6  # of the difference between letters and ground: what differs so much hides the page
GRAIN = 98.0  # percentile of what the ground differs from itself, which counts as nothing
FADING = 0.3  # of the reach, over which an effect ends
FAINTEST = 0.02  # opacity, below which no colour can be told


@dataclass(frozen=True)
class Lifted:
    """A lettering without its ground.

    Attributes:
        pixels: (H, W, 3), sRGB in [0, 1], what lies over the page.
        opacity: (H, W), from 0 to 1.
        own: (h, w), the opacity that the style itself would have.
    """

    pixels: Pixels
    opacity: Plane
    own: Plane


def lifted(
    pixels: Pixels, normal: Plane, ink: Plane, style: Pixels, own: Plane, reach: float
) -> Lifted:
    """A lettering without its ground: over that ground it looks as it did.

    Opacity is how far a colour is from the ground's, so that a flame ends in a glow and a shadow in
    a shade; the colour is what laid over the ground at that opacity gives the one that was there.

    Args:
        pixels: (H, W, 3), sRGB in [0, 1].
        normal: (H, W), distance from the outline, in half-widths of the strokes.
        ink: (H, W), share of each pixel that is inside: these stay opaque.
        style: (h, w, 3), the style's own.
        own: (h, w), distance from the outline of the style's letters, in half-widths.
        reach: of the effect, in half-widths: beyond it nothing stays.
    """
    beyond = own > min(reach, float(own.max()) - 1)
    ground = np.median(style[beyond], axis=0)
    differs = _difference(style, ground)
    grain = float(np.percentile(differs[beyond], GRAIN))
    full = max(OPAQUE * float(np.median(differs[own < 0])), 2 * grain, FAINTEST)

    def share(differs: Plane, distance: Plane) -> Plane:
        fading = ((reach - distance) / (FADING * reach)).clip(0, 1)
        opacity = ((differs - grain) / (full - grain)).clip(0, 1) * fading
        return np.asarray(opacity, np.float32)

    opacity = np.maximum(share(_difference(pixels, ground), normal), ink)
    opacity[normal > reach] = 0
    over = ground + (pixels - ground) / opacity.clip(FAINTEST)[..., None]
    seen = np.where(ink[..., None] > 0.5, pixels, over.clip(0, 1)).astype(np.float32)
    return Lifted(seen, opacity, np.where(own < 0, np.float32(1), share(differs, own)))


def _difference(pixels: Pixels, colour: NDArray[np.float32]) -> Plane:
    """How far colours are from one: the channel that differs most, grain smoothed away."""
    differs = np.abs(pixels - colour).max(2)
    grey = Image.fromarray(np.rint(255 * differs.clip(0, 1)).astype(np.uint8))
    return np.asarray(grey.filter(ImageFilter.GaussianBlur(1)), np.float32) / np.float32(255)
