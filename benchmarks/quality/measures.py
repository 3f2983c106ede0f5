"""Two measures of a picture that no network is asked for: its colours, and its finest noise."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from impasto.imaging import color

__all__ = ["colour_distance", "fine_share", "oklab"]

DIRECTIONS, QUANTILES = 64, 512
BANDS = np.array([0.2126, 0.7152, 0.0722])  # Rec. 709


def oklab(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Colours in Oklab, where equal distances look alike.

    Args:
        pixels: (H, W, 3), sRGB.

    Returns:
        (H·W, 3): lightness from 0 to 1, and green to red and blue to yellow around 0.

    Source: Björn Ottosson, "A perceptual color space for image processing" (2020).

    Example:
        >>> oklab(np.full((1, 1, 3), 255, np.uint8)).round(3) + 0.0
        array([[1., 0., 0.]])
    """
    lab: NDArray[np.float64] = color.to_oklab(pixels / 255.0).reshape(-1, 3)
    return lab


def colour_distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """How far, on average, colours must move for the histograms to be alike, times 100.

    The sliced Wasserstein distance of order 1 in Oklab: along each of 64 fixed directions spread
    over the sphere, the mean difference of sorted colours, at 512 quantiles. It is doubled,
    since a shift shows along a direction by half its length on average.

    Args:
        one, other: (H, W, 3), each of its own size, sRGB.

    Returns:
        0 for the same colours; 100 between black and white.

    Source: Rabin et al., "Wasserstein barycenter and its application to texture mixing" (2011).

    Example:
        >>> black, white = np.zeros((2, 2, 3), np.uint8), np.full((3, 3, 3), 255, np.uint8)
        >>> colour_distance(black, black), round(colour_distance(black, white))
        (0.0, 100)
    """
    levels = (np.arange(QUANTILES) + 0.5) / QUANTILES
    directions = _directions().T
    quantiles = [np.quantile(oklab(each) @ directions, levels, axis=0) for each in (one, other)]
    return 200 * float(np.abs(quantiles[0] - quantiles[1]).mean())


def fine_share(pixels: NDArray[np.uint8]) -> float:
    """Share of a picture's energy above half the Nyquist frequency.

    Luma (Rec. 709 of the sRGB levels) less its mean, under a Hann window, which keeps the borders
    from looking like edges; frequencies are radial, the mean is not counted.

    Args:
        pixels: (H, W, 3), sRGB.

    Returns:
        From 0 to 1; 0 for a picture of one colour. White noise has 1 - π / 16, about 0.80.
    """
    luma = pixels @ BANDS
    height, width = luma.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    luma = (luma - (luma * window).sum() / window.sum()) * window
    energy = np.abs(np.fft.fft2(luma)) ** 2
    energy[0, 0] = 0.0
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None])
    total = float(energy.sum())
    return float(energy[radius > 0.25].sum()) / total if total > 1e-9 else 0.0


def _directions() -> NDArray[np.float64]:
    """Points spread evenly over the sphere, (64, 3), along the golden spiral."""
    places = np.arange(DIRECTIONS) + 0.5
    height = 1 - 2 * places / DIRECTIONS
    turn = places * math.pi * (3 - math.sqrt(5))
    radius = np.sqrt(1 - height**2)
    return np.stack([height, radius * np.cos(turn), radius * np.sin(turn)], 1)
