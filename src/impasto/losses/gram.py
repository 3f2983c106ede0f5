"""Gram matrices: which channels fire together, wherever in the picture that is."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import SettingError

__all__ = ["GramLoss", "gram_loss", "gram_matrix", "split_heads"]


def split_heads(features: Tensor, heads: int) -> Tensor:
    """(B, C, H, W) features as (B, heads, C / heads, n), n = H·W.

    Raises:
        SettingError: if `heads` does not divide the channels.
    """
    batch, channels, height, width = features.shape
    if channels % heads:
        fitting = [str(d) for d in range(1, channels + 1) if channels % d == 0]
        raise SettingError(
            f"{channels} channels cannot be split into {heads} heads: take one of "
            f"{', '.join(fitting)}"
        )
    return features.reshape(batch, heads, channels // heads, height * width)


def gram_matrix(features: Tensor, heads: int = 1) -> Tensor:
    """X Xᵀ / (C·n), X the features as a (C, n) matrix.

    Args:
        features: (B, C, H, W).
        heads: how many groups the channels are split into, each with a matrix of its own;
            products of channels of different groups are left out.

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
    gram = x @ x.mT / (features.shape[1] * x.shape[-1])  # (B, heads, C / heads, C / heads)
    return gram.squeeze(1) if heads == 1 else gram


def gram_loss(features: Tensor, target: Tensor, heads: int = 1) -> Tensor:
    """Mean of squared differences of the features' Gram matrix and a target one.

    Args:
        features: (B, C, H, W).
        target: a Gram matrix, as `gram_matrix` gives it with the same heads.
        heads: see `gram_matrix`.

    Returns:
        A scalar, at least 0.

    Source: Dive into Deep Learning, section 14.12.5.2.

    Example:
        >>> import torch
        >>> x = torch.randn(1, 4, 8, 8)
        >>> gram_loss(x.flip(-1), gram_matrix(x)).item() < 1e-12  # where things are does not count
        True
    """
    return F.mse_loss(gram_matrix(features, heads), target)


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
