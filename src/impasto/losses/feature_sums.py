"""Sums over places that can be added up: statistics of a picture from those of its parts.

A picture too large to be looked at whole is looked at in tiles, a film frame by frame. Sums of
features and of their products add up to those of the whole, in float64 and in a fixed order to the
same bytes. Letters as in `impasto.losses`.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from impasto.losses.gram import split_heads
from impasto.losses.moments import Moments
from impasto.losses.spatial_weights import check_weights

__all__ = ["FeatureSums", "feature_sums", "gram_of", "merged", "moments_of"]


class FeatureSums(NamedTuple):
    """Sums over the places of one part, or of several that were merged; float64.

    Attributes:
        weight: (B, 1, 1, 1), of all places together; their number without weights.
        first: (B, heads, C / heads, 1), of the features.
        second: (B, heads, C / heads, C / heads), of the products of two channels.
    """

    weight: Tensor
    first: Tensor
    second: Tensor


def feature_sums(features: Tensor, heads: int = 1, weights: Tensor | None = None) -> FeatureSums:
    """The sums of one part.

    Args:
        features: (B, C, H, W); places that another part counts as well get the weight 0.
        heads: as for `moments`.
        weights: (1 or B, 1, H, W), at least 0, where features count; all 0 is allowed here.

    Example:
        >>> sums = feature_sums(torch.tensor([[[[1.0, 3.0]]]]))
        >>> sums.weight.item(), sums.first.item(), sums.second.item()
        (2.0, 4.0, 10.0)
    """
    device = "cpu" if features.device.type == "mps" else features.device  # MPS has no float64
    x = split_heads(features, heads).to(device, torch.float64)  # (B, heads, C / heads, n)
    batch, _, _, n = x.shape
    if weights is None:
        return FeatureSums(x.new_full((batch, 1, 1, 1), n), x.sum(-1, keepdim=True), x @ x.mT)
    w = check_weights(weights, features).to(x).expand(batch, 1, 1, n)
    weighted = x * w
    return FeatureSums(w.sum(-1, keepdim=True), weighted.sum(-1, keepdim=True), weighted @ x.mT)


def merged(one: FeatureSums, other: FeatureSums) -> FeatureSums:
    """The sums of two parts together; to the same bytes only in the same order.

    Example:
        >>> left, right = (feature_sums(torch.full((1, 1, 1, 1), v)) for v in (1.0, 3.0))
        >>> merged(left, right).first.item()
        4.0
    """
    return FeatureSums(*(a + b for a, b in zip(one, other, strict=True)))


def moments_of(sums: FeatureSums) -> Moments:
    """Mean and covariance of what was summed, float64.

    The covariance is E[xy] - E[x]E[y], which loses digits where the mean is large: of float64's 16,
    twice as many as the mean has over the spread.

    Example:
        >>> mean, covariance = moments_of(feature_sums(torch.tensor([[[[1.0, 3.0]]]])))
        >>> mean.item(), covariance.item()
        (2.0, 1.0)
    """
    mean = sums.first / sums.weight
    return Moments(mean, sums.second / sums.weight - mean @ mean.mT)


def gram_of(sums: FeatureSums) -> Tensor:
    """The Gram matrix of what was summed, as `gram_matrix` gives it, float64.

    Example:
        >>> gram_of(feature_sums(torch.ones(1, 2, 3, 3)))[0, 0, 1].item()
        0.5
    """
    channels = sums.first.shape[1] * sums.first.shape[2]
    gram = sums.second / (sums.weight * channels)
    return gram.squeeze(1) if gram.shape[1] == 1 else gram
