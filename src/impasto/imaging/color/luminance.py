"""Lightness of one picture, colours of another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats, pixel_weights, same_size
from impasto.imaging.color.light import from_linear
from impasto.imaging.color.oklab import lightness, linear_from_oklab, to_oklab

__all__ = ["grey", "luminance", "match_light"]

_HALVINGS = 12  # of a way of at most 1 in L: the end is right to 1/4096, a sixteenth of a level
_ROUNDING = 1e-9  # how far a colour of sRGB may lie outside it after a way through Oklab
_FLAT = 1e-4  # a deviation of L far below one 8-bit level: rounding, not a picture


def luminance(painting: NDArray[Any], photograph: NDArray[Any]) -> NDArray[Any]:
    """The painting's lightness on the photograph's colours.

    L of Oklab comes from the painting, a and b from the photograph. Not every L goes with every
    colour: no light yellow is as dark as blue. Where the three together lie outside sRGB, L moves
    towards the photograph's own, with which they are inside, until they are; a and b never give.

    Args:
        painting: (H, W, 3), sRGB in [0, 1].
        photograph: (H, W, 3), sRGB in [0, 1], of the same size.

    Returns:
        (H, W, 3), sRGB in [0, 1], in the dtype of `painting`. Rounding it to 8 bits moves a and b
        by about 0.0004 on average: half a hundredth of the chroma of a photograph full of colour,
        a hundredth of that of a pale one.

    Raises:
        SettingError: not such pictures, or sizes that differ.

    Source: Gatys, Bethge, Hertzmann and Shechtman (2016), "Preserving color in neural artistic
    style transfer", luminance-only transfer. They use YIQ, and clip.

    Example:
        >>> red, black = np.array([[[0.8, 0.2, 0.2]]]), np.zeros((1, 1, 3))
        >>> luminance(red, red).round(3).tolist()
        [[[0.8, 0.2, 0.2]]]
        >>> np.ptp(luminance(red, black)).round(3)  # black has no colour: a grey as light as red
        np.float64(0.0)
    """
    painting, photograph = floats(painting), floats(photograph)
    same_size(painting, photograph)
    out = np.empty_like(painting)
    for rows in bands(painting):
        lab = to_oklab(photograph[rows].astype(np.float64).clip(0, 1))
        wish = lightness(painting[rows].astype(np.float64).clip(0, 1))
        out[rows] = from_linear(_nearest_inside(wish, lab))
    return out


def match_light(
    style: NDArray[Any],
    content: NDArray[Any],
    weights: NDArray[Any] | None = None,
    content_weights: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """The style image in grey, as light and as rich in contrast as the content image.

    So prepared, it paints the content image's lightness with strokes of the right range, before
    `luminance` gives the result the content image's colours.

    Args:
        style: (H, W, 3), sRGB in [0, 1].
        content: (H, W, 3), sRGB in [0, 1], of any size.
        weights, content_weights: (H, W) of each, at least 0: how much a pixel counts in mean and
            deviation (alpha, a mask). All are moved, whatever they count.

    Returns:
        (H, W, 3), the style's size and dtype, three equal channels in [0, 1]. Before clipping, mean
        and deviation of its L are the content's; a flat style image stays flat.

    Raises:
        SettingError: not such pictures or weights, or weights that are 0 everywhere.

    Source: Gatys et al. (2016), "Preserving color in neural artistic style transfer",
    luminance-only transfer; in L of Oklab, where they use that of YIQ.

    Example:
        >>> black, white = np.zeros((1, 1, 3)), np.ones((1, 1, 3))
        >>> match_light(black, white).round(4).tolist()
        [[[1.0, 1.0, 1.0]]]
    """
    own, other = lightness(style), lightness(content)
    mean, deviation = _mean_deviation(own, pixel_weights(weights, style))
    wished_mean, wished_deviation = _mean_deviation(other, pixel_weights(content_weights, content))
    gain = wished_deviation / deviation if deviation > _FLAT else 0.0
    moved = (own - mean) * gain + wished_mean
    return _grey_of(moved.astype(own.dtype))


def _mean_deviation(light: NDArray[Any], weights: NDArray[Any] | None) -> tuple[float, float]:
    """Of one plane; `match.moments` is for three."""
    light = light.astype(np.float64).ravel()
    mean = float(np.average(light, weights=weights))
    return mean, float(np.average((light - mean) ** 2, weights=weights)) ** 0.5


def grey(picture: NDArray[Any]) -> NDArray[Any]:
    """A picture without its colours: each pixel's L of Oklab, as a grey.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].

    Returns:
        (H, W, 3), three equal channels in [0, 1].

    Raises:
        SettingError: not such a picture.

    Example:
        >>> grey(np.array([[[0.3, 0.3, 0.3]]])).round(4).tolist()
        [[[0.3, 0.3, 0.3]]]
    """
    return _grey_of(lightness(picture))


def _grey_of(light: NDArray[Any]) -> NDArray[Any]:
    """(H, W) lightness as a picture: linear light of a grey is L cubed."""
    return from_linear(np.repeat((light**3)[..., None], 3, axis=-1))


def _nearest_inside(wish: NDArray[Any], lab: NDArray[Any]) -> NDArray[Any]:
    """Linear light of L nearest to the wished (H, W), between it and that of `lab`, inside sRGB."""
    wished = lab.copy()
    wished[..., 0] = wish
    linear = linear_from_oklab(wished)
    outside = ~_inside(linear)
    lab = lab[outside]  # (n, 3)
    if lab.size:
        # Halving, for all pixels at once: the photograph's own L is inside, and a step on from it
        # is kept only where the colour still is.
        start, way = lab[:, 0].copy(), wish[outside] - lab[:, 0]
        share, step = np.zeros_like(start), 0.5  # of the way, as far as is known to be inside
        for _ in range(_HALVINGS):
            lab[:, 0] = start + (share + step) * way
            share += step * _inside(linear_from_oklab(lab))
            step /= 2
        lab[:, 0] = start + share * way
        linear[outside] = linear_from_oklab(lab)
    return linear


def _inside(linear: NDArray[Any]) -> NDArray[np.bool_]:
    within = (linear >= -_ROUNDING) & (linear <= 1 + _ROUNDING)
    return within[..., 0] & within[..., 1] & within[..., 2]
