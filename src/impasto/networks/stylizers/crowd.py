"""Pictures of many styles painted in one batch, for learning on a GPU.

A `Hand` holds the sum of kernels of one style, so that each style is a network, and a batch of them
is painted one after the other, in thousands of small products. Here every convolution runs once for
the whole batch, with all its kernels; a second product of each picture then takes the style's sum.
That is three to five times the arithmetic, which a GPU does in less time than it begins the small
products. On a processor it is slower.

Letters used for shapes: B pictures, C channels, H height, W width, K kernels.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = ["Crowd"]


class Crowd(NamedTuple):
    """What styles make of a painter, each picture of a batch having one.

    Attributes:
        kernels: (K · after, before, 3, 3) by convolution.
        shares: of each picture's kernels, (B, K).
        scales, shifts: (B, after) each.
        gains: of the two paths beside the trunk, (B, C) each.
    """

    kernels: dict[str, Tensor]
    shares: dict[str, Tensor]
    scales: dict[str, Tensor]
    shifts: dict[str, Tensor]
    gains: dict[str, Tensor]

    def normal(self, x: Tensor, name: str, *, grows: bool, epsilon: float) -> Tensor:
        """A convolution whose outcome is normalised, then scaled and shifted."""
        y = F.instance_norm(self._summed(x, name, self.shares[name], grows, 0), eps=epsilon)
        scale, shift = self.scales[name], self.shifts[name]
        return torch.addcmul(shift[..., None, None].to(y), y, scale[..., None, None].to(y))

    def scaled(self, x: Tensor, name: str, *, grows: bool) -> Tensor:
        """A convolution whose outcome is scaled and shifted."""
        y = self._summed(x, name, self.shares[name], grows, 1, self.scales[name])
        return y + self.shifts[name][..., None, None].to(y)

    def _summed(
        self,
        x: Tensor,
        name: str,
        shares: Tensor,
        grows: bool,
        padding: int,
        scales: Tensor | None = None,
    ) -> Tensor:
        """(B, after, H, W): for each picture the weighted sum of what the kernels make of it."""
        if grows:
            x, padding = F.interpolate(x, scale_factor=2, mode="nearest"), 1
        y = F.conv2d(x, self.kernels[name], padding=padding)
        batch, channels, height, width = y.shape
        kernels = shares.shape[1]
        weights = shares[..., None] if scales is None else shares[..., None] * scales[:, None]
        y = y.permute(0, 2, 3, 1).reshape(batch, height, width, kernels, channels // kernels)
        y = (y * weights[:, None, None].to(y)).sum(3)
        return y.permute(0, 3, 1, 2)
