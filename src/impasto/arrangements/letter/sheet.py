"""The sheet that words stand on: how large it is, and how far each pixel is from their outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from impasto.arrangements.letter.distance import half_width, signed_distance
from impasto.arrangements.letter.layout import Glyphs
from impasto.errors import SettingError
from impasto.settings import StyleSettings
from impasto.text import parse_ratio

__all__ = ["SHORTEST", "SIDE", "THIN_PX", "Sheet"]

Plane = NDArray[np.float32]

SIDE = 512  # px of the longest, where the settings say none
SHORTEST = 64  # px of the other: layers that see far have some places in it
AIR = 0.75  # half-widths of a stroke between the end of the effect and the edge
FINENESS = 2  # px of the drawing to one of the sheet, each way, so that edges are smooth
THINNEST_PX = 1.0  # half-width of strokes that can hold anything
THIN_PX = 3.0  # half-width of strokes below which an effect has little room


@dataclass(frozen=True)
class Sheet:
    """Words on a sheet.

    Attributes:
        distance: (H, W), signed, from their outline in px of the sheet.
        half_width: of their strokes, in px.
    """

    distance: Plane
    half_width: float

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) in px."""
        return self.distance.shape[0], self.distance.shape[1]

    @property
    def normal(self) -> Plane:
        """Distance in half-widths of the strokes."""
        return self.distance / np.float32(self.half_width)

    @property
    def ink(self) -> Plane:
        """Share of each pixel that is inside, from 0 to 1."""
        return (0.5 - self.distance).clip(0, 1)

    @classmethod
    def of(cls, glyphs: Glyphs, reach: float, settings: StyleSettings) -> Sheet:
        """Glyphs with as much room around them as an effect needs.

        Args:
            glyphs: that stand on it.
            reach: of the effect, in half-widths of their strokes.
            settings: `size` is that of the longest side; `shape` the whole, or its ratio.

        Raises:
            SettingError: the strokes would be too thin to hold anything.
        """
        high, wide = glyphs.reference.shape
        stroke = half_width(signed_distance(np.pad(glyphs.reference >= 0.5, 1)))
        room = 2 * (reach + AIR) * stroke
        height, width = _shape(high + room, wide + room, settings)
        scale = min(height / (high + room), width / (wide + room))
        if scale * stroke < THINNEST_PX:
            raise SettingError(
                f"the strokes of the words would be {2 * scale * stroke:.1f} px wide at "
                f"{width} x {height} px: pass a larger --size, fewer words, or break the line"
            )
        ink = glyphs.drawn(scale * FINENESS)
        fine = np.zeros((height * FINENESS, width * FINENESS), bool)
        high, wide = (min(sides) for sides in zip(ink.shape, fine.shape, strict=True))
        top, left = (fine.shape[0] - high) // 2, (fine.shape[1] - wide) // 2
        fine[top : top + high, left : left + wide] = ink[:high, :wide] >= 0.5
        squares = signed_distance(fine).reshape(height, FINENESS, width, FINENESS)
        distance = np.asarray(squares.mean((1, 3)) / FINENESS, np.float32)
        return cls(distance, half_width(distance))


def _shape(high: float, wide: float, settings: StyleSettings) -> tuple[int, int]:
    """(height, width) in px for something of a ratio."""
    if isinstance(settings.shape, tuple):
        return settings.shape
    if settings.shape is not None:
        high, wide = parse_ratio(settings.shape)
    longest = settings.size or SIDE
    share = longest / max(high, wide)
    shortest = min(SHORTEST, longest) if settings.shape is None else 1
    height, width = (max(shortest, round(side * share)) for side in (high, wide))
    return height, width
