"""Photographs to paint and paintings to learn from, on the device, and what a step sees of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.training.crops import draw_crops, generator_for, recolouring
from impasto.training.stylizers.learning import standardised
from training.slim.data import Folder

__all__ = ["Batch", "Pictures", "resized"]

LARGE = 0.5  # share of the styles that are drawn from the folders of large paintings
# Shares of the styles whose channels are swapped, and whose hues and chroma are changed.
SWAPPED, RECOLOURED = 0.1, 0.3
TURN, PALEST, STRONGEST = 0.5, 0.1, 1.4
LEARNT, EXAMINED = 1, 2  # what the draws are for, beside the seed and the step


class Batch(NamedTuple):
    """What a step sees.

    Attributes:
        photographs: (S · P, 3, H, W), standardised, P for each style, in the styles' order.
        styles: (S, 3, h, w), standardised.
        strengths: of each photograph, (S · P, 1), from -1 to 1.
    """

    photographs: Tensor
    styles: Tensor
    strengths: Tensor


class Pictures:
    """What is drawn from.

    Args:
        photographs: to paint.
        art: to learn from; the first of its folders holds many small paintings, the others few
            large ones, whose strokes can be seen.
        styles: of a batch.
        each: photographs of a batch for each style.
        seed: of all draws.
        device: where they lie.
    """

    def __init__(
        self, photographs: Folder, art: Folder, styles: int, each: int, seed: int, device: str
    ) -> None:
        self._photographs = [picture.to(device) for picture in photographs.pictures]
        pairs = list(zip(art.pictures, art.origins or [0] * len(art.pictures), strict=True))
        self._small = [picture.to(device) for picture, origin in pairs if origin == 0]
        self._large = [picture.to(device) for picture, origin in pairs if origin > 0]
        self._styles, self._each, self._seed = styles, each, seed

    def draw(self, step: int, side: int, style_side: int, *, purpose: int = LEARNT) -> Batch:
        """What a step sees, the same for the same step.

        Args:
            step: its number.
            side, style_side: of the crops of photographs and of styles, in px.
            purpose: of the draw, beside others of the same step.
        """
        generator = generator_for(self._seed, step, purpose)
        count = self._styles * self._each
        photographs = draw_crops(self._photographs, count, side, generator)
        rolls = torch.rand(self._styles, 4, generator=generator).tolist()
        styles = []
        for which, kind, turn, chroma in rolls:
            pool = self._large if self._large and which < LARGE else self._small
            crop = draw_crops(pool, 1, style_side, generator)
            styles.append(_recoloured(crop, kind, turn, chroma, generator))
        strengths = torch.rand(count, 1, generator=generator) * 2 - 1
        pixels = standardised(photographs), standardised(torch.cat(styles))
        return Batch(*pixels, strengths.to(photographs.device))

    def exam(self, batches: int, side: int, style_side: int) -> Sequence[Batch]:
        """What the network is examined on, the same at every call."""
        return [self.draw(n, side, style_side, purpose=EXAMINED) for n in range(batches)]


def resized(crop: Tensor, side: int) -> Tensor:
    """(B, 3, H, W) as a square of `side` px."""
    if crop.shape[-1] == side:
        return crop
    return F.interpolate(crop, (side, side), mode="bilinear", antialias=True)


def _recoloured(
    crop: Tensor, kind: float, turn: float, chroma: float, generator: torch.Generator
) -> Tensor:
    """A style in other colours, or mostly in its own."""
    if kind < SWAPPED:
        return crop[:, torch.randperm(3, generator=generator).tolist()]
    if kind < SWAPPED + RECOLOURED:
        matrix = recolouring(TURN * (turn - 0.5), PALEST + (STRONGEST - PALEST) * chroma)
        return (matrix.to(crop) @ crop.flatten(2)).view_as(crop).clamp(0, 255)
    return crop
