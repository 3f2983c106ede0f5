"""When a scale brings no more: its steps are better spent on the next, finer one."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["WINDOW", "has_settled"]

# A line search needs some steps now and then in which nothing is gained, so no single one tells.
WINDOW = 10


def has_settled(losses: Sequence[float], tolerance: float) -> bool:
    """Whether the last steps gained too little to go on.

    Args:
        losses: the total loss of each step at a scale so far, in order.
        tolerance: share of the least loss by which the last `WINDOW` steps have to have lowered
            it; 0 never settles.

    Example:
        >>> has_settled([1.0] * WINDOW, 0.01), has_settled([1.0] * (WINDOW + 1), 0.01)
        (False, True)
        >>> has_settled([0.5**step for step in range(99)], 0.01)
        False
    """
    if not tolerance or len(losses) <= WINDOW:
        return False
    before = min(losses[:-WINDOW])
    return before - min(losses) <= tolerance * before
