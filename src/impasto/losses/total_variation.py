"""Total variation: how much neighbouring pixels differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor, nn

from impasto.errors import UnknownNameError
from impasto.losses.windows import Window, parts, total_of

__all__ = [
    "TotalVariationLoss",
    "add_vectorial_gradient",
    "charbonnier_total_variation",
    "squared_total_variation",
    "total_variation",
    "vectorial_total_variation",
]

# Where a corner is rounded, in the units of a standardised picture.
EPSILON = 0.01


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


def charbonnier_total_variation(x: Tensor, epsilon: float = EPSILON) -> Tensor:
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


def vectorial_total_variation(x: Tensor, epsilon: float = EPSILON) -> Tensor:
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
    x: Tensor, gradient: Tensor, factor: float, epsilon: float = EPSILON
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
        band = slice(top, min(top + BAND, height - 1) + 1)  # its last row is the next one's first
        root = _pull_vectorial(x[0, :, band], gradient[0, :, band], factor / (4 * places), epsilon)
        total += root.sum()
    return 0.5 * (total / places - epsilon)


def _pull_vectorial(x: Tensor, gradient: Tensor, slope: float, epsilon: float) -> Tensor:
    """√(|∇|² + ε²) at the middles of (C, h, w), (h - 1, w - 1); its gradient is added in place.

    Twice `slope` is what a middle counts in the loss.
    """
    down, right = _differences(x)
    by_column, by_row = down.square().sum(0), right.square().sum(0)
    root = by_column[:, 1:] + by_column[:, :-1]
    root.add_(by_row[1:]).add_(by_row[:-1])
    root.mul_(0.5).add_(epsilon**2).sqrt_()
    slopes = root.reciprocal().mul_(slope)
    of_down, of_right = torch.zeros_like(by_column), torch.zeros_like(by_row)
    of_down[:, 1:] += slopes
    of_down[:, :-1] += slopes
    of_right[1:] += slopes
    of_right[:-1] += slopes
    down *= of_down
    right *= of_right
    gradient[:, 1:] += down
    gradient[:, :-1] -= down
    gradient[..., 1:] += right
    gradient[..., :-1] -= right
    return root


def _owned(window: Window, down: int, right: int) -> tuple[slice, slice]:
    """The own places that another follows, so far down and right."""
    return (
        slice(window.rows.start, min(window.rows.stop, window.height - window.top - down)),
        slice(window.columns.start, min(window.columns.stop, window.width - window.left - right)),
    )


def _pull_middles(x: Tensor, gradient: Tensor, window: Window, factor: float) -> float:
    """A window's share of `vectorial_total_variation`, and `factor` times its gradient."""
    rows, columns = _owned(window, 1, 1)
    places, total = (window.height - 1) * (window.width - 1), 0.0
    wide = slice(columns.start, columns.stop + 1)
    for begin in range(rows.start, rows.stop, BAND):
        band = slice(None), slice(begin, min(begin + BAND, rows.stop) + 1), wide
        root = _pull_vectorial(x[band], gradient[band], factor / (4 * places), EPSILON)
        total += total_of((root - EPSILON).unsqueeze(-1))
    return 0.5 * total / places


def _pull_differences(
    rule: Callable[[Tensor], tuple[Tensor, Tensor]],
    x: Tensor,
    gradient: Tensor,
    window: Window,
    factor: float,
    offset: tuple[int, int],
) -> float:
    """A window's share of half the mean over differences, and `factor` times its gradient."""
    down, right = offset
    rows, columns = _owned(window, down, right)
    on = (
        slice(rows.start + down, rows.stop + down),
        slice(columns.start + right, columns.stop + right),
    )
    near, of_near = (part[:, rows, columns] for part in (x, gradient))
    far, of_far = (part[:, on[0], on[1]] for part in (x, gradient))
    channels, height, width = near.shape
    each = 0.5 / (channels * (window.height - down) * (window.width - right))
    total = 0.0
    for part in parts(height, channels * width):
        values, slopes = rule(far[:, part] - near[:, part])
        total += total_of(values.permute(1, 2, 0))
        slopes *= factor * each
        of_far[:, part] += slopes
        of_near[:, part] -= slopes
    return each * total


def _squared_and_slope(difference: Tensor) -> tuple[Tensor, Tensor]:
    return difference.square(), 2 * difference


def _absolute_and_slope(difference: Tensor) -> tuple[Tensor, Tensor]:
    return difference.abs(), difference.sign()


def _charbonnier_and_slope(difference: Tensor) -> tuple[Tensor, Tensor]:
    root = (difference.square() + EPSILON**2).sqrt()
    return root - EPSILON, difference / root


# Of the kinds that count each difference by itself: what it counts, and the derivative.
OF_DIFFERENCE = {
    "squared": _squared_and_slope,
    "l1": _absolute_and_slope,
    "charbonnier": _charbonnier_and_slope,
}


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

    def pull(self, x: Tensor, gradient: Tensor, window: Window, factor: float) -> float:
        """One part's share of the loss of the whole; its gradient is added to another, in place.

        A difference is its upper left pixel's, and so is the middle of four.

        Args:
            x: (1, C, h, w) of a cut-out, with a pixel below and right of its own ones unless the
                picture ends there.
            gradient: of that shape; `factor` times the loss's is added to it.
            window: what of the cut-out is this part's own, in pixels of a picture of at least
                2 x 2.
            factor: of the loss in a sum, above 0.

        Returns:
            The share before its factor; those of all parts are the loss.

        Raises:
            SettingError: the cut-out is too small.

        Example:
            >>> checkerboard = torch.tensor([[[[0.0, 1.0], [1.0, 0.0]]]])
            >>> left = Window(slice(0, 2), slice(0, 1), 0, 0, 2, 2)
            >>> TotalVariationLoss("l1").pull(checkerboard, checkerboard.clone(), left, 1.0)
            0.75
        """
        window.check(x, 1, 1)
        if self.kind == "vectorial":
            return _pull_middles(x[0], gradient[0], window, factor)
        return sum(
            _pull_differences(OF_DIFFERENCE[self.kind], x[0], gradient[0], window, factor, offset)
            for offset in ((1, 0), (0, 1))
        )
