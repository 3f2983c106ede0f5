"""Light and colour of a picture moved a little: darker, softer, warmer, paler."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats
from impasto.imaging.color.oklab import from_oklab, inside_srgb, to_oklab

__all__ = ["toned"]

Lab = NDArray[np.float64]

# What an amount of 1 does, found by eye on paintings; L, a and b are those of Oklab.
_GAMMA = 1.6  # exponent of L for dark, of 1 - L for light
_STEEPER = 1.7  # slope of L at its middle for high-contrast; soft has its reciprocal
_MIDDLE = 0.55  # L that contrast turns about
_WARM = np.array([0.012, 0.045])  # a and b at L = 1, as light of another colour gives them
_VIVID = 1.45  # factor of chroma; muted has its reciprocal squared
_SEPIA = np.array([0.018, 0.056])  # a and b of a brown photograph, at its middle greys


def toned(picture: NDArray[Any], tones: Mapping[str, float]) -> NDArray[Any]:
    """A picture in tones of light and colour, each pixel by its own colour alone.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        tones: amounts by name, as `impasto.settings.tones.checked_tones` gives them: 1 is clearly
            that tone. They are laid on in the order of `TONES`.

    Returns:
        (H, W, 3), sRGB in [0, 1], of its size and dtype. Black stays black and white white, but
        under "soft", and for the tint of "warm", "cold" and "sepia".

    Raises:
        SettingError: not such a picture.

    Example:
        >>> grey = np.full((1, 1, 3), 0.5)
        >>> bool(toned(grey, {"dark": 1})[0, 0, 0] < 0.5 < toned(grey, {"light": 1})[0, 0, 0])
        True
        >>> red, _, blue = toned(grey, {"warm": 1})[0, 0]
        >>> bool(red > blue)
        True
    """
    picture = floats(picture)
    if not any(tones.values()):
        return picture
    out = np.empty_like(picture)
    for rows in bands(picture):
        lab = to_oklab(picture[rows].astype(np.float64).clip(0, 1))
        lab[..., 0] = _light(lab[..., 0], tones)
        lab[..., 1:] = _colour(lab, tones)
        out[rows] = from_oklab(inside_srgb(lab))
    return out


def _light(light: NDArray[np.float64], tones: Mapping[str, float]) -> NDArray[np.float64]:
    light = light.clip(0, 1)
    light = light**_GAMMA ** tones.get("dark", 0.0)
    light = 1 - (1 - light) ** _GAMMA ** tones.get("light", 0.0)
    steeper = _STEEPER ** (tones.get("high-contrast", 0.0) - tones.get("soft", 0.0))
    flatter = _MIDDLE + (light - _MIDDLE) * min(steeper, 1.0)
    return _bent(light, steeper) if steeper > 1 else flatter


def _bent(light: NDArray[np.float64], slope: float) -> NDArray[np.float64]:
    """An S through 0, the middle and 1, with a slope at the middle: two powers that meet there."""
    low = _MIDDLE * (light.clip(0, _MIDDLE) / _MIDDLE) ** slope
    rest = 1 - _MIDDLE
    high = 1 - rest * ((1 - light).clip(0, rest) / rest) ** slope
    return np.where(light < _MIDDLE, low, high)


def _colour(lab: Lab, tones: Mapping[str, float]) -> Lab:
    light, ab = lab[..., :1], lab[..., 1:]
    # Light of another colour multiplies what the eye's cones answer: a and b move with L.
    ab = ab + light * _WARM * (tones.get("warm", 0.0) - tones.get("cold", 0.0))
    ab = ab * _VIVID ** (tones.get("vivid", 0.0) - 2 * tones.get("muted", 0.0))
    brown = min(tones.get("sepia", 0.0), 1.0)
    ab = ab + brown * (4 * light * (1 - light) * _SEPIA - ab)
    return np.asarray(ab * (1 - min(tones.get("monochrome", 0.0), 1.0)))
