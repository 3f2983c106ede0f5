"""A painter of any style becomes that of one: kernels that a style sums are summed for good."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from impasto.networks.stylizers.painter import Painter

__all__ = ["folded"]


@torch.no_grad()
def folded(painter: Painter, code: Tensor) -> Painter:
    """A painter with one kernel to a convolution, which paints one style as another paints it.

    At strength 0 it paints the same; at others its kernels stay those of 0, and only scales and
    shifts follow.

    Args:
        painter: of any plan.
        code: of the style, (S,).

    Example:
        >>> from impasto.networks.stylizers.painter import Plan
        >>> painter, code = Painter(Plan(widths=(8, 8, 8, 8), blocks=1)), torch.randn(128)
        >>> own, x = folded(painter, code), torch.randn(1, 3, 32, 32)
        >>> zero = torch.zeros(1, 1)
        >>> [ours], [theirs] = own.hands(code[None], zero), painter.hands(code[None], zero)
        >>> torch.allclose(own.paint(x, ours), painter.paint(x, theirs), atol=1e-5)
        True
    """
    plan = replace(painter.plan, trunk_kernels=1, top_kernels=1)
    own = Painter(plan)
    [hand] = painter.hands(code[None], code.new_zeros(1, 1))
    state = painter.state_dict()
    for name, weight in hand.weights.items():
        state[f"kernels.{name}"] = weight[None]
    kept = _kept_numbers(painter)
    for part in ("numbers.weight", "numbers.bias"):
        state[part] = state[part][kept]
    own.load_state_dict(state)
    return own.train(painter.training)


def _kept_numbers(painter: Painter) -> list[int]:
    """Which of a style's numbers are no shares of kernels, in the order of `Painter.hands`."""
    kept: list[int] = []
    at = 0
    for one in painter.plan.styled():
        at += one.kernels - 1
        kept += range(at, at + 2 * one.after)
        at += 2 * one.after
    return [*kept, *range(at, painter.numbers.out_features)]
