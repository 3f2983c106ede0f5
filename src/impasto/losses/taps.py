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

__all__ = ["AutogradTap", "GramTap", "MeanSquareTap", "MomentsTap", "Tap", "WeightedTap"]


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
        channels, places = target.shape[1], target[0, 0].numel()
        self._scale = 1 / (divisor * channels)
        self._shares = None
        if weights is None:
            self._scale /= places
        else:
            self._shares = place_shares(weights, target).view(1, 1, *target.shape[-2:])

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        self._difference = features - self._target
        if self._shares is None:
            squares: Tensor = torch.linalg.vector_norm(self._difference).square()
            return squares * self._scale
        return (self._difference.square().sum(1, keepdim=True) * self._shares).sum() * self._scale

    def pull(self, gradient: Tensor, factor: float) -> None:
        """As `Tap` says."""
        if self._shares is not None:
            self._difference *= self._shares
        gradient.add_(self._difference, alpha=2 * factor * self._scale)
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

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        self._x, self._shares = _matrix(features), _column(features, self._weights)
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

    def __call__(self, features: Tensor) -> Tensor:
        """As `Tap` says."""
        self._x, self._shares = _matrix(features), _column(features, self._weights)
        self._own, second = _first_and_second(self._x, self._shares)
        self._off = self._own - self._mean
        self._apart = second.sub_(torch.outer(self._own, self._own)).sub_(self._covariance)
        off, apart = self._off.square().sum(), self._apart.square().sum()
        return self._of_mean * off + self._of_covariance * apart

    @property
    def mean(self) -> Tensor:
        """Of the features, (C,), until `pull`."""
        return self._own

    def pull(self, gradient: Tensor, factor: float, of_mean: Tensor | float = 0.0) -> None:
        """As `Tap` says; `of_mean`, (C,), is what else has a gradient through their mean."""
        matrix = self._apart * (4 * factor * self._of_covariance)
        shift = self._off * (2 * factor * self._of_mean) - matrix @ self._own + of_mean
        _add_product(gradient, self._x, matrix, shift, self._shares)
        del self._x, self._shares


def _matrix(features: Tensor) -> Tensor:
    """(1, C, H, W) as (n, C): the memory of channels-last features as it lies, a view of others."""
    return features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])


def _column(features: Tensor, weights: Tensor | None) -> Tensor | None:
    """Shares of places, (n, 1), summing to 1; None for all alike."""
    return None if weights is None else place_shares(weights, features).view(-1, 1)


def _first_and_second(x: Tensor, shares: Tensor | None) -> tuple[Tensor, Tensor]:
    """E[x], (C,), and E[xxᵀ], (C, C), over places."""
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
        into.addmm_(x, matrix, alpha=1 / x.shape[0])
        if shift is not None:
            into.add_(shift, alpha=1 / x.shape[0])
        return
    own = x @ matrix if shift is None else torch.addmm(shift, x, matrix)
    into.addcmul_(own, shares)
