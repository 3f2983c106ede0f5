"""Content loss: how far features are from those of the content image."""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import SettingError, UnknownNameError
from impasto.losses.spatial_weights import mean_over_places, place_shares
from impasto.losses.sums import measured
from impasto.losses.taps import MeanSquareTap, Tap
from impasto.losses.windows import Window, parts, total_of

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

    def measure(self, features: Tensor, window: Window, weights: Tensor | None = None) -> Tensor:
        """What one part of the target adds to the sums that `divisor` takes.

        Args:
            features: the target's, (1, C, h, w) of the cut-out.
            window: what of them is this part's own.
            weights: (1, 1, h, w), at least 0, where features count; all 0 is allowed here.

        Returns:
            (C + 2,), float64, on the CPU: Σw, Σw·y by channel, Σw·|y|²; w is 1 without weights.

        Example:
            >>> import torch
            >>> ContentLoss().measure(torch.tensor([[[[1.0, 3.0]]]]), Window.whole(1, 2)).tolist()
            [2.0, 4.0, 10.0]
        """
        sums = measured(features, window, weights=weights)
        squares = sums.product[0, 0].diagonal().sum()
        return torch.cat([sums.weight, sums.near[0], squares.view(1)])

    def divisor(self, sums: Tensor, channels: int) -> float:
        """What squared differences are divided by, 1 for "mse".

        Args:
            sums: those of all parts, added up.
            channels: of the features.

        Raises:
            SettingError: no place counts.

        Example:
            >>> import torch
            >>> round(ContentLoss().divisor(torch.tensor([2.0, 4.0, 10.0]), 1), 2)  # 1 + 0.01 · 5
            1.05
        """
        if not sums[0] > 0:
            raise SettingError(
                "weights of places are all 0 in a picture: each picture needs one above 0"
            )
        if self.kind == "mse":
            return 1.0
        mean, size = sums[1:-1] / sums[0], sums[-1].item() / (sums[0].item() * channels)
        spread = size - mean.square().sum().item() / channels
        return (size if self.blank else max(spread, 0.0) + FLOOR * size) + SMALLEST

    def pull(
        self,
        features: Tensor,
        target: Tensor,
        gradient: Tensor,
        window: Window,
        weights: Tensor | None,
        weight_total: float,
        divisor: float,
        factor: float,
    ) -> float:
        """One part's share of the loss; its gradient is added to another, in place.

        Args:
            features: (1, C, h, w) of the cut-out.
            target: (1, C, …) of the own places alone.
            gradient: of the features' shape and precision; `factor` times the loss's is added.
            window: what of the features is this part's own.
            weights: (1, 1, h, w), as for `measure`.
            weight_total: the first of the sums that `divisor` was given: places, or their weights.
            divisor: of the whole.
            factor: of the loss in a sum.

        Returns:
            The share before its factor; those of all parts are the loss.

        Example:
            >>> import torch
            >>> x, y = torch.tensor([[[[1.0, 3.0]]]]), torch.zeros(1, 1, 1, 2)
            >>> gradient = torch.zeros_like(x)
            >>> ContentLoss("mse").pull(x, y, gradient, Window.whole(1, 2), None, 2.0, 1.0, 10.0)
            5.0
            >>> gradient.flatten().tolist()
            [10.0, 30.0]
        """
        window.check(features)
        own = window.rows, window.columns
        x, into = (part[0].permute(1, 2, 0)[own] for part in (features, gradient))
        y = target[0].permute(1, 2, 0)
        w = None if weights is None else weights[0, 0][own].unsqueeze(-1)
        rows, columns, channels = x.shape
        exact = torch.promote_types(x.dtype, torch.float32)
        scale, total = 1 / (weight_total * channels * divisor), 0.0
        for part in parts(rows, channels * columns):
            off = x[part].to(exact) - y[part].to(exact)
            weighted = off if w is None else off * w[part].to(off)
            total += total_of(weighted * off)
            into[part].add_(weighted.to(into.dtype), alpha=2 * factor * scale)
        return scale * total

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
