"""VGG-19 as Gatys et al. (2016) painted with it: every channel wakes up to 1 in the mean.

Section 2 of their paper scales the weights so that the mean activation of each channel, over
photographs and places, is 1. No channel then counts more in a Gram matrix because it is loud.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from impasto.networks.features.plan import Plan
from impasto.networks.weights import Progress, Published, Supply, read_tensors

__all__ = ["Normalized", "normalized"]


@dataclass(frozen=True)
class Normalized:
    """Weights of another supply, scaled by means that come along; a `Supply`.

    Attributes:
        base: where the weights come from.
        plan: the network's layout.
        means: the file of the means, as `training.normalization` writes it.
    """

    base: Supply
    plan: Plan
    means: Path

    @property
    def licence(self) -> str:
        """Of the weights."""
        return self.base.licence

    @property
    def origin(self) -> str:
        """Of the weights, and what was done to them."""
        return f"{self.base.origin}, and each channel scaled to a mean activation of 1"

    @property
    def published(self) -> Published | None:
        """What has to be downloaded for the weights, if anything."""
        return self.base.published

    def load(
        self, shapes: Mapping[str, tuple[int, ...]], *, on_progress: Progress | None = None
    ) -> dict[str, Tensor]:
        """The tensors named in `shapes`, scaled; see `Supply.load`."""
        tensors = self.base.load(shapes, on_progress=on_progress)
        needed = [c for c in self.plan if f"features.{c.index}.weight" in shapes]
        means = read_tensors(self.means, {c.conv: (c.channels_out,) for c in needed})
        by_index = {c.index: means[c.conv] for c in needed}
        return normalized(tensors, by_index)

    def fetch(self, *, on_progress: Progress | None = None) -> Path:
        """The file that has the weights as they were."""
        return self.base.fetch(on_progress=on_progress)

    def facts(self, backbone: str) -> dict[str, str]:
        """Where the weights are; they are scaled when they are loaded."""
        return self.base.facts(backbone)


def normalized(tensors: Mapping[str, Tensor], means: Mapping[int, Tensor]) -> dict[str, Tensor]:
    """Weights whose every ReLU gives what it gave, divided by its channel's mean.

    A channel that is m times as loud is divided by m, weight and bias, and the next layer takes m
    times as much of it. ReLU and pooling commute with positive factors, so nothing that was asleep
    wakes up, and the last layer alone differs from the network as it was, by its own factors.

    Args:
        tensors: by torchvision's names, `features.N.weight` (C, D, 3, 3) and `.bias` (C,).
        means: by N, (C,), from the first convolution to the last. A channel of mean 0, which
            nothing woke, stays as it is.

    Returns:
        The tensors in their order.

    Example:
        >>> ones = {"features.0.weight": torch.ones(1, 3, 3, 3), "features.0.bias": torch.ones(1)}
        >>> normalized(ones, {0: torch.tensor([4.0])})["features.0.bias"]
        tensor([0.2500])
    """
    scaled = dict(tensors)
    before: Tensor | None = None
    for index, mean in sorted(means.items()):
        own = torch.where(mean > 0, mean, 1.0)
        weight, bias = f"features.{index}.weight", f"features.{index}.bias"
        scaled[weight] = scaled[weight] / own.view(-1, 1, 1, 1)
        if before is not None:
            scaled[weight] = scaled[weight] * before.view(1, -1, 1, 1)
        scaled[bias] = scaled[bias] / own
        before = own
    return scaled
