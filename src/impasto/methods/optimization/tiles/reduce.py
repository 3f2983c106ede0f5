"""From the sums of all rows of tiles, in their order, to what is true of the whole picture."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import torch
from torch import Tensor

from impasto.losses.sums import Slopes, Sums, merged
from impasto.methods.optimization.tiles.look import Divisor, TileWork

__all__ = ["divisors", "style_loss"]


def divisors(work: TileWork, sums: Sequence[Sequence[Tensor]]) -> list[Divisor]:
    """What squared differences from the content are divided by, at each of its layers.

    Args:
        work: of the scene.
        sums: of each band, by layer, as `TileWork.look` gives them.
    """
    totals = [functools.reduce(torch.add, layer) for layer in zip(*sums, strict=True)]
    return [
        Divisor(look.loss.divisor(total, len(total) - 2), float(total[0]))
        for look, total in zip(work.contents, totals, strict=True)
    ]


def style_loss(work: TileWork, sums: Sequence[Sequence[Sums]]) -> tuple[float, list[Slopes]]:
    """The weighted style loss, and the slopes of each look's own.

    Args:
        work: of the scene.
        sums: of each band, by look, as `TileWork.measure` gives them.
    """
    loss, slopes = 0.0, []
    for look, each in zip(work.styles, zip(*sums, strict=True), strict=True):
        own, slope = look.loss.of_sums(functools.reduce(merged, each))
        loss += look.weight * own
        slopes.append(slope)
    return loss, slopes
