"""Losses of features that know their own gradient, and add it to one that is there.

Automatic differentiation keeps a copy of what it goes through, makes the gradient of every loss as
a tensor of the features' size, and adds them up. A loss that is a polynomial of sums over places
needs none of that: its gradient is a matrix times the features, which one product adds in place.
Letters as in `impasto.losses`; the batch is 1 throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from impasto.losses.spatial_weights import place_shares

__all__ = [
    "AutogradTap",
    "Float32Tap",
    "GramTap",
    "MeanSquareTap",
    "MomentsTap",
    "Tap",
    "WeightedTap",
    "matrix_of",
]


class Tap(Protocol):
    """What looks at the features of one layer on their way through a network."""

    def __call__(self, features: Tensor) -> Tensor:
        """The loss, a scalar, of (1, C, H, W) features, which are kept until `pull`."""

    def pull(self, gradient: Tensor, factor: float) -> None:
        """Add `factor` times the gradient of the last loss to (1, C, H, W) `gradient`, in place."""


class WeightedTap(NamedTuple):
    """A tap at a layer, and its factor in the loss of its term."""

    layer: str
    weight: float
    tap: Tap


class AutogradTap:
    """Any loss of features, differentiated by torch.

    Args:
        loss: of (1, C, H, W) features, a scalar.

    Example:
        >>> tap = AutogradTap(lambda x: x.square().sum())
        >>> gradient = torch.zeros(1, 1, 1, 2)
        >>> tap(torch.tensor([[[[3.0, 4.0]]]])).item()
        25.0
        >>> tap.pull(gradient, 0.5)
        >>> gradient.flatten().tolist()
        [3.0, 4.0]
    """

    def __init__(self, loss: Callable[[Tensor], Tensor]) -> None:
        self._loss = loss

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        with torch.enable_grad():
            self._features = features.detach().requires_grad_()
            self._value = self._loss(self._features)
        return self._value.detach()

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `Tap` says."""
        (own,) = torch.autograd.grad(self._value, self._features)
        gradient.add_(own, alpha=factor)
        del self._features, self._value


class Float32Tap:
    """A tap of features and gradients in bfloat16, by one that knows float32 alone.

    Those that have a true attribute `in_bfloat16` take bfloat16 as it is, and sum it in float32.

    Example:
        >>> x = torch.ones(1, 1, 1, 2, dtype=torch.bfloat16)
        >>> tap = Float32Tap(AutogradTap(lambda x: x.square().sum()))
        >>> tap(x).item(), tap.pull(x, 0.5)
        (2.0, None)
        >>> x.flatten().tolist()
        [2.0, 2.0]
    """

    in_bfloat16 = True

    def __init__(self, tap: Tap) -> None:
        self._tap = tap

    @classmethod
    def where_needed(cls, tap: Tap) -> Tap:
        """The tap itself where it takes bfloat16."""
        return tap if getattr(tap, "in_bfloat16", False) else cls(tap)

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        return self._tap(features.float())

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `Tap` says."""
        own = torch.zeros_like(gradient, dtype=torch.float32)
        self._tap.pull(own, factor)
        gradient.add_(own.to(gradient.dtype))


class MeanSquareTap:
    """mean((X - Y)²) / d.

    Args:
        target: Y, (1, C, H, W).
        divisor: d, above 0.
        weights: (1, 1, H, W), as for `impasto.losses.mse`; None for everywhere.

    Example:
        >>> MeanSquareTap(torch.zeros(1, 1, 1, 2), 5.0)(torch.tensor([[[[3.0, 4.0]]]])).item()
        2.5
    """

    def __init__(self, target: Tensor, divisor: float, weights: Tensor | None = None) -> None:
        self._target = target
        self.in_bfloat16 = weights is None
        channels, places = target.shape[1], target[0, 0].numel()
        self._scale = 1 / (divisor * channels)
        self._shares = None
        if weights is None:
            self._scale /= places
        else:
            self._shares = place_shares(weights, target).view(1, 1, *target.shape[-2:])

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        self._difference = features.float() - self._target
        if self._shares is None:
            squares: Tensor = torch.linalg.vector_norm(self._difference).square()
            return squares * self._scale
        return (self._difference.square().sum(1, keepdim=True) * self._shares).sum() * self._scale

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `Tap` says."""
        if self._shares is not None:
            self._difference *= self._shares
        # Converted first: an addition of two precisions takes ten times as long.
        gradient.add_(self._difference.to(gradient.dtype), alpha=2 * factor * self._scale)
        del self._difference


