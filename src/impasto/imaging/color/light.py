"""sRGB values and linear light, in which colours mix as lamps do.

The curve of sRGB (IEC 61966-2-1) is a straight line in the darks and a power above; its constants
have their only home here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color.arrays import floats, same_size

__all__ = ["DARKEST_LIGHT", "EXPONENT", "OFFSET", "SLOPE", "from_linear", "mix", "to_linear"]

DARKEST_SRGB, DARKEST_LIGHT = 0.04045, 0.0031308  # where line and power meet
SLOPE, OFFSET, EXPONENT = 12.92, 0.055, 2.4


def to_linear(srgb: NDArray[Any]) -> NDArray[Any]:
    """sRGB values as linear light.

    Args:
        srgb: (H, W, 3) floats in [0, 1]; values outside follow the same curve.

    Returns:
        (H, W, 3), float32 for float32, else float64; 0 is black and 1 white, as before.

    Raises:
        SettingError: not such a picture.

    Source: IEC 61966-2-1.

    Example:
        >>> float(to_linear(np.full((1, 1, 3), 0.735)).max().round(2))
        0.5
    """
    srgb = floats(srgb)
    light = np.maximum(srgb, DARKEST_SRGB)
    light += OFFSET
    light /= 1 + OFFSET
    np.power(light, EXPONENT, out=light)
    np.divide(srgb, SLOPE, out=light, where=srgb <= DARKEST_SRGB)
    return np.asarray(light)


def from_linear(light: NDArray[Any], clip: bool = True) -> NDArray[Any]:
    """Linear light as sRGB values; the inverse of `to_linear`.

    Args:
        light: (H, W, 3) floats.
        clip: whether to cut what lies outside [0, 1], which no screen shows.

    Returns:
        (H, W, 3), float32 for float32, else float64.

    Raises:
        SettingError: not such a picture.

    Source: IEC 61966-2-1.

    Example:
        >>> from_linear(np.array([[[-1.0, 0.0, 7.0]]])).tolist()
        [[[0.0, 0.0, 1.0]]]
    """
    light = floats(light)
    if clip:
        light = light.clip(0, 1)
    srgb = np.maximum(light, DARKEST_LIGHT)
    np.power(srgb, 1 / EXPONENT, out=srgb)
    srgb -= 1  # 1.055 x - 0.055, written so that white stays white to the last bit
    srgb *= 1 + OFFSET
    srgb += 1
    np.multiply(light, SLOPE, out=srgb, where=light <= DARKEST_LIGHT)
    return np.asarray(srgb.clip(0, 1, out=srgb) if clip else srgb)


def mix(pictures: Sequence[NDArray[Any]], shares: Sequence[float | NDArray[Any]]) -> NDArray[Any]:
    """A weighted mean of pictures in linear light: as if each lit the same screen.

    A mean of sRGB values would be too dark, most of all where the pictures differ.

    Args:
        pictures: one or more (H, W, 3), sRGB in [0, 1], all of one size.
        shares: as many, each a number or an (H, W) array, at least 0. They are divided by their
            sum; pixels in which it is 0 get equal shares.

    Returns:
        (H, W, 3) sRGB in [0, 1], float32 if all pictures are, else float64.

    Raises:
        SettingError: no picture, another number of shares, sizes that differ, negative or infinite
            shares, or numbers whose sum is 0.

    Example:
        >>> black, white = np.zeros((1, 1, 3)), np.ones((1, 1, 3))
        >>> mix([black, white], [1, 1]).round(3)  # half the light of white, and 188 of 255
        array([[[0.735, 0.735, 0.735]]])
    """
    layers = [floats(picture) for picture in pictures]
    if not layers or len(layers) != len(shares):
        raise SettingError(
            f"{len(layers)} pictures cannot be mixed in {len(shares)} shares: "
            "pass one or more pictures, and a share for each"
        )
    for layer in layers[1:]:
        same_size(layers[0], layer)
    parts = [_share(share, layers[0]) for share in shares]
    whole = sum(parts[1:], start=parts[0])
    if whole.ndim == 0 and whole == 0:
        raise SettingError("shares add up to 0; something has to be mixed: raise one of them")
    if whole.ndim and not whole.all():
        parts = [np.where(whole == 0, 1.0, part) for part in parts]
        whole = np.where(whole == 0, float(len(parts)), whole)
    kind = np.result_type(*layers)
    mixed = np.zeros(layers[0].shape, kind)
    for layer, part in zip(layers, parts, strict=True):
        mixed += to_linear(layer) * (part / whole).astype(kind)[..., None]
    return from_linear(mixed)


def _share(share: float | NDArray[Any], picture: NDArray[Any]) -> NDArray[Any]:
    """A share as an array of shape () or (H, W)."""
    array = np.asarray(share, dtype=np.float64)
    if array.ndim and array.shape != picture.shape[:2]:
        raise SettingError(
            f"a share of shape {array.shape} does not fit pictures of {picture.shape[0]} x "
            f"{picture.shape[1]} px: pass a number, or one for each pixel"
        )
    if not (array.min() >= 0 and np.isfinite(array.max())):  # NaN fails it too
        raise SettingError(
            f"a share runs from {array.min():g} to {array.max():g}; shares must be finite and at "
            "least 0: clip it"
        )
    return array
