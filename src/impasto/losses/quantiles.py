"""Weighted quantile functions of features, channel by channel, and how features match them.

In one dimension the cheapest way from one distribution to another keeps the order: the value of
rank p goes to the other's quantile of rank p. The mean of several quantile functions is the
quantile function of the distributions' Wasserstein barycentre.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from impasto.losses.spatial_weights import place_shares
from impasto.losses.stable_argsort import order

__all__ = ["LEVELS", "level_shares", "matched", "quantiles"]

# Levels lie evenly in the angle t of p = (1 - cos t) / 2, so closer to each other at the ends:
# features have long tails. Of a painting's features at 512 px, so many keep all but 2e-6 of the
# variance, 256 keep all but 3e-5 (one layer 1e-4, 4e-4); evenly spaced ones lose 3e-4 and 1e-3.
LEVELS = 1024


def quantiles(features: Tensor, weights: Tensor | None = None) -> Tensor:
    """The quantile function of each channel, as its mean within each of `LEVELS` intervals.

    Means, not single values, so that the mean over all, by `level_shares`, is the features' own.

    Args:
        features: (B, C, H, W).
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Returns:
        (B, C, LEVELS), ascending, without a gradient.

    Example:
        >>> import torch
        >>> q = quantiles(torch.tensor([5.0, 1.0, 3.0]).view(1, 1, 1, 3))[0, 0]
        >>> [round(q[i].item(), 3) for i in (0, LEVELS // 2, LEVELS - 1)]
        [1.0, 3.0, 5.0]
    """
    values = features.detach().flatten(2)  # (B, C, n)
    at = order(values)
    # Sums over many places, of which neighbours are subtracted. MPS has no float64.
    device = "cpu" if values.device.type == "mps" else values.device
    values = values.gather(-1, at).to(device, torch.float64)
    n = values.shape[-1]
    shares = values.new_full((n,), 1 / n)
    if weights is not None:
        shares = place_shares(weights, features).squeeze(1).expand_as(at).gather(-1, at)
        shares = shares.to(values)
    knots = torch.nn.functional.pad(shares.cumsum(-1), (1, 0))  # (n + 1) or (B, C, n + 1)
    below = torch.nn.functional.pad((values * shares).cumsum(-1), (1, 0))  # (B, C, n + 1)
    edges = _edges().to(values).expand(*knots.shape[:-1], -1).contiguous()
    left = (torch.searchsorted(knots, edges, right=True) - 1).clamp(0, n - 1)
    start, end = knots.gather(-1, left), knots.gather(-1, left + 1)
    part = ((edges - start) / (end - start).clamp(min=torch.finfo(torch.float64).tiny)).clamp(0, 1)
    left, part = left.expand(*values.shape[:-1], -1), part.expand(*values.shape[:-1], -1)
    sums = torch.lerp(below.gather(-1, left), below.gather(-1, left + 1), part)
    return (sums.diff(dim=-1) / edges.diff(dim=-1)).to(features)


def level_shares() -> Tensor:
    """How much of a distribution each level of a quantile function stands for: (LEVELS,), sum 1."""
    return _edges().diff().float()


def matched(features: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """For each place and channel the target's value of the same rank, (B, C, n).

    The rank of a value is the share of the picture below it, half its own included.

    Args:
        features: (B, C, H, W).
        target: quantile functions, (1 or B, C, LEVELS).
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Returns:
        (B, C, n), without a gradient: the mean of squared differences from the features is the
        squared Wasserstein distance, whose gradient sees the order as fixed.

    Example:
        >>> import torch
        >>> x = torch.tensor([5.0, 1.0, 3.0]).view(1, 1, 1, 3)
        >>> [round(v, 3) for v in matched(x, quantiles(10 * x)).flatten().tolist()]
        [50.0, 10.0, 30.0]
    """
    values = features.detach().flatten(2)  # (B, C, n)
    at = order(values)
    target = target.detach().expand(*values.shape[:-1], -1)
    if weights is None:
        n = values.shape[-1]
        ranks = (torch.arange(n, device=values.device, dtype=values.dtype) + 0.5) / n
        left, part = _position(ranks)
        ascending = torch.lerp(target[..., left], target[..., left + 1], part)
    else:
        shares = place_shares(weights.detach(), features).squeeze(1).expand_as(at).gather(-1, at)
        left, part = _position(shares.cumsum(-1) - shares / 2)
        ascending = torch.lerp(target.gather(-1, left), target.gather(-1, left + 1), part)
    return torch.empty_like(values).scatter_(-1, at, ascending)


def _edges() -> Tensor:
    """The ranks where the levels' intervals meet, (LEVELS + 1,), float64."""
    angles = torch.linspace(0, math.pi, LEVELS + 1, dtype=torch.float64)
    return (1 - angles.cos()) / 2


def _position(ranks: Tensor) -> tuple[Tensor, Tensor]:
    """Between which two levels ranks in [0, 1] lie: the lower one, and the part of the way."""
    level = (1 - 2 * ranks).clamp(-1, 1).acos() * (LEVELS / math.pi) - 0.5
    level = level.clamp(0, LEVELS - 1)
    left = level.floor().clamp(max=LEVELS - 2)
    return left.long(), level - left
