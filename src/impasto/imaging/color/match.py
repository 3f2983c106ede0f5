"""Colours moved so that their mean and covariance are those of another picture."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats, pixel_weights

__all__ = ["linear_move", "match", "match_moments", "moments"]

_FLOOR = 0.01  # two and a half 8-bit levels


def match(
    picture: NDArray[Any],
    reference: NDArray[Any],
    weights: NDArray[Any] | None = None,
    reference_weights: NDArray[Any] | None = None,
    clip: bool = True,
) -> NDArray[Any]:
    """The picture with mean and covariance of its colours those of the reference.

    The map is linear, and of all that do this the one that moves colours least: which pixels are
    lighter, redder or bluer than others mostly stays as it was.

    It works on sRGB values. In Oklab the same map gives much the same for a painting matched to a
    photograph, with highlights burnt a little further; for a photograph matched to a colourful
    painting it oversaturates (a red bridge ends magenta, and the mean excess over sRGB before
    clipping was 0.10 in the worst pair of sixteen, where here it was 0.017).

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        reference: (H, W, 3), sRGB in [0, 1], of any size.
        weights: (H, W), at least 0: how much each pixel of `picture` counts in its mean and
            covariance (alpha, a mask). All are moved, whatever they count.
        reference_weights: the same for `reference`.
        clip: whether to cut the result to [0, 1]; without, the moments match exactly.

    Returns:
        (H, W, 3) sRGB, of the size and dtype of `picture`. A direction in which its colours deviate
        by less than 0.01 (the greys of a black-and-white photograph, a flat picture) counts as if
        they deviated by that much, so that noise is not blown up into colours; there the
        covariance stays smaller than the reference's.

    Raises:
        SettingError: not such pictures or weights, or weights that are 0 everywhere.

    Source: Pitié and Kokaram (2007), "The linear Monge-Kantorovitch linear colour mapping for
    example-based colour transfer". The floor is ours.

    Example:
        >>> black, blue = np.zeros((2, 2, 3)), np.full((1, 1, 3), [0.0, 0.25, 0.5])
        >>> match(black, blue)[0, 0].tolist()  # nothing deviates, so all takes the mean
        [0.0, 0.25, 0.5]
    """
    mean, covariance = moments(reference, reference_weights)
    return match_moments(picture, mean, covariance, weights, clip)


def moments(
    picture: NDArray[Any], weights: NDArray[Any] | None = None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Mean and covariance of a picture's sRGB values.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        weights: (H, W), at least 0: how much each pixel counts; all alike if None.

    Returns:
        (3,) and (3, 3), float64. The covariance is divided by the sum of weights, not by one less.

    Raises:
        SettingError: not such a picture or such weights, or weights that are 0 everywhere.

    Example:
        >>> mean, covariance = moments(np.array([[[0.0, 0.5, 0.0], [1.0, 0.5, 0.0]]]))
        >>> mean.tolist(), covariance.diagonal().tolist()
        ([0.5, 0.5, 0.0], [0.25, 0.0, 0.0])
    """
    picture = floats(picture)
    each = pixel_weights(weights, picture)
    count = 0.0
    first, second = np.zeros(3), np.zeros((3, 3))  # sums of x and of x xᵀ
    origin = picture[0, 0].astype(np.float64)  # near the others, so that squares stay precise
    for rows in bands(picture):
        x = picture[rows].reshape(-1, 3) - origin  # (n, 3) float64
        weighted = x
        if each is None:
            count += len(x)
        else:
            part = each[rows.start * picture.shape[1] :][: len(x)]
            count += part.sum()
            weighted = x * part[:, None]
        first += weighted.sum(axis=0)
        second += weighted.T @ x
    shift = first / count
    return origin + shift, second / count - np.outer(shift, shift)


def match_moments(
    picture: NDArray[Any],
    mean: NDArray[Any],
    covariance: NDArray[Any],
    weights: NDArray[Any] | None = None,
    clip: bool = True,
) -> NDArray[Any]:
    """`match` for a reference of which only the `moments` are known.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        mean: (3,), wished.
        covariance: (3, 3), wished; symmetric, without negative variances.
        weights: (H, W) or None, see `match`.
        clip: see `match`.

    Returns:
        (H, W, 3) sRGB, of the size and dtype of `picture`.

    Raises:
        SettingError: as `match`.

    Example:
        >>> ends = np.array([[[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]]])
        >>> match_moments(ends, np.full(3, 0.5), np.full((3, 3), 0.0625)).round(3).tolist()
        [[[0.25, 0.25, 0.25], [0.75, 0.75, 0.75]]]
    """
    picture = floats(picture)
    own_mean, own = moments(picture, weights)
    move, offset = linear_move((own_mean, own), (mean, covariance))
    out = np.empty_like(picture)
    for rows in bands(picture):
        moved = picture[rows] @ move.astype(picture.dtype) + offset.astype(picture.dtype)
        out[rows] = moved.clip(0, 1) if clip else moved
    return out


def linear_move(
    own: tuple[NDArray[Any], NDArray[Any]], wished: tuple[NDArray[Any], NDArray[Any]]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """What `match_moments` does to every colour: for pictures that are to be moved alike.

    Args:
        own, wished: mean (3,) and covariance (3, 3), as `moments` gives them.

    Returns:
        (3, 3) and (3,), float64: a colour x becomes x @ the first + the second.

    Example:
        >>> own, wished = (np.zeros(3), np.eye(3)), (np.ones(3), 4 * np.eye(3))
        >>> move, offset = linear_move(own, wished)
        >>> (np.full(3, 0.5) @ move + offset).round(6).tolist()
        [2.0, 2.0, 2.0]
    """
    mean, covariance = (np.asarray(part, np.float64) for part in wished)
    move = _least_move(np.asarray(own[1], np.float64), covariance)
    return move, mean - np.asarray(own[0], np.float64) @ move


def _least_move(own: NDArray[Any], wished: NDArray[Any]) -> NDArray[Any]:
    """(3, 3) symmetric T with T own T = wished (Pitié and Kokaram 2007, section 3.4)."""
    # own = root root; the floor keeps a direction without colours from being divided by nothing.
    variances, axes = np.linalg.eigh(own)
    deviations = np.sqrt(np.maximum(variances, _FLOOR**2))
    root = (axes * deviations) @ axes.T
    unroot = (axes / deviations) @ axes.T
    # T = root⁻¹ (root wished root)^½ root⁻¹; rounding may leave a variance just below 0.
    variances, axes = np.linalg.eigh(root @ wished @ root)
    middle = (axes * np.sqrt(variances.clip(0))) @ axes.T
    return np.asarray(unroot @ middle @ unroot)
