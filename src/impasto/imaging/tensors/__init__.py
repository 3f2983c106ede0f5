"""The only doors between pictures and the standardised tensors inside, and tensors at other sizes.

B batch, H height, W width. The arithmetic is that of the chapter (*Dive into Deep Learning*,
section 14.12): divide by 255, subtract the mean, divide by the standard deviation.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from impasto.imaging.picture import Picture

__all__ = ["MEAN", "STD", "postprocess", "preprocess", "resized", "to_array"]

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def preprocess(picture: Picture) -> Tensor:
    """A picture as the networks want it.

    Args:
        picture: any size, 8 or 16 bit.

    Returns:
        (1, 3, H, W) float32 on the CPU, RGB, standardised with `MEAN` and `STD`.

    Example:
        >>> black = Picture(np.zeros((2, 5, 3), np.uint8))
        >>> x = preprocess(black)
        >>> x.shape, round(float(x[0, 0, 0, 0]), 3)  # (0 - 0.485) / 0.229
        (torch.Size([1, 3, 2, 5]), -2.118)
    """
    whole = float(2**picture.bits - 1)
    planes = np.ascontiguousarray(picture.pixels.transpose(2, 0, 1), dtype=np.float32)
    x = torch.from_numpy(planes).div_(whole)  # (3, H, W)
    mean, std = _mean_std(x)
    return x.sub_(mean).div_(std).unsqueeze(0)


def postprocess(x: Tensor) -> Tensor:
    """The inverse of `preprocess`, clamped.

    Args:
        x: (B, 3, H, W), standardised.

    Returns:
        (B, 3, H, W) in [0, 1], RGB, on the device of `x`, detached from its graph.

    Example:
        >>> postprocess(torch.full((1, 3, 1, 1), 99.0)).unique()
        tensor([1.])
    """
    mean, std = _mean_std(x)
    return (x.detach() * std + mean).clamp(0, 1)


def to_array(x01: Tensor) -> NDArray[np.float32]:
    """One picture of `postprocess` as an array.

    Args:
        x01: (1, 3, H, W) in [0, 1].

    Returns:
        (H, W, 3) float32, contiguous.
    """
    planes = x01.detach().squeeze(0).permute(1, 2, 0).to("cpu", torch.float32)
    return np.ascontiguousarray(planes.numpy())


def resized(x: Tensor, height: int, width: int) -> Tensor:
    """A picture at another size, by antialiased bicubic interpolation.

    Args:
        x: (B, C, H, W).
        height, width: of the result, in px.

    Returns:
        (B, C, height, width); `x` itself if it has that size.
    """
    if x.shape[-2:] == (height, width):
        return x
    return F.interpolate(x, (height, width), mode="bicubic", align_corners=False, antialias=True)


def _mean_std(like: Tensor) -> tuple[Tensor, Tensor]:
    mean, std = (torch.tensor(v, dtype=like.dtype, device=like.device) for v in (MEAN, STD))
    return mean.view(3, 1, 1), std.view(3, 1, 1)
