"""Content loss: how far features are from those of the content image."""

from __future__ import annotations

from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import UnknownNameError
from impasto.losses.spatial_weights import mean_over_places, place_shares
from impasto.losses.taps import MeanSquareTap, Tap

__all__ = ["ContentLoss", "mse", "relative_mse"]

# Share of the target's mean square: a picture of one colour varies nowhere, and without it would
# hold the painting fast; the smallest number keeps the quotient finite for a target all zero.
FLOOR, SMALLEST = 1e-2, 1e-8


def mse(features: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """Mean of squared differences: mean((X - Y)²), the chapter's content loss.

    Args:
        features: (B, C, H, W).
        target: the same shape.
        weights: (1 or B, 1, H, W), at least 0 with any sum above 0: where features count.

    Returns:
        A scalar, at least 0.

    Source: Dive into Deep Learning, section 14.12.5.1.

    Example:
        >>> import torch
        >>> mse(torch.ones(1, 2, 3, 3), torch.zeros(1, 2, 3, 3)).item()
        1.0
    """
    if weights is None:
        return F.mse_loss(features, target)
    squares = (features - target).square().flatten(2).unsqueeze(1)  # (B, 1, C, n)
    return mean_over_places(squares, place_shares(weights, features)).mean()


def relative_mse(
    features: Tensor, target: Tensor, weights: Tensor | None = None, *, blank: bool = False
) -> Tensor:
    """Mean of squared differences over the target's variance: mean((X - Y)²) / var(Y).

    The variance is taken over places, so that a picture of the target's mean features, which
    shows nothing of the subject, is about 1 away on any backbone and layer. A hundredth of
    mean(Y²) is added to it, for targets that hardly vary.

    Args:
        features: (B, C, H, W).
        target: the same shape.
        weights: as for `mse`; they weigh the variance too.
        blank: whether the target shows nothing: it is then divided by mean(Y²), since a variance
            that is noise would hold the painting fast.

    Returns:
        A scalar, at least 0.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, 3.0]).view(1, 1, 1, 2)
        >>> round(relative_mse(torch.full_like(y, 2.0), y).item(), 2)  # 1 / (1 + 0.01 · 5)
        0.95
    """
    return mse(features, target, weights) / _own_size(target, weights, blank=blank)


def _own_size(target: Tensor, weights: Tensor | None, *, blank: bool) -> Tensor:
    """What `relative_mse` divides by."""
    if weights is None:
        mean = target.mean((-2, -1), keepdim=True)
    else:
        flat = target.flatten(2).unsqueeze(1)  # (B, 1, C, n)
        mean = mean_over_places(flat, place_shares(weights, target)).squeeze(1).unsqueeze(-1)
    spread = mse(target, mean.expand_as(target), weights)
    size = mse(target, target.new_zeros(()).expand_as(target), weights)
    return (size if blank else spread + FLOOR * size) + SMALLEST


class ContentLoss(nn.Module):
    """`mse` or `relative_mse` of features against a target.

    Args:
        kind: "mse" or "relative".
        blank: as for `relative_mse`; "mse" has no use for it.
    """

    def __init__(
        self, kind: Literal["relative", "mse"] = "relative", *, blank: bool = False
    ) -> None:
        super().__init__()
        if kind not in ("relative", "mse"):
            raise UnknownNameError("content loss", kind, ["relative", "mse"])
        self.kind, self.blank = kind, blank

    def forward(self, features: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
        """The loss of (B, C, H, W) features against a target of the same shape."""
        if self.kind == "mse":
            return mse(features, target, weights)
        return relative_mse(features, target, weights, blank=self.blank)

    def tap(self, target: Tensor, weights: Tensor | None = None) -> Tap:
        """The same loss against one target, as what looks at features on their way.

        Example:
            >>> import torch
            >>> x, y = torch.rand(2, 1, 4, 3, 3)
            >>> loss = ContentLoss()
            >>> bool(torch.isclose(loss.tap(y)(x), loss(x, y)))
            True
        """
        own = 1.0
        if self.kind != "mse":
            own = _own_size(target, weights, blank=self.blank).item()
        return MeanSquareTap(target, own, weights)
