"""What a half-painted picture may look like: noise, blur, blends, other colours.

Painting leaves the photographs and paintings a network learns from; where it does, the student
must still feel what its teachers feel.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["corrupt"]


def corrupt(x: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Some pictures of a batch, each spoilt in one way drawn at random.

    Args:
        x: (B, 3, H, W), standardised.
        share: of the pictures to spoil, from 0 to 1.
        generator: on the CPU.

    Returns:
        The same shape; `x` itself is left alone.

    Example:
        >>> x = torch.zeros(4, 3, 8, 8)
        >>> corrupt(x, 0.0, torch.Generator()) is x
        True
    """
    rolls = torch.rand(len(x), 3, generator=generator).tolist()
    if not any(roll[0] < share for roll in rolls):
        return x
    others = x.roll(1, 0)
    pictures = []
    for picture, other, (spoil, kind, much) in zip(x, others, rolls, strict=True):
        if spoil >= share:
            pictures.append(picture)
        elif kind < 0.35:
            pictures.append(picture + much * noise(picture, generator))
        elif kind < 0.6:
            pictures.append(torch.lerp(picture, other, 0.15 + 0.35 * much))
        elif kind < 0.8:
            pictures.append(blur(picture, 1 + int(3 * much)))
        else:
            pictures.append(recolour(picture, 0.6 * much, generator))
    return torch.stack(pictures).contiguous(memory_format=torch.channels_last)


def noise(picture: Tensor, generator: torch.Generator) -> Tensor:
    """Noise like (3, H, W), its grains 1, 2 or 4 px wide, coloured or grey.

    Its deviation is 1 with the finest grains, and about 0.6 with the others, which are smoothed.
    """
    _, height, width = picture.shape
    grain = 2 ** int(torch.randint(3, (), generator=generator))
    channels = 3 if torch.rand((), generator=generator) < 0.7 else 1
    shape = (1, channels, -(-height // grain), -(-width // grain))
    grains = torch.randn(shape, generator=generator).to(picture)
    grains = F.interpolate(grains, scale_factor=grain, mode="bilinear") if grain > 1 else grains
    return grains[0, :, :height, :width].expand_as(picture)


def blur(picture: Tensor, radius: int) -> Tensor:
    """(3, H, W) with every pixel the mean of the (2 · radius + 1)² around it."""
    batch = F.pad(picture.unsqueeze(0), (radius,) * 4, mode="reflect")
    return F.avg_pool2d(batch, 2 * radius + 1, 1)[0]


def recolour(picture: Tensor, much: float, generator: torch.Generator) -> Tensor:
    """(3, H, W) with its colours mixed by a random matrix near the identity, and shifted."""
    matrix = torch.eye(3) + much * torch.randn(3, 3, generator=generator)
    shift = much * torch.randn(3, 1, 1, generator=generator)
    mixture = torch.einsum("ij,jhw->ihw", matrix.to(picture), picture)
    return mixture + shift.to(picture)
