"""Photographs in memory, and the square crops of them that every step of a training sees."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["draw_crops", "generator_for", "recolouring"]

SMALLEST = 0.9  # side of what the nearest crop shows, over the crop's own: hardly enlarged
WHOLES = 0.6  # whole pictures are met more often than details: the power of an even draw
RECOLOURED = 0.5  # share of crops, where colours are varied
HUES, PALEST, STRONGEST = 0.5, 0.3, 1.4  # turns of hue, of a whole; factors of chroma


def generator_for(*numbers: int) -> torch.Generator:
    """A generator of its own for these numbers, so that any step can be drawn without the others.

    Example:
        >>> a, b = (torch.rand(1, generator=generator_for(0, 7)) for _ in range(2))
        >>> bool(a == b)
        True
    """
    digest = hashlib.sha256(repr(numbers).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def draw_crops(
    pictures: Sequence[Tensor],
    count: int,
    side: int,
    generator: torch.Generator,
    *,
    recolours: bool = False,
) -> Tensor:
    """Square crops at random places and scales, flipped half of the time.

    Args:
        pictures: (1, 3, H, W) each, uint8.
        count: of the crops.
        side: of the crops, in px. Each shows from 0.9 of it up to the picture's whole shorter side.
        generator: on the CPU.
        recolours: whether the hues of half of them are turned and their chroma changed, so that
            few pictures do for many.

    Returns:
        (count, 3, side, side), float32, from 0 to 255.

    Example:
        >>> grey = torch.full((1, 3, 40, 60), 7, dtype=torch.uint8)
        >>> crops = draw_crops([grey], 2, 16, generator_for(0))
        >>> crops.shape, crops.round().unique().tolist()
        (torch.Size([2, 3, 16, 16]), [7.0])
    """
    rolls = torch.rand(count, 8, generator=generator, dtype=torch.float64).tolist()
    crops = []
    for nth, *roll, kind, hue, chroma in rolls:
        crop = _crop(pictures[int(nth * len(pictures))], side, roll)
        if recolours and kind < RECOLOURED:
            matrix = recolouring(hue - 0.5, PALEST + (STRONGEST - PALEST) * chroma)
            crop = (matrix.to(crop) @ crop.flatten(2)).view_as(crop).clamp(0, 255)
        crops.append(crop)
    return torch.cat(crops)


def recolouring(turn: float, chroma: float) -> Tensor:
    """A matrix of colours that turns hues about grey and changes chroma; greys stay.

    Args:
        turn: from -0.5 to 0.5, of `HUES` of the whole circle.
        chroma: factor.

    Returns:
        (3, 3).

    Example:
        >>> recolouring(0.0, 1.0).round(decimals=5).tolist()
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    angle = 2 * math.pi * HUES * turn
    grey = torch.full((3, 3), 1 / 3)
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / 3**0.5
    colour = math.cos(angle) * (torch.eye(3) - grey) + math.sin(angle) * cross
    return grey + chroma * colour


def _crop(picture: Tensor, side: int, roll: Sequence[float]) -> Tensor:
    scale, down, across, flip = roll
    height, width = picture.shape[-2:]
    widest = min(height, width)
    narrowest = min(SMALLEST * side, widest)
    extent = round(narrowest * (widest / narrowest) ** scale**WHOLES)
    top, left = int(down * (height - extent + 1)), int(across * (width - extent + 1))
    crop = picture[..., top : top + extent, left : left + extent].float()
    if extent != side:
        crop = F.interpolate(crop.contiguous(), (side, side), mode="bilinear", antialias=True)
    return crop.flip(-1) if flip < 0.5 else crop
