"""Structure: that light and dark lie as in another picture, in whatever colours and contrasts."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.imaging.tensors import STD

__all__ = ["LUMA", "blurred", "light_of", "local_correlation"]

LUMA = (0.299, 0.587, 0.114)  # of red, green and blue: Rec. 601
REACH = 2.5  # of a Gaussian, in its deviations
FLOOR = 1e-3  # variance of light in [0, 1], below which there is hardly a form to be alike


def light_of(x: Tensor) -> Tensor:
    """The light of a standardised picture, but for a constant.

    Args:
        x: (B, 3, H, W), standardised.

    Returns:
        (B, 1, H, W); 1 lies between black and white.

    Example:
        >>> black, white = torch.zeros(1, 3, 1, 1), 1 / torch.tensor(STD).view(1, 3, 1, 1)
        >>> round((light_of(white) - light_of(black)).item(), 3)
        1.0
    """
    shares = x.new_tensor([share * std for share, std in zip(LUMA, STD, strict=True)])
    return (x * shares.view(1, 3, 1, 1)).sum(1, keepdim=True)


def blurred(x: Tensor, deviation: float) -> Tensor:
    """A plane behind a Gaussian; beyond its edges it goes on as it ends.

    Args:
        x: (B, 1, H, W).
        deviation: of the Gaussian, in px, above 0.

    Example:
        >>> blurred(torch.ones(1, 1, 3, 4), 1.0).unique().round(decimals=5)
        tensor([1.])
    """
    reach = max(1, round(REACH * deviation))
    places = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    window = torch.exp(-(places**2) / (2 * deviation**2))
    window = window / window.sum()
    x = F.conv2d(F.pad(x, (reach, reach, 0, 0), mode="replicate"), window.view(1, 1, 1, -1))
    return F.conv2d(F.pad(x, (0, 0, reach, reach), mode="replicate"), window.view(1, 1, -1, 1))


def local_correlation(x: Tensor, y: Tensor, deviation: float, floor: float = FLOOR) -> Tensor:
    """How light and dark go together around each place, from -1 to 1.

    Args:
        x, y: (B, 1, H, W), light.
        deviation: of the Gaussian window, in px.
        floor: added to covariance and variances.

    Returns:
        (B, 1, H, W): 1 where both have the same forms, whatever their contrast, and where both are
        flat.

    Source: Wang, Bovik, Sheikh and Simoncelli (2004), equation 10: SSIM's comparison of structure.
        Differences are from the mean around each place itself.

    Example:
        >>> x = torch.tensor([[0.0, 1.0, 0.0, 1.0]]).view(1, 1, 1, 4)
        >>> bool((local_correlation(x, 0.5 * x + 0.2, 2.0) > 0.99).all())
        True
        >>> bool((local_correlation(x, 1 - x, 2.0) < -0.9).all())
        True
    """
    x, y = x - blurred(x, deviation), y - blurred(y, deviation)
    together = blurred(x * y, deviation) + floor
    alone = (blurred(x * x, deviation) + floor) * (blurred(y * y, deviation) + floor)
    return together / alone.sqrt()
