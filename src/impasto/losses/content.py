"""Content loss: how far features are from those of the content image."""

from __future__ import annotations

from typing import Literal

import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import UnknownNameError

__all__ = ["ContentLoss", "mse", "relative_mse"]

# Share of the target's mean square: a picture of one colour varies nowhere, and without it would
# hold the painting fast; the smallest number keeps the quotient finite for a target all zero.
FLOOR, SMALLEST = 1e-2, 1e-8


def mse(features: Tensor, target: Tensor) -> Tensor:
    """Mean of squared differences: mean((X - Y)²), the chapter's content loss.

    Args:
        features: (B, C, H, W).
        target: the same shape.

    Returns:
        A scalar, at least 0.

    Source: Dive into Deep Learning, section 14.12.5.1.

    Example:
        >>> import torch
        >>> mse(torch.ones(1, 2, 3, 3), torch.zeros(1, 2, 3, 3)).item()
        1.0
    """
    return F.mse_loss(features, target)


def relative_mse(features: Tensor, target: Tensor) -> Tensor:
    """Mean of squared differences over the target's variance: mean((X - Y)²) / var(Y).

    The variance is taken over places, so that a picture of the target's mean features, which
    shows nothing of the subject, is about 1 away on any backbone and layer. A hundredth of
    mean(Y²) is added to it, for targets that hardly vary.

    Args:
        features: (B, C, H, W).
        target: the same shape.

    Returns:
        A scalar, at least 0.

    Example:
        >>> import torch
        >>> y = torch.tensor([1.0, 3.0]).view(1, 1, 1, 2)
        >>> round(relative_mse(torch.full_like(y, 2.0), y).item(), 2)  # 1 / (1 + 0.01 · 5)
        0.95
    """
    spread = (target - target.mean((-2, -1), keepdim=True)).square().mean()
    return F.mse_loss(features, target) / (spread + FLOOR * target.square().mean() + SMALLEST)


class ContentLoss(nn.Module):
    """`mse` or `relative_mse` of features against a target.

    Args:
        kind: "mse" or "relative".
    """

    def __init__(self, kind: Literal["relative", "mse"] = "relative") -> None:
        super().__init__()
        if kind not in ("relative", "mse"):
            raise UnknownNameError("content loss", kind, ["relative", "mse"])
        self.kind = kind

    def forward(self, features: Tensor, target: Tensor) -> Tensor:
        """The loss of (B, C, H, W) features against a target of the same shape."""
        return mse(features, target) if self.kind == "mse" else relative_mse(features, target)
