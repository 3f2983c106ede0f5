"""Coarse to fine: which sizes a picture is painted at, and how the steps are shared."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["WIDEST_MARGIN", "Scale", "learning_rate", "margin_px", "plan_scales"]

# Under this many px on the shorter side a coarser scale shows nothing to paint.
SMALLEST_COARSE_SIDE = 32
# Beyond the mirrored edge the deepest layers see 70 px of the picture: what is painted there is as
# elsewhere, and a wider margin is work that nobody sees.
WIDEST_MARGIN = 80


@dataclass(frozen=True)
class Scale:
    """One size of the pyramid.

    Attributes:
        height, width: of the picture, in px.
        steps: how many steps are spent on it, at least 1.
        margin: px painted beyond each edge of the picture.
    """

    height: int
    width: int
    steps: int
    margin: int = 0

    @property
    def canvas(self) -> tuple[int, int]:
        """(height, width) in px of what is painted: the picture and its margin."""
        return self.height + 2 * self.margin, self.width + 2 * self.margin


def plan_scales(
    height: int,
    width: int,
    steps: int,
    *,
    coarsest: int = 128,
    coarse_share: float = 1.2,
    smallest_side: int = SMALLEST_COARSE_SIDE,
    margin: float = 0.0,
    widest_margin: int = WIDEST_MARGIN,
) -> tuple[Scale, ...]:
    """The scales of a painting, coarse to fine; the last one is the picture's own size.

    Args:
        height, width: of the finished picture, in px.
        steps: in all.
        coarsest: longest side of the coarsest scale, in px, met as nearly as doubling allows;
            0 for a single scale.
        coarse_share: a scale gets so many times the steps of the next finer one.
        smallest_side: scales whose shorter side is below are left out, as are those under
            32 px; the finished size never is.
        margin: share of the longest side that is painted beyond each edge; less where the
            picture is too narrow to be mirrored so far.
        widest_margin: in px.

    Returns:
        At least one scale; a scale that would get no step is left out, and the last one always
        gets at least one.

    Example:
        >>> [(s.height, s.width, s.steps) for s in plan_scales(384, 512, 70, coarse_share=2)]
        [(96, 128, 40), (192, 256, 20), (384, 512, 10)]
        >>> [(s.height, s.width, s.steps) for s in plan_scales(300, 450, 500, coarsest=0)]
        [(300, 450, 500)]
    """
    halvings = max(0, round(math.log2(max(height, width) / coarsest))) if coarsest else 0
    sizes = [(height, width)]
    for k in range(1, halvings + 1):
        size = max(1, round(height / 2**k)), max(1, round(width / 2**k))
        if min(size) >= max(smallest_side, SMALLEST_COARSE_SIDE):
            sizes.append(size)
    counts = _shared(steps, [coarse_share**k for k in range(len(sizes))])
    scales = [
        Scale(*size, count, margin_px(*size, margin, widest_margin))
        for size, count in zip(sizes, counts, strict=True)
        if count
    ]
    return tuple(reversed(scales))


def margin_px(height: int, width: int, share: float, widest: int = WIDEST_MARGIN) -> int:
    """Px painted beyond each edge of a picture of `height` x `width` px.

    Args:
        height, width: of the picture, in px.
        share: of the longest side; half the shortest side is the most.
        widest: in px.

    Example:
        >>> margin_px(300, 400, 0.05)
        20
    """
    return min(round(share * max(height, width)), widest, min(height, width) // 2)


def _shared(steps: int, shares: list[float]) -> list[int]:
    """Whole numbers near the shares that add up to `steps`; the first is at least 1."""
    total, before, counts = sum(shares), 0, []
    so_far = 0.0
    for share in shares:
        so_far += share
        upto = max(1, round(steps * so_far / total))
        counts.append(upto - before)
        before = upto
    return counts


def learning_rate(
    step: int, steps: int, *, lr: float, schedule: str, decay: float, decay_every: int
) -> float:
    """Adam's learning rate.

    Args:
        step: within its scale, from 0.
        steps: of that scale.
        lr: at the start.
        schedule: "constant", "step" (times `decay` after every `decay_every` steps, as in the
            chapter) or "cosine" (down to 0 at the scale's end).

    Example:
        >>> learning_rate(100, 500, lr=0.3, schedule="step", decay=0.5, decay_every=50)
        0.075
    """
    if schedule == "step":
        return lr * decay ** (step // decay_every)
    if schedule == "cosine":
        return lr * 0.5 * (1 + math.cos(math.pi * step / steps))
    return lr
