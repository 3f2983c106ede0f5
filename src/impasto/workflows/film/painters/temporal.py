"""A loss that holds a picture to what was painted before, where that is still to be seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor

from impasto.imaging import tensors
from impasto.imaging.tensors import masks
from impasto.losses.terms import Features
from impasto.methods.optimization import canvas

if TYPE_CHECKING:
    from impasto.methods.optimization.objective import View

__all__ = ["Held", "TemporalTerm"]


@dataclass(frozen=True)
class TemporalTerm:
    """Mean squared difference from a picture, where it counts; reads pixels alone.

    Attributes:
        target: (1, 3, H, W), standardised.
        share: (1, 1, H, W) in [0, 1], how much each pixel counts.

    Source: Ruder, Dosovitskiy and Brox, "Artistic style transfer for videos", 2016, equation 7.

    Example:
        >>> import torch
        >>> grey, half = torch.zeros(1, 3, 2, 2), torch.tensor([[[[1.0, 1.0], [0.0, 0.0]]]])
        >>> TemporalTerm(grey, half)(grey + 2).item()
        2.0
    """

    target: Tensor
    share: Tensor
    weight: float = 1.0
    name: str = "temporal"
    layers: Sequence[str] = ()

    def __call__(self, picture: Tensor, features: Features | None = None) -> Tensor:  # noqa: ARG002 - a term's
        """The loss before its weight."""
        return (self.share * (picture - self.target).square()).mean()

    def add_gradient(self, picture: Tensor, gradient: Tensor) -> Tensor:
        """The loss before its weight; the weighted one's gradient is added to `gradient`."""
        apart = picture - self.target
        pull = self.share * apart
        gradient.add_(pull, alpha=2 * self.weight / picture.numel())
        return (pull * apart).mean()


@dataclass(frozen=True)
class Held:
    """Binds the term at each scale of a painting, as `impasto.methods.protocol.RunOptions.terms`.

    Attributes:
        target: (1, 3, H, W), standardised, at the final size.
        share: (1, 1, H, W) in [0, 1].
        weight: factor of the loss.
    """

    target: Tensor
    share: Tensor
    weight: float
    layers: Sequence[str] = ()

    def __call__(self, view: View) -> TemporalTerm:
        """The term at a scale."""
        scene = view.scene
        height, width = (side - 2 * scene.margin for side in scene.content.shape[-2:])
        device = scene.content.device
        target = tensors.resized(self.target, height, width)
        share = masks.resized(self.share, height, width)
        return TemporalTerm(
            canvas.mirrored(target, scene.margin).to(device),
            canvas.mirrored(share, scene.margin).to(device),
            self.weight,
        )
