"""Gram matrices: which channels fire together, wherever in the picture that is."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import SettingError
from impasto.losses.norm_floor import least
from impasto.losses.spatial_weights import place_shares

__all__ = [
    "GramLoss",
    "gram_apart",
    "gram_loss",
    "gram_matrix",
    "head_size",
    "own_size",
    "relative_gram",
    "relative_gram_loss",
    "split_heads",
]


def split_heads(features: Tensor, heads: int) -> Tensor:
    """(B, C, H, W) features as (B, heads, C / heads, n), n = H·W.

    Raises:
        SettingError: if `heads` does not divide the channels.
    """
    batch, channels, height, width = features.shape
    return features.reshape(batch, heads, head_size(channels, heads), height * width)


def head_size(channels: int, heads: int) -> int:
    """How many channels a head has.

    Raises:
        SettingError: if `heads` does not divide the channels.

    Example:
        >>> head_size(12, 3)
        4
    """
    if channels % heads:
        fitting = [str(d) for d in range(1, channels + 1) if channels % d == 0]
        raise SettingError(
            f"{channels} channels cannot be split into {heads} heads: take one of "
            f"{', '.join(fitting)}"
        )
    return channels // heads


def gram_matrix(features: Tensor, heads: int = 1, weights: Tensor | None = None) -> Tensor:
    """X Xᵀ / (C·n), X the features as a (C, n) matrix.

    Args:
        features: (B, C, H, W).
        heads: how many groups the channels are split into, each with a matrix of its own;
            products of channels of different groups are left out.
        weights: (1 or B, 1, H, W), where features count; see `place_shares`. The mean over
            places is then the weighted one.

    Returns:
        (B, C, C), or (B, heads, C / heads, C / heads) for more than one head. C in the
        divisor is the number of all channels.

    Source: Dive into Deep Learning, section 14.12.5.2; Gatys et al. (2016), equation 3, who
    divide in the loss instead.

    Example:
        >>> import torch
        >>> gram_matrix(torch.ones(1, 2, 3, 3))
        tensor([[[0.5000, 0.5000],
                 [0.5000, 0.5000]]])
    """
    x = split_heads(features, heads)  # (B, heads, C / heads, n)
    if weights is None:
        gram = x @ x.mT / (features.shape[1] * x.shape[-1])  # (B, heads, C / heads, C / heads)
    else:
        gram = (x * place_shares(weights, features)) @ x.mT / features.shape[1]
    return gram.squeeze(1) if heads == 1 else gram


def gram_loss(
    features: Tensor, target: Tensor, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """Mean of squared differences of the features' Gram matrix and a target one.

    Args:
        features: (B, C, H, W).
        target: a Gram matrix, as `gram_matrix` gives it with the same heads; (1, …) serves all B.
        heads, weights: see `gram_matrix`.

    Returns:
        A scalar, at least 0.

    Source: Dive into Deep Learning, section 14.12.5.2.

    Example:
        >>> import torch
        >>> x = torch.randn(1, 4, 8, 8)
        >>> gram_loss(x.flip(-1), gram_matrix(x)).item() < 1e-10  # where things are does not count
        True
    """
    return gram_apart(gram_matrix(features, heads, weights), target)


def gram_apart(gram: Tensor, target: Tensor) -> Tensor:
    """`gram_loss` of features whose Gram matrix is known."""
    return F.mse_loss(gram, target.expand_as(gram))


def relative_gram_loss(
    features: Tensor, target: Tensor, heads: int = 1, weights: Tensor | None = None
) -> Tensor:
    """|G - G'|² / |G'|²: how far Gram matrices are apart, over the target's own size.

    Args:
        features: (B, C, H, W).
        target: a Gram matrix, as `gram_matrix` gives it with the same heads; (1, …) serves all B.
        heads, weights: see `gram_matrix`.

    Returns:
        A scalar, at least 0: 0 for the same matrix, about 1 for a picture without features,
        averaged over the batch.

    Source: Gatys et al. (2016), equations 3 to 5; the division by the target's own norm is this
    project's.

    Example:
        >>> import torch
        >>> x = torch.ones(1, 2, 3, 3)
        >>> round(relative_gram_loss(2 * x, gram_matrix(x)).item(), 3)  # (4 - 1)²
        9.0
    """
    return relative_gram(gram_matrix(features, heads, weights), target)


def relative_gram(gram: Tensor, target: Tensor) -> Tensor:
    """`relative_gram_loss` of features whose Gram matrix is known."""
    off = (gram - target).flatten(1).square().sum(1)
    return (off / own_size(target)).mean()


def own_size(target: Tensor) -> Tensor:
    """What `relative_gram_loss` divides by, of a target: |G'|², and a little for one that sleeps.

    Args:
        target: (B, C, C), or (B, heads, C / heads, C / heads).

    Returns:
        (B,).

    Example:
        >>> import torch
        >>> round(own_size(torch.full((1, 1, 1), 2.0)).item(), 3)
        4.0
    """
    # The mean square of the target's features. Spread evenly over C channels that are never awake
    # together, it makes the smallest |G'|², its square / C.
    size = target.diagonal(dim1=-2, dim2=-1).flatten(1)
    floor = least(size.sum(1)).square() / size.shape[1]
    return target.flatten(1).square().sum(1) + floor


class GramLoss(nn.Module):
    """`gram_loss` of features against those of a style image, whose Gram matrix it keeps.

    Args:
        style_features: (B, C, H, W).
        heads: see `gram_matrix`.
    """

    target: Tensor

    def __init__(self, style_features: Tensor, heads: int = 1) -> None:
        super().__init__()
        self.heads = heads
        self.register_buffer("target", gram_matrix(style_features.detach(), heads))

    def forward(self, features: Tensor) -> Tensor:
        """The loss of (B, C, H, W) features."""
        return gram_loss(features, self.target, self.heads)
