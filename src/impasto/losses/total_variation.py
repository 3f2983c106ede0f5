"""Total variation: how much neighbouring pixels differ."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from impasto.errors import UnknownNameError

__all__ = [
    "TotalVariationLoss",
    "add_vectorial_gradient",
    "charbonnier_total_variation",
    "squared_total_variation",
    "total_variation",
    "vectorial_total_variation",
]


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


def charbonnier_total_variation(x: Tensor, epsilon: float = 0.01) -> Tensor:
    """½ · (mean c(vertical difference) + mean c(horizontal difference)), c(d) = √(d² + ε²) - ε.

    `total_variation` with its corner rounded, so that L-BFGS does not stall on it; never more
    than ε below it.

    Args:
        x: (B, C, H, W), H and W at least 2.
        epsilon: where the corner is rounded, in the units of `x`; above 0.

    Returns:
        A scalar, at least 0.

    Source: Charbonnier et al. (1994), equation 10.

    Example:
        >>> import torch
        >>> x = torch.tensor([[[[0.0, 4.0], [0.0, 4.0]]]])
        >>> charbonnier_total_variation(x, epsilon=3.0).item()  # ½ · (√(16 + 9) - 3)
        1.0
    """
    down, right = _differences(x)
    return 0.5 * (_charbonnier(down, epsilon).mean() + _charbonnier(right, epsilon).mean())


def vectorial_total_variation(x: Tensor, epsilon: float = 0.01) -> Tensor:
    """½ · mean over places of √(|∇|² + ε²) - ε, where |∇|² is summed over the channels.

    The others count rows, columns and channels apart: an edge costs less upright or level than
    aslant, and each channel may have its own. Here an edge costs much the same whichever way it
    runs, and least where all channels share it: fewer boxes, fewer coloured fringes. A place is
    the middle of four pixels; each of its two squared differences is the mean of a pair's.

    Args:
        x: (B, C, H, W), H and W at least 2.
        epsilon: where the corner is rounded, in the units of `x`; above 0.

    Returns:
        A scalar, at least 0.

    Source: Bresson and Chan (2008), the vectorial total variation, rounded as above.

    Example:
        >>> import torch
        >>> x = torch.tensor([[[[0.0, 4.0], [0.0, 4.0]]]])
        >>> vectorial_total_variation(x, epsilon=3.0).item()  # ½ · (√(16 + 9) - 3)
        1.0
        >>> x = torch.tensor([[[[0.0, 3.0], [4.0, 7.0]]]])
        >>> round(vectorial_total_variation(x, epsilon=1e-6).item(), 3)  # ½ · √(3² + 4²)
        2.5
    """
    down, right = (difference.square() for difference in _differences(x))
    square = down[..., 1:] + down[..., :-1] + right[..., 1:, :] + right[..., :-1, :]
    return 0.5 * ((0.5 * square.sum(1) + epsilon**2).sqrt() - epsilon).mean()


# Rows at a time, so that what comes of them stays in the processor's cache.
BAND = 64


def add_vectorial_gradient(
    x: Tensor, gradient: Tensor, factor: float, epsilon: float = 0.01
) -> Tensor:
    """`vectorial_total_variation` of one picture, and its gradient in the same go.

    Automatic differentiation takes four times as long.

    Args:
        x: (1, C, H, W), H and W at least 2.
        gradient: of that shape; `factor` times the loss's is added to it, in place.
        factor: of the loss in a sum.
        epsilon: as for `vectorial_total_variation`.

    Returns:
        The loss before its factor, a scalar.

    Example:
        >>> x, gradient = torch.tensor([[[[0.0, 4.0], [0.0, 4.0]]]]), torch.zeros(1, 1, 2, 2)
        >>> add_vectorial_gradient(x, gradient, 10.0, epsilon=3.0).item()
        1.0
        >>> gradient[0, 0].tolist()  # ½ · 4 / √(16 + 9), half of it to each of two pixels
        [[-2.0, 2.0], [-2.0, 2.0]]
    """
    _, _, height, width = x.shape
    places = (height - 1) * (width - 1)
    total = x.new_zeros(())
    for top in range(0, height - 1, BAND):
        bottom = min(top + BAND, height - 1)  # the last row of this band, the first of the next
        down, right = _differences(x[0, :, top : bottom + 1])
        by_column, by_row = down.square().sum(0), right.square().sum(0)
        root = by_column[:, 1:] + by_column[:, :-1]
        root.add_(by_row[1:]).add_(by_row[:-1])
        root.mul_(0.5).add_(epsilon**2).sqrt_()
        total += root.sum()
        slope = root.reciprocal_().mul_(factor / (4 * places))
        of_down, of_right = torch.zeros_like(by_column), torch.zeros_like(by_row)
        of_down[:, 1:] += slope
        of_down[:, :-1] += slope
        of_right[1:] += slope
        of_right[:-1] += slope
        down *= of_down
        right *= of_right
        into = gradient[0, :, top : bottom + 1]
        into[:, 1:] += down
        into[:, :-1] -= down
        into[..., 1:] += right
        into[..., :-1] -= right
    return 0.5 * (total / places - epsilon)


def _charbonnier(difference: Tensor, epsilon: float) -> Tensor:
    return (difference.square() + epsilon**2).sqrt() - epsilon


Kind = Literal["squared", "l1", "charbonnier", "vectorial"]
KINDS = {
    "squared": squared_total_variation,
    "l1": total_variation,
    "charbonnier": charbonnier_total_variation,
    "vectorial": vectorial_total_variation,
}


class TotalVariationLoss(nn.Module):
    """One of the total variations: "squared", "l1", "charbonnier" or "vectorial"."""

    def __init__(self, kind: Kind = "squared") -> None:
        super().__init__()
        if kind not in KINDS:
            raise UnknownNameError("total variation", kind, KINDS)
        self.kind = kind

    def forward(self, x: Tensor) -> Tensor:
        """The loss of (B, C, H, W) pictures."""
        return KINDS[self.kind](x)

    def add_gradient(self, x: Tensor, gradient: Tensor, factor: float) -> Tensor:
        """The loss of one picture; its gradient comes on top of another, in place.

        Args:
            x: (1, C, H, W).
            gradient: of that shape; `factor` times the loss's is added to it.
            factor: of the loss in a sum, above 0.
        """
        if self.kind == "vectorial":
            return add_vectorial_gradient(x, gradient, factor)
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            loss: Tensor = self(x)
            (own,) = torch.autograd.grad(loss, x)
        gradient.add_(own, alpha=factor)
        return loss.detach()
