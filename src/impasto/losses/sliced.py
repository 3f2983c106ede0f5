"""Wasserstein distances along lines through feature space: channels, or random directions."""

from __future__ import annotations

import torch
from torch import Tensor

from impasto.losses.norm_floor import least, least_spread
from impasto.losses.quantiles import level_shares, matched
from impasto.losses.spatial_weights import mean_over_places, place_shares

__all__ = ["along", "histogram_loss", "orthogonal_directions", "sliced_loss"]

# With one, paintings have coloured streaks, each along a direction that is not looked along. Two
# take most of them, four hardly more for twice the time: moments losses of two paintings, which
# took no part, 1.32 and 1.45 with one, 1.23 and 1.30 with two, 1.18 and 1.26 with four.
BASES = 2


def histogram_loss(features: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """|μ - μ'|² / |μ'|² + W² / V': how far each channel's histogram is from the target's.

    W² is the squared Wasserstein distance of each channel's values less their mean, V' the
    variance of the target's, both summed over all channels; floors as in `moments_loss`.

    Args:
        features: (B, C, H, W).
        target: `quantiles` of the style's features, (1 or B, C, levels).
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Returns:
        A scalar, at least 0: about 0 for the same histograms, about 2 for a picture without
        features, averaged over the batch.

    Source: Risser, Wilmot and Barnes, "Stable and controllable neural texture synthesis and
    style transfer using histogram losses" (2017), who match by bins; the division by the target's
    own is this project's.

    Example:
        >>> import torch
        >>> from impasto.losses import quantiles
        >>> x = 1 + torch.randn(1, 4, 8, 8)
        >>> histogram_loss(x.flip(-1), quantiles(x)).item() < 1e-3  # where things are is no matter
        True
        >>> round(histogram_loss(torch.zeros_like(x), quantiles(x)).item(), 1)
        2.0
    """
    shares = None if weights is None else place_shares(weights, features).squeeze(1)
    levels = level_shares().to(target)
    target_mean = (target * levels).sum(-1, keepdim=True)  # (B, C, 1)
    centred_target = target - target_mean
    size = target_mean.square().mean((1, 2))
    spread = (centred_target.square() * levels).sum(-1).mean(1)
    floor = least(size + spread)

    values = features.flatten(2)  # (B, C, n)
    mean = mean_over_places(values, shares)
    mean_term = (mean - target_mean).square().mean((1, 2)) / (size + floor)
    apart = values - mean - matched(features, centred_target, weights)
    distance = mean_over_places(apart.square(), shares).mean((1, 2))
    own = torch.maximum(spread + floor, least_spread(size + spread))
    return (mean_term + distance / own).mean()


def sliced_loss(
    features: Tensor, target: Tensor, directions: Tensor, weights: Tensor | None = None
) -> Tensor:
    """`histogram_loss` along directions: |μ - μ'|² / |μ'|² + SW² / V'.

    Args:
        features: (B, C, H, W).
        target: `quantiles` of the style's features along the same directions.
        directions: (D, C), each of length 1; see `orthogonal_directions`.
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Returns:
        A scalar, at least 0: about 0 for the same distributions, about 2 for a picture without
        features, averaged over the batch.

    Source: Heitz et al., "A sliced Wasserstein loss for neural texture synthesis" (2021); their
    directions change at each step, these are fixed, so that L-BFGS can compare one step with the
    next.

    Example:
        >>> import torch
        >>> from impasto.losses import quantiles
        >>> x, upwards = torch.rand(1, 2, 8, 8), torch.tensor([[0.0, 1.0]])
        >>> second = quantiles(x[:, 1:])
        >>> sliced_loss(x, second, upwards) == histogram_loss(x[:, 1:], second)
        tensor(True)
    """
    return histogram_loss(along(features, directions), target, weights)


def along(features: Tensor, directions: Tensor) -> Tensor:
    """(B, C, H, W) features as seen along (D, C) directions: (B, D, H, W)."""
    batch, _, height, width = features.shape
    return (directions @ features.flatten(2)).view(batch, -1, height, width)


def orthogonal_directions(channels: int, seed: int = 0, bases: int = BASES) -> Tensor:
    """Random directions: in each basis as many as there are channels, at right angles.

    Args:
        channels: how many, C.
        seed: which.
        bases: how many, each turned another way.

    Returns:
        (bases · C, C), float32, rows of length 1; the same for the same seed.

    Example:
        >>> import torch
        >>> q = orthogonal_directions(3, bases=1)
        >>> torch.allclose(q @ q.mT, torch.eye(3), atol=1e-6)
        True
        >>> orthogonal_directions(3).shape
        torch.Size([6, 3])
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(bases, channels, channels, generator=generator, dtype=torch.float64)
    directions: Tensor = torch.linalg.qr(noise).Q
    return directions.mT.reshape(bases * channels, channels).float()
