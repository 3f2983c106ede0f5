"""The least that relative losses divide by: a target of one colour has no spread of its own."""

from __future__ import annotations

from torch import Tensor

__all__ = ["FLOOR", "least", "least_spread"]

# Relative to the layer's mean square: a flat style has no covariance to divide by.
FLOOR = 1e-3
# Far below the mean square of any layer that is awake; where a target is all zero it divides.
SMALLEST_SIZE = 1e-4
# A style of one colour wants no spread at all. Divided by the little it has, that wish would
# outweigh everything else a hundred million times; this much is what it is taken to have.
LEAST_SPREAD = 0.03


def least_spread(size: Tensor) -> Tensor:
    """The least variance a target is taken to have: 3 % of the mean square of its features.

    Seventy paintings, at five layers of slim and two sizes, had at least 1.8 times what it asks of
    each loss, so that it changes nothing for them.

    Args:
        size: mean square of the target's features, any shape.

    Example:
        >>> import torch
        >>> round(least_spread(torch.tensor(5.0)).item(), 3)
        0.15
    """
    return LEAST_SPREAD * size.clamp(min=SMALLEST_SIZE)


def least(size: Tensor) -> Tensor:
    """A thousandth of the mean square of a layer's features, but never 0.

    Args:
        size: mean square of the target's features, any shape.

    Example:
        >>> import torch
        >>> round(least(torch.tensor(5.0)).item(), 6)
        0.005
    """
    return FLOOR * size.clamp(min=SMALLEST_SIZE)