class GramTap:
    """s·|G - G'|², G the Gram matrix of `impasto.losses.gram_matrix` without heads.

    Args:
        target: G', (1, C, C).
        scale: s.
        weights: (1, 1, H, W), where features count; None for everywhere.

    Example:
        >>> GramTap(torch.zeros(1, 1, 1), 2.0)(torch.tensor([[[[1.0, 3.0]]]])).item()  # 2 · 5²
        50.0
    """

    def __init__(self, target: Tensor, scale: float, weights: Tensor | None = None) -> None:
        self._target, self._scale, self._weights = target[0], scale, weights
        self.in_bfloat16 = weights is None

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        self._x, self._shares = matrix_of(features), _column(features, self._weights)
        _, second = _first_and_second(self._x, self._shares)
        self._apart = second / features.shape[1] - self._target
        return self._scale * self._apart.square().sum()

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `Tap` says."""
        matrix = self._apart * (4 * factor * self._scale / self._apart.shape[0])
        _add_product(gradient, self._x, matrix, None, self._shares)
        del self._x, self._shares


class MomentsTap:
    """a·|μ - μ'|² + b·|Σ - Σ'|², of mean and covariance over places, without heads.

    The covariance is E[xxᵀ] - μμᵀ here: one product with nothing to centre. It costs digits where
    the mean is large, a few millionths of E[x²] in float32, of which the floors of the divisors
    leave less than a thousandth of the loss.

    Args:
        mean, covariance: of the target, (1, 1, C, 1) and (1, 1, C, C).
        of_mean, of_covariance: a and b.
        weights: (1, 1, H, W), where features count; None for everywhere.

    Example:
        >>> tap = MomentsTap(torch.zeros(1, 1, 1, 1), torch.zeros(1, 1, 1, 1), 1.0, 1.0)
        >>> tap(torch.tensor([[[[1.0, 3.0]]]])).item()  # 2² + 1²
        5.0
    """

    def __init__(
        self,
        mean: Tensor,
        covariance: Tensor,
        of_mean: float,
        of_covariance: float,
        weights: Tensor | None = None,
    ) -> None:
        self._mean, self._covariance = mean.flatten(), covariance[0, 0]
        self._of_mean, self._of_covariance = of_mean, of_covariance
        self._weights = weights
        self.in_bfloat16 = weights is None

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        x, shares = matrix_of(features), _column(features, self._weights)
        return self.of(x, *_first_and_second(x, shares), shares)

    def of(self, x: Tensor, first: Tensor, second: Tensor, shares: Tensor | None = None) -> Tensor:
        """The loss of features that are summed up already.

        Args:
            x: the features, (n, C).
            first, second: E[x], (C,), and E[xxᵀ], (C, C), float32; the latter is overwritten.
            shares: of the places, (n, 1), summing to 1; None for all alike.
        """
        self._x, self._shares, self._own = x, shares, first
        self._off = first - self._mean
        self._apart = second.sub_(torch.outer(first, first)).sub_(self._covariance)
        off, apart = self._off.square().sum(), self._apart.square().sum()
        return self._of_mean * off + self._of_covariance * apart

    @property
    def mean(self) -> Tensor:
        """Of the features, (C,), until `pull`."""
        return self._own

    def pull(self, gradient: Tensor, factor: float, of_mean: Tensor | float = 0.0) -> None:
        """As `Tap` says; `of_mean`, (C,), is what else has a gradient through their mean."""
        matrix = (self._apart * (4 * factor * self._of_covariance)).to(self._x.dtype)
        # With the matrix as it is rounded: then what is the same everywhere has no gradient.
        shift = self._off * (2 * factor * self._of_mean) - matrix.float() @ self._own + of_mean
        _add_product(gradient, self._x, matrix, shift, self._shares)
        del self._x, self._shares


def matrix_of(features: Tensor) -> Tensor:
    """(1, C, H, W) as (n, C): the memory of channels-last features as it lies, a view of others."""
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])


def _column(features: Tensor, weights: Tensor | None) -> Tensor | None:
    """Shares of places, (n, 1), summing to 1; None for all alike."""
    return None if weights is None else place_shares(weights, features).view(-1, 1)


def _first_and_second(x: Tensor, shares: Tensor | None) -> tuple[Tensor, Tensor]:
    """E[x], (C,), and E[xxᵀ], (C, C), over places; float32 of bfloat16 too."""
    x = x.float()
    if shares is None:
        return x.mean(0), (x.mT @ x).div_(x.shape[0])
    weighted = x * shares  # a sum in pairs loses fewer digits than a product with the shares
    return weighted.sum(0), x.mT @ weighted


def _add_product(
    gradient: Tensor, x: Tensor, matrix: Tensor, shift: Tensor | None, shares: Tensor | None
) -> None:
    """gradient += shares · (x·matrix + shift), in place; shares of 1 / n for all alike."""
    into = gradient.permute(0, 2, 3, 1).view(-1, gradient.shape[1])
    if shares is None:
        into.addmm_(x, matrix.to(x.dtype), alpha=1 / x.shape[0])
        if shift is not None:
            add_everywhere(gradient, shift / x.shape[0])
        return
    own = x @ matrix if shift is None else torch.addmm(shift, x, matrix)
    into.addcmul_(own, shares)


def add_everywhere(gradient: Tensor, shift: Tensor) -> None:
    """Add (C,) to every place of (1, C, H, W), in place."""
    _, channels, height, width = gradient.shape
    if not gradient.is_contiguous(memory_format=torch.channels_last):
        gradient.add_(shift.view(1, -1, 1, 1))
        return
    # Row by row: with few channels torch takes several times as long to repeat them by itself.
    rows = gradient.permute(0, 2, 3, 1).view(height, width * channels)
    rows.add_(shift.to(gradient.dtype).repeat(width))
