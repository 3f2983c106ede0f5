"""Mean and covariance of features: what a Gram matrix says, with the mean taken apart.

A raw Gram matrix of features with a large mean mostly describes that mean. Compared apart, and
divided by the target's own size, both terms are near 1 for unrelated pictures on any backbone.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from impasto.losses.gram import split_heads
from impasto.losses.norm_floor import least, least_spread
from impasto.losses.spatial_weights import mean_over_places, place_shares

__all__ = [
    "Factors",
    "Moments",
    "MomentsLoss",
    "moments",
    "moments_loss",
    "plain_factors",
    "plain_loss",
    "plain_moments",
    "relative_factors",
    "relative_moments",
]


# Of a plain style's two terms: |G - G'|² weighs a shift of the mean two to four times, and a
# photograph that keeps some of its contrast is wanted more than none.
MEAN_WEIGHT, SPREAD_WEIGHT = 4.0, 0.1


class Moments(NamedTuple):
    """First and second moments of features.

    Attributes:
        mean: (B, heads, C / heads, 1).
        covariance: (B, heads, C / heads, C / heads).
    """

    mean: Tensor
    covariance: Tensor


class Factors(NamedTuple):
    """Of squared differences, summed over all channels and pairs of them.

    Attributes:
        mean, covariance: (B,) each.
    """

    mean: Tensor
    covariance: Tensor


def moments(features: Tensor, heads: int = 1, weights: Tensor | None = None) -> Moments:
    """Mean over places, and covariance between channels.

    Args:
        features: (B, C, H, W).
        heads: how many groups the channels are split into, each with a covariance of its own.
        weights: (1 or B, 1, H, W), where features count; see `place_shares`.

    Example:
        >>> import torch
        >>> mean, covariance = moments(torch.tensor([[[[1.0, 3.0]], [[2.0, 2.0]]]]))
        >>> mean.flatten().tolist(), covariance.squeeze().tolist()
        ([2.0, 2.0], [[1.0, 0.0], [0.0, 0.0]])
    """
    x = split_heads(features, heads)  # (B, heads, C / heads, n)
    shares = None if weights is None else place_shares(weights, features)
    mean = mean_over_places(x, shares)  # (B, heads, C / heads, 1)
    # Centred first: E[xy] - E[x]E[y] would lose the covariance of features with a large mean.
    x = x - mean
    return Moments(mean, x @ x.mT / x.shape[-1] if shares is None else (x * shares) @ x.mT)


def moments_loss(
    features: Tensor, target: Moments, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """|μ - μ'|² / |μ'|² + |Σ - Σ'|² / |Σ'|², both norms over all channels of the picture.

    Args:
        features: (B, C, H, W).
        target: moments of the style's features, with the same heads.
        heads, weights: see `moments`.

    Returns:
        A scalar, at least 0: 0 for the same moments, about 2 for a picture without features,
        averaged over the batch.

    Source: mean and covariance as the style of a layer, Li et al., "Demystifying neural style
    transfer" (2017), who derive that matching Gram matrices is matching distributions; the
    division by the target's own norm is this project's.

    Example:
        >>> import torch
        >>> x = 1 + torch.randn(1, 4, 8, 8)
        >>> moments_loss(x, moments(x)).item()
        0.0
        >>> round(moments_loss(torch.zeros_like(x), moments(x)).item(), 2)
        2.0
    """
    return relative_moments(moments(features, heads, weights), target)


def relative_moments(own: Moments, target: Moments) -> Tensor:
    """`moments_loss` of features whose moments are known."""
    return _apart(own, target, relative_factors(target))


def plain_loss(
    features: Tensor, target: Moments, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """`moments_loss` for a style that has a colour and no texture.

    Its own spread is next to nothing, and divided by it the wish for none would outweigh the
    colour and the photograph: whatever varies least, a grey mud, would win. So both terms are
    divided by the mean square of its features, as in a Gram matrix, whose loss weighs a mean so.

    Args:
        features, target, heads, weights: as for `moments_loss`.

    Returns:
        A scalar, at least 0: 0 for the same moments.

    Example:
        >>> import torch
        >>> red = Moments(torch.full((1, 1, 4, 1), 3.0), torch.zeros(1, 1, 4, 4))
        >>> plain_loss(torch.full((1, 4, 8, 8), 3.0), red).item()
        0.0
    """
    return plain_moments(moments(features, heads, weights), target)


def plain_moments(own: Moments, target: Moments) -> Tensor:
    """`plain_loss` of features whose moments are known."""
    return _apart(own, target, plain_factors(target))


def relative_factors(target: Moments) -> Factors:
    """What `moments_loss` multiplies squared differences by, of a target.

    Example:
        >>> import torch
        >>> one = Moments(torch.ones(1, 1, 1, 1), torch.ones(1, 1, 1, 1))
        >>> [round(factor.item(), 3) for factor in relative_factors(one)]
        [0.998, 1.0]
    """
    groups, channels = target.covariance.shape[1:3]
    squares = target.mean.square().sum((1, 2, 3))
    # (mean square of the target's features)², the size its covariance would have if it varied.
    size = _mean_square(target)
    floor = least(size)
    own = target.covariance.square().sum((1, 2, 3)) + groups * channels * floor.square()
    # |Σ'|² of a target whose channels all vary together, as little as is allowed.
    allowed = groups * (channels * least_spread(size)).square()
    of_mean = 1 / (squares + groups * channels * floor)
    return Factors(of_mean, 1 / torch.maximum(own, allowed))


def plain_factors(target: Moments) -> Factors:
    """What `plain_loss` multiplies squared differences by, of a target."""
    groups, channels = target.covariance.shape[1:3]
    size = _mean_square(target)
    size = size + least(size)
    spread = groups * (channels * size).square()
    return Factors(MEAN_WEIGHT / (groups * channels * size), SPREAD_WEIGHT / spread)


def _apart(own: Moments, target: Moments, factors: Factors) -> Tensor:
    """How far moments are from those of a target, averaged over the batch."""
    off = (own.mean - target.mean).square().sum((1, 2, 3))
    apart = (own.covariance - target.covariance).square().sum((1, 2, 3))
    return (factors.mean * off + factors.covariance * apart).mean()


def _mean_square(target: Moments) -> Tensor:
    """Of the target's features, (B,)."""
    diagonal = target.covariance.diagonal(dim1=-2, dim2=-1)
    return target.mean.square().mean((1, 2, 3)) + diagonal.mean((1, 2))


class MomentsLoss(nn.Module):
    """`moments_loss` of features against those of a style image, whose moments it keeps.

    Args:
        style_features: (B, C, H, W).
        heads: see `moments`.
    """

    mean: Tensor
    covariance: Tensor

    def __init__(self, style_features: Tensor, heads: int = 1) -> None:
        super().__init__()
        self.heads = heads
        target = moments(style_features.detach(), heads)
        self.register_buffer("mean", target.mean)
        self.register_buffer("covariance", target.covariance)

    def forward(self, features: Tensor) -> Tensor:
        """The loss of (B, C, H, W) features."""
        return moments_loss(features, Moments(self.mean, self.covariance), self.heads)
