"""A pass down a VGG and back up that gives the gradient of taps without automatic differentiation.

Torch would keep the padded input of every convolution, which a gradient of the picture alone has
no use for, and write each layer's gradient three times: once for the ReLU, once for each loss, once
for their sum. Here only the features are kept, and each layer's gradient is written once and
changed in place. Letters as in `impasto.networks.features.plan`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import torch
from torch import Tensor

if TYPE_CHECKING:
    from impasto.networks.features.plan import Convolution
    from impasto.networks.features.vgg import VGG

__all__ = ["Looking", "Looks", "down_and_up"]

aten = torch.ops.aten


class Looking(Protocol):
    """What looks at a layer's features and adds to their gradient; see `impasto.losses.taps`."""

    def __call__(self, features: Tensor) -> Tensor: ...

    def pull(self, gradient: Tensor, factor: float) -> None: ...


class Looks(NamedTuple):
    """A tap and the factor of its loss in the sum whose gradient is wanted."""

    factor: float
    tap: Looking


@dataclass
class _Kept:
    """What the way back needs of one convolution."""

    convolution: Convolution
    features: Tensor  # after the ReLU, or before it where there is none
    rectified: bool
    padded: torch.Size
    before: torch.Size
    pooled: Tensor | None = None  # what was pooled before it
    indices: Tensor | None = None  # of max pooling


def down_and_up(
    network: VGG, x: Tensor, taps: Mapping[str, Sequence[Looks]]
) -> tuple[dict[str, list[Tensor]], Tensor]:
    """The losses of taps, and the gradient of their weighted sum.

    Args:
        network: on the CPU; as deep as the deepest tap.
        x: (1, 3, H, W), standardised.
        taps: by layer.

    Returns:
        The loss of each tap, by layer in the order of `taps`; the gradient, shaped like `x`.
    """
    with torch.no_grad():
        losses: dict[str, list[Tensor]] = {}
        kept = _down(network, x, taps, losses)
        return losses, _up(network, x, kept, taps)


def _down(
    network: VGG,
    x: Tensor,
    taps: Mapping[str, Sequence[Looks]],
    losses: dict[str, list[Tensor]],
) -> list[_Kept]:
    kept: list[_Kept] = []

    def look(layer: str, features: Tensor) -> None:
        if layer in taps:
            losses[layer] = [tap(features) for _, tap in taps[layer]]

    last = network.convolutions[-1] if network.convolutions else None
    for c in network.convolutions:
        pooled, indices = None, None
        if c.pooled:
            pooled = x
            if network.pooling == "max":
                x, indices = aten.max_pool2d_with_indices(x, [2, 2], [2, 2])
            else:
                x = aten.avg_pool2d(x, [2, 2], [2, 2])
        padded = network.padded(x)
        before, x = x.shape, network.convolve(padded, c.conv)
        look(c.conv, x)
        rectified = c is not last or c.relu in network.layers
        if rectified:
            x = x.relu() if c.conv in taps else x.relu_()
            look(c.relu, x)
        kept.append(_Kept(c, x, rectified, padded.shape, before, pooled, indices))
    return kept


def _up(network: VGG, x: Tensor, kept: list[_Kept], taps: Mapping[str, Sequence[Looks]]) -> Tensor:
    gradient = torch.zeros_like(kept[-1].features) if kept else torch.zeros_like(x)
    while kept:
        now = kept.pop()
        c = now.convolution
        if now.rectified:
            for factor, tap in taps.get(c.relu, ()):
                tap.pull(gradient, factor)
            aten.threshold_backward.grad_input(gradient, now.features, 0, grad_input=gradient)
        for factor, tap in taps.get(c.conv, ()):
            tap.pull(gradient, factor)
        gradient = network.convolve_back(gradient, c.conv, now.padded)
        gradient = network.pad_back(gradient, now.before)
        if now.pooled is not None:
            if now.indices is None:
                gradient = aten.avg_pool2d_backward(
                    gradient, now.pooled, [2, 2], [2, 2], [0, 0], False, True, None
                )
            else:
                gradient = aten.max_pool2d_with_indices_backward(
                    gradient, now.pooled, [2, 2], [2, 2], [0, 0], [1, 1], False, now.indices
                )
    return gradient
