"""Where in a picture a style paints, as each layer of a network sees it.

A mask is (1, 1, H, W) in [0, 1] at the size of the picture: 1 where all of a thing counts, 0
where none of it does. Letters as in `impasto.losses`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["at_layer", "normalised", "resized", "smoothed"]

# Half the field holds nearly all of what a place answers to: the influence of a pixel falls off
# from the middle of the field like a bell (Luo et al., 2016, "effective receptive field").
EFFECTIVE = 0.5


def normalised(masks: list[Tensor]) -> list[Tensor]:
    """Masks that nowhere sum to more than 1: where they do, each gets its share.

    Example:
        >>> one, half = torch.ones(1, 1, 1, 1), torch.full((1, 1, 1, 1), 0.5)
        >>> [round(mask.item(), 3) for mask in normalised([one, half])]
        [0.667, 0.333]
    """
    over = torch.stack(masks).sum(0).clamp(min=1)
    return [mask / over for mask in masks]


def resized(mask: Tensor, height: int, width: int) -> Tensor:
    """A mask at another size, antialiased, still in [0, 1]."""
    if mask.shape[-2:] == (height, width):
        return mask
    size = (height, width)
    smaller = F.interpolate(mask, size, mode="bilinear", align_corners=False, antialias=True)
    return smaller.clamp(0, 1)


def smoothed(mask: Tensor, width: int) -> Tensor:
    """A mask averaged over a window of about `width` px, the middle counting most.

    Two passes of a box of half the width, which together are a triangle; beyond the edges the
    mask goes on as it ends.

    Example:
        >>> step = torch.tensor([0.0, 0, 0, 1, 1, 1]).view(1, 1, 1, 6)
        >>> [round(v, 2) for v in smoothed(step, 6).flatten().tolist()]
        [0.0, 0.11, 0.33, 0.67, 0.89, 1.0]
    """
    side = max(1, width // 2) | 1  # odd, so that it has a middle
    if side == 1:
        return mask
    for _ in range(2):
        for window in ((side, 1), (1, side)):
            high, wide = window[0] // 2, window[1] // 2
            padded = F.pad(mask, (wide, wide, high, high), mode="replicate")
            mask = F.avg_pool2d(padded, window, stride=1)
    return mask


def at_layer(mask: Tensor, stride: int, field: int, *, inside: bool = False) -> Tensor:
    """How much each place of a layer counts.

    Args:
        mask: (1, 1, H, W).
        stride: px of the picture to one place.
        field: px that a place sees.
        inside: whether a place counts only as far as what it sees lies inside the mask. Without,
            it counts by the share of what it sees: places on an edge count half.

    Returns:
        (1, 1, H // stride, W // stride) in [0, 1].

    Example:
        >>> left = torch.tensor([1.0] * 8 + [0.0] * 8).view(1, 1, 1, 16).expand(1, 1, 8, 16)
        >>> [round(share, 2) for share in at_layer(left, 2, 8)[0, 0, 0].tolist()]
        [1.0, 1.0, 1.0, 0.78, 0.22, 0.0, 0.0, 0.0]
        >>> [round(share, 2) for share in at_layer(left, 2, 8, inside=True)[0, 0, 0].tolist()]
        [1.0, 1.0, 1.0, 0.46, 0.0, 0.0, 0.0, 0.0]
    """
    width = round(EFFECTIVE * field)
    share = smoothed(mask, width)
    if inside:
        # By what is above 0, so that a mask that is grey everywhere is inside everywhere.
        share = share * (2 * smoothed((mask > 0).to(mask), width) - 1).clamp(min=0)
    return F.avg_pool2d(share, stride) if stride > 1 else share
