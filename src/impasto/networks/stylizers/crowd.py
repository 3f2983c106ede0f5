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
        """A convolution whose outcome is normalised, then scaled and shifted.

        Args:
            x: (B, before, H, W).
            name: of the convolution.
            grows: whether each place is shown four times first.
            epsilon: of the normalisation.
        """
        y = F.instance_norm(self._summed(x, name, self.shares[name][..., None], grows), eps=epsilon)
        scale, shift = self.scales[name], self.shifts[name]
        return torch.addcmul(shift[..., None, None].to(y), y, scale[..., None, None].to(y))

    def scaled(self, x: Tensor, name: str, *, grows: bool) -> Tensor:
        """A convolution whose outcome is scaled and shifted; see `normal`."""
        weights = self.shares[name][..., None] * self.scales[name][:, None]
        y = self._summed(x, name, weights, grows, padding=1)
        return y + self.shifts[name][..., None, None].to(y)

    def _summed(
        self, x: Tensor, name: str, weights: Tensor, grows: bool, padding: int = 0
    ) -> Tensor:
        """(B, after, H, W): the sum of what the kernels make of each picture, by (B, K, after)."""
        if grows:
            x, padding = F.interpolate(x, scale_factor=2, mode="nearest"), 1
        y = F.conv2d(x, self.kernels[name], padding=padding).permute(0, 2, 3, 1)
        y = y.reshape(*y.shape[:3], weights.shape[1], -1)
        y = (y * weights[:, None, None].to(y)).sum(3)
        return y.permute(0, 3, 1, 2)
