"""What a style picture is like, measured from its pixels: light, colours, and how its strokes run.

Letters: H, W the height and width of the picture in px after it was made as small as `LONGEST`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import PictureError
from impasto.imaging import Picture
from impasto.imaging.color.oklab import to_oklab
from impasto.library.colour_shares import COLOURS, colour_shares, palette_of

__all__ = ["COLOURS", "LONGEST", "NUMBERS", "Attributes", "measure"]

Array = NDArray[Any]

LONGEST = 512  # px of the longest side at which everything is measured
LEAST = 16  # px: below, nothing can be said of strokes
WARM = np.deg2rad(55)  # the hue of Oklab that is warmest: between orange and yellow
FLAT = 0.012  # of lightness a pixel: a slope below is none that the eye follows
STROKE_PX = 3.0  # reach of the structure tensor about a stroke
FORM_PX, BEND_PX = 5.0, 12.0  # and about a bend, and how far strokes have to bend alike
COMPOSITION = 4  # waves along the longest side: what has no more is no stroke
NEARBY = 4  # px to each side of an edge
SHARPEST = 0.08  # 1/px: what turns on a radius of less than 12 px is no swirl


@dataclass(frozen=True)
class Attributes:
    """Everything measured of a picture, the longest side taken as 512 px.

    Attributes:
        lightness: mean L of Oklab, 0 black to 1 white.
        contrast: standard deviation of L.
        chroma: mean distance from grey in Oklab, 0 to about 0.3.
        warmth: mean of Oklab along the axis from blue to orange, about -0.15 to 0.2.
        coherence: how far all edges near each other run alike, 0 to 1.
        swirl: how far strokes bend together, as a mean curvature: 1 over the radius in px.
        alignment: how far all edges of the picture run one way, 0 to 1.
        direction: that way in degrees from the horizontal, against the clock, 0 to 180.
        stroke_px: period of the detail in px, from the centroid of the spectrum of L.
        flatness: share of the picture without a slope that the eye follows, 0 to 1.
        hardness: how much of an edge is crossed within a pixel, 0 soft to 1 hard.
        palette: five colours, "#rrggbb" with shares, the largest first.
        shares: of the picture, by the name of each of `COLOURS`; they overlap.
    """

    lightness: float
    contrast: float
    chroma: float
    warmth: float
    coherence: float
    swirl: float
    alignment: float
    direction: float
    stroke_px: float
    flatness: float
    hardness: float
    palette: tuple[tuple[str, float], ...]
    shares: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """For an index; `from_json` reads it."""
        return {**asdict(self), "palette": [list(pair) for pair in self.palette]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Attributes:
        """What `as_json` gave.

        Raises:
            KeyError, TypeError, ValueError: it is damaged.
        """
        numbers = {name: float(data[name]) for name in NUMBERS}
        palette = tuple((str(colour), float(share)) for colour, share in data["palette"])
        shares = {name: float(data["shares"][name]) for name in COLOURS}
        return cls(**numbers, palette=palette, shares=shares)

    def value(self, name: str) -> float:
        """One number by its name: of `NUMBERS` or, as a share, of `COLOURS`."""
        return self.shares[name] if name in self.shares else float(getattr(self, name))


NUMBERS = (
    *("lightness", "contrast", "chroma", "warmth", "coherence", "swirl", "alignment"),
    *("direction", "stroke_px", "flatness", "hardness"),
)
"""The attributes that are one number each, beside the shares of `COLOURS`."""


def measure(picture: Picture) -> Attributes:
    """Measure a picture, in about 0.2 s.

    Args:
        picture: of any size; what is transparent counts as the colour it has.

    Raises:
        PictureError: a side of fewer than 16 px.

    Example:
        >>> grey = Picture(np.full((64, 64, 3), 188, np.uint8))
        >>> about = measure(grey)
        >>> round(about.chroma, 3), about.flatness, about.contrast < 1e-6
        (0.0, 1.0, True)
    """
    if min(picture.height, picture.width) < LEAST:
        raise PictureError(
            f"{picture.name} is {picture.width} x {picture.height} px, too small to tell its "
            f"strokes: give a picture of at least {LEAST} x {LEAST} px"
        )
    lab = np.asarray(to_oklab(_reduced(picture)), np.float32)
    light, chroma = lab[..., 0], np.hypot(lab[..., 1], lab[..., 2])
    warm = lab[..., 1] * np.cos(WARM) + lab[..., 2] * np.sin(WARM)
    slope_y, slope_x = map(np.asarray, np.gradient(light))
    steep = np.hypot(slope_x, slope_y)
    coherence, swirl, alignment, direction = _ways(slope_x, slope_y)
    return Attributes(
        lightness=float(light.mean()),
        contrast=float(light.std()),
        chroma=float(chroma.mean()),
        warmth=float(warm.mean()),
        coherence=coherence,
        swirl=swirl,
        alignment=alignment,
        direction=direction,
        stroke_px=_period(light),
        flatness=float((steep < FLAT).mean()),
        hardness=_hardness(light, steep),
        palette=palette_of(lab),
        shares=colour_shares(lab),
    )


def _reduced(picture: Picture) -> Array:
    """(H, W, 3) in [0, 1], its longest side `LONGEST`; smaller pictures are enlarged to it."""
    pixels = picture.pixels if picture.bits == 8 else (picture.pixels >> 8).astype(np.uint8)
    share = LONGEST / max(picture.height, picture.width)
    size = tuple(max(8, round(side * share)) for side in (picture.width, picture.height))
    # Means of what falls together; enlarged smoothly, as the edges of pixels are no strokes.
    filter = Image.Resampling.BOX if share < 1 else Image.Resampling.BICUBIC
    image = Image.fromarray(pixels).resize((size[0], size[1]), filter)
    return np.asarray(image, np.float32) / 255


def _blurred(field: Array, sigma: float) -> Array:
    """A field under a Gaussian of `sigma` px, mirrored at its borders."""
    reach = round(3 * sigma)
    at = np.arange(-reach, reach + 1)
    kernel = np.exp(-(at**2) / (2 * sigma**2))
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        widths = [(0, 0), (0, 0)]
        widths[axis] = (reach, reach)
        padded = np.pad(field, widths, mode="symmetric")
        size = field.shape[axis]
        field = np.zeros_like(field)
        for k, share in enumerate(kernel):
            field += share * np.take(padded, np.arange(k, k + size), axis)
    return field


def _ways(slope_x: Array, slope_y: Array) -> tuple[float, float, float, float]:
    """Coherence, swirl, alignment and direction, from the structure tensor.

    In doubled angles an edge and its opposite are one: (xx - yy, 2xy) is a vector whose length is
    the strength of the edge, and whose mean over a place is long where edges run alike.
    """
    across, along = slope_x**2 - slope_y**2, 2 * slope_x * slope_y
    strength = slope_x**2 + slope_y**2
    whole = float(strength.mean())
    if whole < 1e-9:
        return 0.0, 0.0, 0.0, 0.0
    mean_across, mean_along = float(across.mean()), float(along.mean())
    alignment = float(np.hypot(mean_across, mean_along)) / whole
    edge = np.rad2deg(np.arctan2(mean_along, mean_across) / 2) + 90  # strokes lie across slopes
    near = np.hypot(_blurred(across, STROKE_PX), _blurred(along, STROKE_PX))
    coherence = float(near.mean()) / whole
    return coherence, _swirl(across, along, strength), alignment, float(-edge % 180)


def _swirl(across: Array, along: Array, strength: Array) -> float:
    """Mean length of the curvature of strokes, as a vector towards the centre that they turn about.

    As a vector it is the same whichever way a stroke is followed, and strokes that bend at random
    cancel in its mean over a place. Faint strokes count by their steepness, not by its square.
    """
    across, along, strength = (_blurred(field, FORM_PX) for field in (across, along, strength))
    stroke = np.arctan2(along, across) / 2 + np.float32(np.pi / 2)
    x, y = np.cos(stroke), np.sin(stroke)
    square = np.maximum(across**2 + along**2, 1e-12)
    turn_y, turn_x = (
        (across * slope_along - along * slope_across) / (2 * square)
        for slope_along, slope_across in zip(np.gradient(along), np.gradient(across), strict=True)
    )
    curvature = np.clip(turn_x * x + turn_y * y, -SHARPEST, SHARPEST)
    weight = np.sqrt(square / np.maximum(strength, 1e-12))
    towards = [_blurred(weight * curvature * part, BEND_PX) for part in (-y, x)]
    return float(np.hypot(*towards).mean() / max(float(weight.mean()), 1e-9))


def _period(light: Array) -> float:
    """Px of the mean period of L, from the centroid of its spectrum under a Hann window.

    Power counts by its frequency: without that the composition, whose power is the largest, would
    hide the strokes.
    """
    height, width = light.shape
    window = np.hanning(height)[:, None] * np.hanning(width)[None]
    power = np.abs(np.fft.rfft2((light - light.mean()) * window)) ** 2
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    counted = (frequency > COMPOSITION / max(height, width)) & (frequency < 0.5)
    weights = (power * frequency)[counted]
    if float(weights.sum()) < 1e-6:
        return float(LONGEST)
    return float(weights.sum() / (weights * frequency[counted]).sum())


def _hardness(light: Array, steep: Array) -> float:
    """Slope over the range of L nearby, at the steepest twentieth of places that are edges."""
    at = steep >= max(float(np.quantile(steep, 0.95)), 2 * FLAT)
    if not at.any():
        return 0.0
    apart = _spread(light, np.maximum) - _spread(light, np.minimum)
    # A step within a pixel has half its height as slope, which is taken over two pixels.
    return float(np.clip(2 * (steep[at] / np.maximum(apart[at], 1e-6)).mean(), 0, 1))


def _spread(light: Array, extreme: Callable[..., Array]) -> Array:
    """The largest or least L within `NEARBY` px to each side."""
    for axis in (0, 1):
        widths = [(0, 0), (0, 0)]
        widths[axis] = (NEARBY, NEARBY)
        padded, size = np.pad(light, widths, mode="edge"), light.shape[axis]
        light = np.take(padded, np.arange(size), axis)
        for k in range(1, 2 * NEARBY + 1):
            light = extreme(light, np.take(padded, np.arange(k, k + size), axis))
    return light
