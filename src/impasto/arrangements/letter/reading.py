"""A style picture at the size at which it is read for some words, and what of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto import imaging
from impasto.arrangements.letter.sheet import SIDE, Sheet
from impasto.imaging import Picture
from impasto.settings import StyleSettings

__all__ = ["Cutting", "longest_of", "prepared"]

# A style is made smaller or larger until its strokes are as wide as those of the words, but no
# further: what is much enlarged is blurred.
SMALLEST, LARGEST = 0.4, 1.6
LEAST_PX = 8  # of a side
FINEST = 2  # px of a style that is looked at, to one of the words' picture
LEAST_SEEN_PX = 1024  # of its longer side
CLEAR = 0.05  # of a picture, from which on what is transparent of it is its ground


def prepared(style: Picture, settings: StyleSettings) -> Picture:
    """A style picture without transparency, and no larger than can be of use.

    A cut-out is laid on black or white, whichever is less like it, for letters stand on a ground.

    Args:
        style: as it was read.
        settings: `size` or `shape` say how large the words' picture is.
    """
    largest = max(settings.shape) if isinstance(settings.shape, tuple) else settings.size or SIDE
    limit = max(LEAST_SEEN_PX, round(FINEST * largest * settings.style_scale))
    if (longest := max(style.height, style.width)) > limit:
        sides = (max(1, round(side * limit / longest)) for side in (style.height, style.width))
        style = imaging.resized(style, *sides)
    opacity = style.opacity
    if opacity is None or (opacity < 0.5).mean() < CLEAR:
        return imaging.filled(style)
    page = 0.0 if style.floats[opacity >= 0.5].mean() > 0.5 else 1.0
    seen = page + (style.floats - page) * opacity[..., None]
    return replace(style, pixels=np.rint(255 * seen).astype(np.uint8), alpha=None)


def longest_of(sheet: Sheet, settings: StyleSettings) -> int:
    """Px of the longer side at which the methods read a style picture."""
    return max(LEAST_PX, round(max(sheet.shape) * settings.style_scale))


@dataclass(frozen=True)
class Cutting:
    """A part of a style picture.

    Attributes:
        style: no larger than it may be.
        glyph: (h, w), where its letters are.
    """

    style: Picture
    glyph: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        style: Picture,
        glyph: NDArray[np.bool_],
        factor: float,
        around: float,
        sheet: Sheet,
        settings: StyleSettings,
    ) -> Cutting:
        """The letters of a style and what is around them.

        Args:
            style: as it was read.
            glyph: (h, w), where its letters are.
            factor: that it should be made so many times as large.
            around: px around the letters that belong to them.
            sheet: of the words.
            settings: `style_scale` is a factor too.
        """
        longest = longest_of(sheet, settings)
        lines = tuple(
            (side, np.flatnonzero(glyph.any(axis)))
            for side, axis in zip(glyph.shape, (1, 0), strict=True)
        )
        low = [max(0.0, line[0] - around) for _, line in lines]
        high = [min(side, line[-1] + 1 + around) for side, line in lines]
        factor = min(LARGEST, max(SMALLEST, factor)) * settings.style_scale
        factor = min(factor, longest / max(b - a for a, b in zip(low, high, strict=True)))
        height, width = (max(LEAST_PX, round(side * factor)) for side in glyph.shape)
        place = tuple(
            _window(side, longest, factor * (a + b) / 2)
            for side, a, b in zip((height, width), low, high, strict=True)
        )
        shares = Image.fromarray(np.where(glyph, np.float32(1), np.float32(0)))
        shares = shares.resize((width, height), Image.Resampling.BICUBIC)
        part = imaging.resized(style, height, width).part(place)
        return cls(part, (np.asarray(shares) >= 0.5)[place])


def _window(side: int, longest: int, middle: float) -> slice:
    """So many px about a middle, within a side."""
    length = min(side, longest)
    first = round(min(max(0.0, middle - length / 2), side - length))
    return slice(first, first + length)
