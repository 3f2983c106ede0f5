"""Some rows of a picture at the next finer scale, from the few rows of the coarse one they need."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.imaging.tensors import resized
from impasto.methods.optimization.canvas import soften

__all__ = ["enlarged_rows"]

CUBIC = -0.5  # the constant of antialiased bicubic interpolation, as torch and Pillow have it
SOFT = 2  # rows beyond an edge that softening looks at


def enlarged_rows(x: Tensor, height: int, width: int, rows: slice) -> Tensor:
    """What `impasto.methods.optimization.canvas.enlarged` gives of those rows.

    Args:
        x: (B, C, h, w), no larger than the result.
        height, width: of the whole result, in px, at least 3.
        rows: of it.

    Returns:
        (B, C, rows, width), to rounding.

    Example:
        >>> from impasto.methods.optimization.canvas import enlarged
        >>> x = torch.rand(1, 3, 30, 40)
        >>> rows = enlarged_rows(x, 61, 79, slice(20, 50))
        >>> bool(torch.allclose(rows, enlarged(x, 61, 79)[:, :, 20:50], atol=1e-5))
        True
    """
    begin, end = max(0, rows.start - SOFT), min(height, rows.stop + SOFT)
    first, weights = _weights(x.shape[-2], height, begin, end)
    few = x[:, :, first : first + weights.shape[1]]
    wide = resized(few, few.shape[-2], width)
    larger = weights.to(wide) @ wide
    above, below = SOFT - (rows.start - begin), SOFT - (end - rows.stop)
    larger = F.pad(larger, (SOFT, SOFT, above, below), mode="reflect")
    return soften(larger)


def _weights(short: int, long: int, begin: int, end: int) -> tuple[int, Tensor]:
    """Which rows make rows `begin` to `end`: the first of them, and (rows, rows of the coarse)."""
    ratio = short / long
    spread = max(1.0, ratio)
    reach = 2 * spread
    centres = (torch.arange(begin, end, dtype=torch.float64) + 0.5) * ratio
    first = max(0, math.floor(float(centres[0]) - reach))
    last = min(short, math.ceil(float(centres[-1]) + reach) + 1)
    at = torch.arange(first, last, dtype=torch.float64) + 0.5
    d = (at[None] - centres[:, None]).abs() / spread
    near = (CUBIC + 2) * d**3 - (CUBIC + 3) * d**2 + 1
    far = CUBIC * (d**3 - 5 * d**2 + 8 * d - 4)
    weights = torch.where(d < 1, near, torch.where(d < 2, far, torch.zeros_like(d)))
    return first, weights / weights.sum(1, keepdim=True)
