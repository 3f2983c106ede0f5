"""One-pass networks as an app wants them: bytes of a picture in, bytes of a painting out.

H height, W width, S size of a code; C is 3, or 4 where a picture comes with its transparency, which
is passed over.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from impasto.imaging.tensors import MEAN, STD
from impasto.losses.moments import moments
from impasto.networks.stylizers import Hand, Painter, Reader
from impasto.networks.stylizers.painter import MARGIN, MULTIPLE

__all__ = ["SMALLEST_SIDE", "AnyStyle", "OneStyle", "Reads"]

SMALLEST_SIDE = 16  # px


class _Standardised(nn.Module):
    """Knows the bounds between bytes and what networks see."""

    mean: Tensor
    std: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name, value in (("mean", MEAN), ("std", STD)):
            self.register_buffer(name, torch.tensor(value).view(3, 1, 1), persistent=False)

    def opened(self, image: Tensor) -> Tensor:
        """(H, W, C) uint8 as (1, 3, H, W), standardised."""
        planes = image[..., :3].permute(2, 0, 1).float()
        return ((planes / 255 - self.mean) / self.std)[None]

    def closed(self, x: Tensor) -> Tensor:
        """(1, 3, H, W), standardised, as (H, W, 3) uint8: rounded to the nearest level."""
        levels = (x[0] * self.std + self.mean).clamp(0, 1).mul(255).round()
        return levels.permute(1, 2, 0).to(torch.uint8)


class _Paints(_Standardised):
    """A painter and its frame, whose width follows from the size of each picture.

    Args:
        painter: any.
    """

    def __init__(self, painter: Painter) -> None:
        super().__init__()
        self.painter = painter

    def painting(self, image: Tensor, hand: Hand) -> Tensor:
        """(H, W, C) uint8 as (H, W, 3) uint8, as `Painter.paint` paints it."""
        height, width = image.shape[:2]
        painted = self.painter(_framed(self.opened(image)), hand)
        return self.closed(painted[..., MARGIN : MARGIN + height, MARGIN : MARGIN + width])


def _framed(x: Tensor) -> Tensor:
    """What `painter.framed` gives, by operations that the exporter knows for sides of any length.

    Example:
        >>> from impasto.networks.stylizers.painter import framed
        >>> x = torch.randn(1, 3, 20, 33)
        >>> torch.equal(_framed(x), framed(x))
        True
    """
    height, width = x.shape[-2:]
    return x.index_select(2, _reflected(height)).index_select(3, _reflected(width))


def _reflected(side: int) -> Tensor:
    places = torch.arange(-MARGIN, side + MARGIN + -side % MULTIPLE)
    turn = torch.arange(2 * side - 2, 2 * side - 1)  # one number: a plain one cannot be traced
    places = torch.remainder(places, turn)
    return torch.minimum(places, turn - places)


class OneStyle(_Paints):
    """Paints one style.

    Args:
        painter: any.
        hand: what the style makes of it.

    Example:
        >>> from impasto.networks.stylizers import Plan
        >>> painter = Painter(Plan(widths=(8, 8, 8, 8), blocks=1))
        >>> [hand] = painter.hands(torch.zeros(1, 128), torch.zeros(1, 1))
        >>> OneStyle(painter, hand)(torch.zeros(30, 50, 3, dtype=torch.uint8)).shape
        torch.Size([30, 50, 3])
    """

    def __init__(self, painter: Painter, hand: Hand) -> None:
        super().__init__(painter)
        self.hand = hand

    def forward(self, image: Tensor) -> Tensor:
        """(H, W, C) uint8, sides of at least `SMALLEST_SIDE` px, as (H, W, 3) uint8."""
        return self.painting(image, self.hand)


class AnyStyle(_Paints):
    """Paints the style of a code."""

    def forward(self, image: Tensor, code: Tensor, strength: Tensor) -> Tensor:
        """As `OneStyle.forward`.

        Args:
            image: (H, W, C) uint8.
            code: (1, S), as `Reads` gives it.
            strength: (1, 1), from -1 to 1.
        """
        [hand] = self.painter.hands(code, strength)
        return self.painting(image, hand)


class Reads(_Standardised):
    """Reads a style picture.

    Args:
        reader: any.
        extractor: gives the features that it reads, by layer.
    """

    def __init__(self, reader: Reader, extractor: nn.Module) -> None:
        super().__init__()
        self.reader, self.extractor = reader, extractor

    def forward(self, style: Tensor) -> Tensor:
        """(H, W, C) uint8, of as many px as the extractor needs, as a code (1, S)."""
        features = self.extractor(self.opened(style))
        code: Tensor = self.reader({layer: moments(x) for layer, x in features.items()})
        return code
