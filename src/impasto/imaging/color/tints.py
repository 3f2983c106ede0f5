"""A gradient map: the colours that one picture has at each lightness, laid on another.

A photograph in them is as light everywhere as it was, so that all its forms stay, and looks as if
it were mixed from the other picture's colours.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats
from impasto.imaging.color.colourfulness import some_of
from impasto.imaging.color.oklab import from_oklab, inside_srgb, to_oklab

__all__ = ["chroma", "tinted", "tints"]

STEPS = 33  # of lightness, from 0 to 1
# Deviations within which a pixel's lightness counts for a step, and within which its colour is
# like that of the photograph there, in OKLab; and how little all others still count.
NEAR, ALIKE, REST = 0.05, 0.06, 1e-3


def tints(
    picture: NDArray[Any],
    photo: NDArray[Any],
    weights: NDArray[Any] | None = None,
    photo_weights: NDArray[Any] | None = None,
) -> NDArray[np.float64]:
    """The colours of a picture at each lightness; where there are several, those like the photo's.

    Args:
        picture: (H, W, 3), sRGB in [0, 1]; of a large one some rows and columns are looked at.
        photo: likewise, of any size: what is to be tinted.
        weights, photo_weights: (H, W) each, at least 0: how much a pixel counts; None if all count
            alike.

    Returns:
        (33, 2): a and b of Oklab at lightness 0 to 1.

    Raises:
        SettingError: not such pictures or weights, or weights that are 0 everywhere.

    Source: kernel regression of Nadaraya and Watson (1964).

    Example:
        >>> sepia = np.full((2, 2, 3), (0.5, 0.4, 0.3))
        >>> a, b = tints(sepia, np.zeros((1, 1, 3)))[20]
        >>> bool(a > 0 and b > a)  # a little red, and more yellow
        True
    """
    levels = np.linspace(0, 1, STEPS)[:, None]
    own, counts = _samples(photo, photo_weights)
    wished = _averaged(_nearness(levels, own[:, 0]) * counts, own[:, 1:])  # (STEPS, 2)
    own, counts = _samples(picture, weights)
    apart = ((own[None, :, 1:] - wished[:, None]) ** 2).sum(-1)  # (STEPS, n)
    alike = np.exp(-apart / (2 * ALIKE**2)) + REST
    return _averaged(_nearness(levels, own[:, 0]) * alike * counts, own[:, 1:])


def tinted(
    photo: NDArray[Any], colours: NDArray[np.float64], share: float | NDArray[Any]
) -> NDArray[Any]:
    """A photograph with another picture's colours, as light as it was.

    Args:
        photo: (H, W, 3), sRGB in [0, 1].
        colours: from `tints`.
        share: of the colours in place of its own, from 0 to 1; or (H, W) of them.

    Returns:
        (H, W, 3), sRGB in [0, 1], in the photograph's dtype.

    Raises:
        SettingError: not such a picture.

    Example:
        >>> grey, red = np.full((1, 1, 3), 0.5), np.tile((0.1, 0.0), (33, 1))
        >>> tinted(grey, red, 0.0).round(6).tolist()
        [[[0.5, 0.5, 0.5]]]
        >>> r, g, b = tinted(grey, red, 1.0)[0, 0]
        >>> bool(r > 0.5 > b > g)
        True
    """
    photo = floats(photo)
    shares = np.broadcast_to(np.asarray(share, photo.dtype), photo.shape[:2])
    levels = np.linspace(0, 1, STEPS)
    out = np.empty_like(photo)
    for rows in bands(photo):
        lab = to_oklab(photo[rows])
        part = shares[rows]
        for which in (0, 1):
            there = np.interp(lab[..., 0], levels, colours[:, which])
            lab[..., 1 + which] += part * (there - lab[..., 1 + which])
        out[rows] = from_oklab(inside_srgb(lab))
    return out


def chroma(picture: NDArray[Any], weights: NDArray[Any] | None = None) -> float:
    """The mean chroma of a picture in Oklab, from 0 (greys) to about 0.3.

    Args:
        picture: (H, W, 3), sRGB in [0, 1]; of a large one some rows and columns are looked at.
        weights: (H, W), at least 0: how much a pixel counts; None if all count alike.

    Raises:
        SettingError: not such a picture or weights, or weights that are 0 everywhere.

    Example:
        >>> chroma(np.full((2, 2, 3), 0.4)) < 1e-6
        True
    """
    own, counts = _samples(picture, weights)
    return float(np.average(np.hypot(own[:, 1], own[:, 2]), weights=counts))


def _samples(
    picture: NDArray[Any], weights: NDArray[Any] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Some pixels, (n, 3) in Oklab, and how much each counts, (n,)."""
    lab, counts = some_of(picture, weights)
    return lab, np.ones(len(lab)) if counts is None else counts


def _nearness(levels: NDArray[np.float64], light: NDArray[np.float64]) -> NDArray[np.float64]:
    """(STEPS, n), how much each pixel counts for a step; the far ones hardly, but never nothing."""
    apart = (levels - light) / NEAR
    return np.asarray(np.exp(-(apart**2) / 2) + REST / (1 + apart**2))


def _averaged(weights: NDArray[np.float64], colours: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(weights @ colours / weights.sum(1, keepdims=True))
