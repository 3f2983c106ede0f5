"""What a style picture shows: letters with an effect on a ground, or a texture without any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from impasto.arrangements.letter.distance import half_width, opened
from impasto.errors import PictureError
from impasto.imaging.color.oklab import to_oklab
from impasto.imaging.masks import shares
from impasto.imaging.picture import Picture

__all__ = ["Effect", "Ground", "ground_of", "otsu", "reach_of", "seen"]

Plane = NDArray[np.float32]

RIM = 0.04  # of the shorter side: the strip at the edges that shows the ground
SOFT = 0.006  # of the shorter side: grain that is no letter, and the thinnest stroke
# Letters with an effect stand out from a plain rim: measured on seven of the kind, whose rims stray
# by at most 0.33 of the threshold (one with a drawn ground by 0.54), separated by 0.85 to 0.92, and
# on 24 paintings, of which the plainest strays by 0.12 and is separated by 0.79, and the clearest
# is separated by 0.83 and strays by 0.43.
PLAINEST = 0.4
CLEAREST = 0.82
FAINT = 0.08  # of the threshold: an effect no longer tells itself from the ground
FARTHEST = 8.0  # half-widths of a stroke that an effect may reach out
NEAREST = 0.5


@dataclass(frozen=True)
class Ground:
    """What lies around the letters of a style picture.

    Attributes:
        colour: (3,), Oklab, the middle one of the rim.
        contrast: (h, w), how far each pixel is from it in Oklab, without grain.
        threshold: of the contrast, between ground and letters, by Otsu.
        separation: share of the contrast's variance that the threshold explains, from 0 to 1.
        straying: mean contrast of the rim over the threshold: near 0 for a plain one.
    """

    colour: NDArray[np.float32]
    contrast: Plane
    threshold: float
    separation: float
    straying: float

    @property
    def is_plain(self) -> bool:
        """Whether it has no drawing of its own."""
        return self.straying <= PLAINEST

    @property
    def shows_letters(self) -> bool:
        """Whether something stands out from it as letters with an effect do."""
        return self.is_plain and self.separation >= CLEAREST


@dataclass(frozen=True)
class Effect:
    """A style picture as it was read.

    Attributes:
        glyph: (h, w), where its letters are; None for a texture.
        ground: around them.
        note: how that was found, in a sentence.
    """

    glyph: NDArray[np.bool_] | None
    ground: Ground
    note: str


def seen(style: Picture, mask: Picture | None, reading: str = "auto") -> Effect:
    """What a style picture shows.

    Args:
        style: without transparency.
        mask: of its letters, white where they are, of its size; None to find them.
        reading: "effect" or "texture" where a person knows it; "auto" to measure.

    Raises:
        PictureError: there are no letters to be found where there should be.
    """
    ground = ground_of(style)
    if mask is not None:
        glyph, note = _given(mask, style)
        return Effect(glyph, ground, note)
    measured = f"contrast of the rim {ground.straying:.2f}, separation {ground.separation:.2f}"
    if reading == "texture" or (reading == "auto" and not ground.shows_letters):
        note = f"{style.name} fills the words as a texture"
        if reading == "auto":
            note += (
                f": nothing stands out clearly from a plain ground ({measured}; letters need at "
                f"most {PLAINEST:g} and at least {CLEAREST:g}); --style-text or --reading effect "
                "say otherwise"
            )
        return Effect(None, ground, note)
    radius = SOFT * min(ground.contrast.shape)
    glyph = opened(ground.contrast > ground.threshold, radius)
    glyph = ~opened(~glyph, radius)
    if not glyph.any() or glyph.all():
        raise PictureError(
            f"{style.name} shows no letters that stand out from its ground: show them with "
            "--style-text, or take it as a texture with --reading texture"
        )
    found = f"the letters of {style.name} were found by their contrast with the ground"
    return Effect(glyph, ground, f"{found} ({measured}); --style-text shows them exactly")


def _given(mask: Picture, style: Picture) -> tuple[NDArray[np.bool_], str]:
    glyph = shares(mask) >= 0.5
    note = f"{mask.name} shows the letters of {style.name}"
    if _rim(glyph).mean() > 0.5:
        glyph = ~glyph
        note += "; its rim is white, and what is dark is taken for them"
    if not glyph.any() or glyph.all():
        raise PictureError(
            f"{mask.name} shows no letters: give a mask that is white where those of {style.name} "
            "are"
        )
    return glyph, note


def ground_of(style: Picture) -> Ground:
    """What the rim of a picture says of the ground, and how the rest stands out from it.

    Args:
        style: at least 3 px wide and high.

    Example:
        >>> pixels = np.zeros((40, 40, 3), np.uint8)
        >>> pixels[10:30, 10:30] = 255
        >>> ground = ground_of(Picture(pixels))
        >>> ground.colour.tolist(), ground.shows_letters
        ([0.0, 0.0, 0.0], True)
    """
    lab = np.asarray(to_oklab(style.floats), np.float32)
    colour = np.median(_rim(lab), axis=0)
    far = np.sqrt(((lab - colour) ** 2).sum(2))
    grey = Image.fromarray(np.rint(far.clip(0, 1) * 255).astype(np.uint8))
    grey = grey.filter(ImageFilter.MedianFilter(3))
    grey = grey.filter(ImageFilter.GaussianBlur(SOFT * min(far.shape)))
    contrast = np.asarray(grey, np.float32) / np.float32(255)
    threshold, separation = otsu(contrast)
    straying = float(_rim(contrast).mean()) / threshold if threshold else 0.0
    return Ground(colour, contrast, threshold, separation, straying)


def otsu(values: Plane) -> tuple[float, float]:
    """The threshold that parts values in two groups as far apart as can be.

    Args:
        values: within [0, 1].

    Returns:
        The threshold, and the share of the variance that lies between the groups; (0, 0) of values
        that are all the same.

    Source: Otsu, "A threshold selection method from gray-level histograms", 1979.

    Example:
        >>> threshold, separation = otsu(np.array([0.0, 0.0, 1.0, 1.0], np.float32))
        >>> 0 < threshold < 1, separation
        (True, 1.0)
    """
    counts, edges = np.histogram(values, 256, (0, 1))
    middles = (edges[1:] + edges[:-1]) / 2
    below, sums = np.cumsum(counts), np.cumsum(counts * middles)
    above, all_of_it = below[-1] - below, sums[-1]
    parted = (below > 0) & (above > 0)
    if not parted.any():
        return 0.0, 0.0
    between = np.zeros(len(counts))
    means = sums[parted] / below[parted], (all_of_it - sums[parted]) / above[parted]
    between[parted] = below[parted] * above[parted] * (means[0] - means[1]) ** 2
    whole = (counts * middles**2).sum() / below[-1] - (all_of_it / below[-1]) ** 2
    best = int(between.argmax())
    return float(edges[best + 1]), float(between[best] / below[-1] ** 2 / whole)


def reach_of(distance: Plane, ground: Ground) -> float:
    """How far an effect reaches beyond its letters, in half-widths of their strokes.

    Args:
        distance: (h, w), signed, from the letters, in px.
        ground: of the same picture.

    Returns:
        From `NEAREST` to `FARTHEST`: where it no longer tells itself from the ground.
    """
    rings = np.floor(distance / half_width(distance) * 4).clip(-1, 4 * FARTHEST).astype(int) + 1
    sums = np.bincount(rings.ravel(), ground.contrast.ravel())
    counts = np.bincount(rings.ravel())
    outside = counts[1:] > 0
    means = sums[1:][outside] / counts[1:][outside]
    # The ground has its own grain, and may grow darker to the corners: the plainest ring is it.
    faded = means <= means.min() + FAINT * ground.threshold
    return float(np.clip(int(faded.argmax()) / 4, NEAREST, FARTHEST))


def _rim(plane: NDArray[Any]) -> NDArray[Any]:
    """The values of a strip along the edges, (N, ...)."""
    wide = max(1, round(RIM * min(plane.shape[:2])))
    strips = plane[:wide], plane[-wide:], plane[wide:-wide, :wide], plane[wide:-wide, -wide:]
    return np.concatenate([strip.reshape(-1, *plane.shape[2:]) for strip in strips])
