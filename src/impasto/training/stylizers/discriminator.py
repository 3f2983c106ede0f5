"""A critic that learns beside the painter: what of a picture is painted, and what only looks so.

A small PatchGAN at two scales with spectral normalisation and the hinge loss (Isola et al., 2017;
Miyato et al., 2018). What it takes for real are parts of the style pictures.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

__all__ = ["Discriminator", "hinge_loss"]

WIDTHS = (32, 64, 128)
SLOPE = 0.2


class Discriminator(nn.Module):
    """How real each patch of a picture looks, at full and at half size.

    Example:
        >>> import torch
        >>> full, half = Discriminator()(torch.zeros(2, 3, 64, 64))
        >>> full.shape, half.shape
        (torch.Size([2, 1, 8, 8]), torch.Size([2, 1, 4, 4]))
    """

    def __init__(self) -> None:
        super().__init__()
        self.scales = nn.ModuleList(_patches() for _ in range(2))

    def forward(self, x: Tensor) -> list[Tensor]:
        """Scores of (B, 3, H, W), standardised: (B, 1, H // 8, W // 8), and half as high and wide.

        A patch that looks real has a score above 0.
        """
        return [
            scale(x if number == 0 else F.avg_pool2d(x, 2))
            for number, scale in enumerate(self.scales)
        ]


def hinge_loss(scores: list[Tensor], *, real: bool) -> Tensor:
    """What a critic pays for its scores of pictures that are real or are not.

    Example:
        >>> import torch
        >>> hinge_loss([torch.full((1, 1, 2, 2), 3.0)], real=True).item()
        0.0
        >>> hinge_loss([torch.full((1, 1, 2, 2), 3.0)], real=False).item()
        4.0
    """
    sign = 1 if real else -1
    parts = [F.relu(1 - sign * score).mean() for score in scores]
    return sum(parts, scores[0].new_zeros(())) / len(parts)


def _patches() -> nn.Sequential:
    layers: list[nn.Module] = []
    before = 3
    for width in WIDTHS:
        layers += [spectral_norm(nn.Conv2d(before, width, 4, 2, 1)), nn.LeakyReLU(SLOPE)]
        before = width
    return nn.Sequential(*layers, spectral_norm(nn.Conv2d(before, 1, 3, padding=1)))
