"""The least that relative losses divide by: a target of one colour has no spread of its own."""

from __future__ import annotations

from torch import Tensor

__all__ = ["FLOOR", "SMALLEST_SIZE", "least"]

# Relative to the layer's mean square: a flat style has no covariance to divide by.
FLOOR = 1e-3
# Far below the mean square of any layer that is awake; where a target is all zero it divides.
SMALLEST_SIZE = 1e-4


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
