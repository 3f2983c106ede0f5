"""Whether a picture has any texture: paper, a wall, a clear sky have next to none.

Losses that divide by the style's own spread would divide by nothing there, and whatever varies
least, a grey mud, would come nearest. So a plain style is compared in a way that keeps its colour.
A blank content image would hold the painting fast in the same way.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto import imaging
from impasto.imaging.tensors import masks

__all__ = ["is_blank", "is_plain", "local_contrast"]

# In levels of 255. Of 800 paintings the softest had 10.4, of 400 photographs 7.4; paper with noise
# that nobody sees has 2, a gradient less. Without the part below that stands out most, 72 paintings
# had 8.6 and more, 188 photographs 9.4; a signature on paper has 4.7, and a pencil sketch 36.
PLAIN = 5.0
MARK = 0.02
BLANK = 2.5  # of a content image: a foggy one still shows something
SIDE = 256  # px, at which it is looked at
ROUNDING = 1e-5  # of sums in another order
SURROUNDINGS = 8  # the part of the shorter side that a place is compared with


def is_plain(style: imaging.Picture, counts: Tensor | None = None) -> bool:
    """Whether a style has next to no texture where it is learnt from.

    Args:
        style: the picture.
        counts: where it is learnt from, (1, 1, h, w) in [0, 1]; None for everywhere.
    """
    return _contrast(style, counts, without=MARK) < PLAIN


def is_blank(content: imaging.Picture) -> bool:
    """Whether a content image shows nothing, as an empty canvas does."""
    opacity = content.opacity
    visible = None if opacity is None else torch.from_numpy(opacity)[None, None]
    return _contrast(content, visible) < BLANK


def _contrast(picture: imaging.Picture, weights: Tensor | None, without: float = 0.0) -> float:
    share = min(1.0, SIDE / max(picture.height, picture.width))
    size = max(1, round(picture.height * share)), max(1, round(picture.width * share))
    small = torch.from_numpy(imaging.resized(picture, *size).floats).permute(2, 0, 1)[None]
    weights = None if weights is None else masks.resized(weights, *size)
    return local_contrast(small * 255, weights, without)


def local_contrast(pixels: Tensor, weights: Tensor | None = None, without: float = 0.0) -> float:
    """How far pixels are from their surroundings: root of the mean square over all channels.

    Args:
        pixels: (1, C, H, W).
        weights: (1, 1, H, W), at least 0: where they count; None for everywhere.
        without: the share of places, those that stand out most, that do not count.

    Example:
        >>> stripes = torch.tensor([0.0, 2.0]).repeat(1, 1, 6, 8)
        >>> ramp = torch.arange(16.0).expand(1, 1, 6, 16)
        >>> round(local_contrast(stripes)), round(local_contrast(ramp), 1)
        (1, 0.2)
    """
    weights = torch.ones_like(pixels[:, :1]) if weights is None else weights
    total = weights.double().sum()
    if not total:
        return 0.0
    window = max(3, min(pixels.shape[-2:]) // SURROUNDINGS) | 1  # odd, to have a middle
    around = _blurred(pixels * weights, window) / _blurred(weights, window).clamp(min=1e-6)
    apart, order = (pixels - around).square().mean(1).flatten().sort()
    counts = weights.flatten()[order]
    counts = counts * (counts.double().cumsum(0) <= (1 - without) * total * (1 + ROUNDING))
    return float(((apart * counts).sum() / counts.sum().clamp(min=1e-6)).sqrt())


def _blurred(x: Tensor, window: int) -> Tensor:
    # A mean of means: what a window has inside the picture is a rectangle.
    rows = F.avg_pool2d(x, (1, window), 1, (0, window // 2), count_include_pad=False)
    return F.avg_pool2d(rows, (window, 1), 1, (window // 2, 0), count_include_pad=False)
