"""Total variation: how much neighbouring pixels differ."""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

__all__ = ["TotalVariationLoss", "squared_total_variation", "total_variation"]


def _differences(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]


def total_variation(x: Tensor) -> Tensor:
    """½ · (mean |vertical difference| + mean |horizontal difference|).

    Args:
        x: (B, C, H, W), H and W at least 2.

    Returns:
        A scalar, at least 0.

    Source: Dive into Deep Learning, section 14.12.5.3. Not smooth at 0: L-BFGS stalls on it.

    Example:
        >>> import torch
        >>> checkerboard = torch.tensor([[[[0.0, 1.0], [1.0, 0.0]]]])
        >>> total_variation(checkerboard).item()
        1.0
    """
    down, right = _differences(x)
    return 0.5 * (down.abs().mean() + right.abs().mean())


def squared_total_variation(x: Tensor) -> Tensor:
    """½ · (mean vertical difference² + mean horizontal difference²): smooth everywhere.

    Args:
        x: (B, C, H, W), H and W at least 2.

    Returns:
        A scalar, at least 0.

    Source: Mahendran and Vedaldi (2015), equation 5 with β = 2, as means and with a factor ½.

    Example:
        >>> import torch
        >>> squared_total_variation(torch.tensor([[[[0.0, 2.0], [0.0, 2.0]]]])).item()
        2.0
    """
    down, right = _differences(x)
    return 0.5 * (down.square().mean() + right.square().mean())


class TotalVariationLoss(nn.Module):
    """`total_variation` ("l1") or `squared_total_variation` ("squared")."""

    def __init__(self, kind: Literal["squared", "l1"] = "squared") -> None:
        super().__init__()
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        """The loss of (B, C, H, W) pictures."""
        return total_variation(x) if self.kind == "l1" else squared_total_variation(x)
