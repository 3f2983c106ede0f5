"""Oklab: lightness L, and the colour as green to red (a) and blue to yellow (b).

Equal steps look equally large in it, and L alone can change without the hue seeming to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats
from impasto.imaging.color.light import from_linear, to_linear

__all__ = ["from_oklab", "inside_srgb", "lightness", "linear_from_oklab", "to_oklab"]

# Björn Ottosson, "A perceptual color space for image processing" (2020), in the values of its
# 2021 revision: linear sRGB to cone responses, and their cube roots to L, a, b.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# Inverted here rather than copied, so that going there and back ends where it began.
_FROM_CONES = np.linalg.inv(_TO_CONES)
_FROM_LAB = np.linalg.inv(_TO_LAB)

_HALVINGS = 8  # of a chroma of at most 0.33: it is right to a thousandth
_ROUNDING = 1e-4  # of linear light: a fortieth of an 8-bit level


def to_oklab(srgb: NDArray[Any]) -> NDArray[Any]:
    """sRGB values as Oklab.

    Args:
        srgb: (H, W, 3) floats in [0, 1].

    Returns:
        (H, W, 3), float32 for float32, else float64: L from 0 (black) to 1 (white); a and b, 0 for
        greys, within about ±0.33.

    Raises:
        SettingError: not such a picture.

    Source: Ottosson (2020).

    Example:
        >>> abs(to_oklab(np.ones((1, 1, 3)))).round(4).tolist()  # white
        [[[1.0, 0.0, 0.0]]]
    """
    srgb = floats(srgb)
    lab = np.empty_like(srgb)
    for rows in bands(srgb):
        lab[rows] = _roots(srgb[rows]) @ _TO_LAB.T.astype(srgb.dtype)
    return lab


def lightness(srgb: NDArray[Any]) -> NDArray[Any]:
    """L of `to_oklab` alone.

    Args:
        srgb: (H, W, 3) floats in [0, 1].

    Returns:
        (H, W) from 0 (black) to 1 (white).

    Raises:
        SettingError: not such a picture.

    Example:
        >>> lightness(np.zeros((1, 1, 3)))
        array([[0.]])
    """
    srgb = floats(srgb)
    light = np.empty(srgb.shape[:2], srgb.dtype)
    for rows in bands(srgb):
        light[rows] = _roots(srgb[rows]) @ _TO_LAB[0].astype(srgb.dtype)
    return light


def linear_from_oklab(lab: NDArray[Any]) -> NDArray[Any]:
    """Oklab as linear light, nothing clipped: inside sRGB where all three are within [0, 1].

    Args:
        lab: (..., 3) floats.

    Returns:
        (..., 3) of the same dtype.

    Example:
        >>> linear_from_oklab(np.array([0.5, 0.0, 0.0])).round(4).tolist()  # grey: L cubed
        [0.125, 0.125, 0.125]
    """
    cones = lab @ _FROM_LAB.T.astype(lab.dtype)
    cones *= cones * cones
    return np.asarray(cones @ _FROM_CONES.T.astype(lab.dtype))


def from_oklab(lab: NDArray[Any]) -> NDArray[Any]:
    """Oklab as sRGB values, the inverse of `to_oklab`; what sRGB has not is clipped.

    Args:
        lab: (H, W, 3) floats.

    Returns:
        (H, W, 3) in [0, 1], float32 for float32, else float64.

    Raises:
        SettingError: not such a picture.

    Example:
        >>> from_oklab(np.array([[[1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]]])).round(4).tolist()
        [[[1.0, 1.0, 1.0], [0.0, 0.0, 0.0]]]
    """
    return from_linear(linear_from_oklab(lab))


def inside_srgb(lab: NDArray[Any]) -> NDArray[Any]:
    """Colours with so little of their chroma taken away that sRGB has them; L and hue stay.

    Args:
        lab: (..., 3), L from 0 to 1.

    Returns:
        (..., 3); the array itself where all are inside already.

    Example:
        >>> lab = np.array([[0.5, 0.4, 0.0], [0.5, 0.0, 0.0]])
        >>> light, a, b = inside_srgb(lab)[0]
        >>> float(light), bool(0.1 < a < 0.4), float(b)
        (0.5, True, 0.0)
    """
    outside = _outside(lab)
    if not outside.any():
        return lab
    lab = lab.copy()
    lab[..., 0] = lab[..., 0].clip(0, 1)
    some = lab[outside]  # (n, 3)
    kept, step = np.zeros(len(some)), 0.5  # of the chroma, as far as it is known to be inside
    for _ in range(_HALVINGS):
        tried = some * np.stack([np.ones_like(kept), kept + step, kept + step], axis=-1)
        kept += step * ~_outside(tried)
        step /= 2
    some[:, 1:] *= kept[:, None]
    lab[outside] = some
    return lab


def _outside(lab: NDArray[Any]) -> NDArray[np.bool_]:
    linear = linear_from_oklab(lab)
    return np.asarray(((linear < -_ROUNDING) | (linear > 1 + _ROUNDING)).any(-1))


def _roots(srgb: NDArray[Any]) -> NDArray[Any]:
    cones = to_linear(srgb) @ _TO_CONES.T.astype(srgb.dtype)
    return np.asarray(np.cbrt(cones, out=cones))
