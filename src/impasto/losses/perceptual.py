"""The losses of a painting for other people's training code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from impasto import losses
from impasto.errors import SettingError, UnknownNameError
from impasto.imaging.tensors import MEAN, STD
from impasto.networks.features import VGG, load

__all__ = ["PerceptualLoss"]

DEFAULT_CONTENT = ("relu3_1",)


class PerceptualLoss(nn.Module):
    """How far an output is from a target, seen by a backbone instead of pixel by pixel.

    Content layers compare features place by place; style layers compare their statistics, so
    that where things are does not count. Gradients flow to the output; backbone and target are
    frozen. Use it as any loss, alone or added to others.

    Args:
        backbone: "slim", "vgg19", "vgg16", or a `VGG` that collects all the layers.
        content_layers: layers and their weights, or only names.
        style_layers: the same; none by default.
        style_loss: one of `impasto.losses.STYLE_LOSSES`.
        standardise: whether pictures come in [0, 1] (the default) or already standardised.

    Raises:
        UnknownNameError: no such backbone or layer.
        SettingError: no layer at all.

    Source: Johnson, Alahi and Fei-Fei (2016), equations 2 to 4.

    Example:
        >>> loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1", "relu2_1"])
        >>> picture = torch.rand(2, 3, 32, 32)
        >>> loss(picture, picture).item()
        0.0
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        backbone: str | VGG = "slim",
        content_layers: Mapping[str, float] | Sequence[str] = DEFAULT_CONTENT,
        style_layers: Mapping[str, float] | Sequence[str] = (),
        *,
        style_loss: str = "moments",
        standardise: bool = True,
    ) -> None:
        super().__init__()
        self.content_layers = _weighted(content_layers)
        self.style_layers = _weighted(style_layers)
        if style_loss not in losses.STYLE_LOSSES:
            raise UnknownNameError("style loss", style_loss, losses.STYLE_LOSSES)
        self.style_loss = style_loss
        self.standardise = standardise
        layers = [*self.content_layers, *self.style_layers]
        if not layers:
            raise SettingError("no layer is named: give content_layers or style_layers")
        self.backbone = load(backbone, layers) if isinstance(backbone, str) else backbone
        for layer in layers:
            if layer not in self.backbone.layers:
                kind = f"layer that this {self.backbone.name} collects"
                raise UnknownNameError(kind, layer, self.backbone.layers)
        self.content = losses.ContentLoss("relative")
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))

    def forward(self, output: Tensor, target: Tensor) -> Tensor:
        """The weighted sum over all layers.

        Args:
            output: (B, 3, H, W), RGB in [0, 1].
            target: (B, 3, H, W) likewise; for style layers alone it may have another size.

        Returns:
            A scalar, at least 0.
        """
        seen = self._features(output)
        with torch.no_grad():
            wanted = self._features(target)
        total = output.new_zeros(())
        for layer, weight in self.content_layers.items():
            total = total + weight * self.content(seen[layer], wanted[layer])
        for layer, weight in self.style_layers.items():
            style = losses.StyleLoss([wanted[layer]], self.style_loss)
            total = total + weight * style(seen[layer])
        return total

    def _features(self, picture: Tensor) -> dict[str, Tensor]:
        if self.standardise:
            picture = (picture - self.mean) / self.std
        features: dict[str, Tensor] = self.backbone(picture)
        return features


def _weighted(layers: Mapping[str, float] | Sequence[str]) -> dict[str, float]:
    return dict(layers) if isinstance(layers, Mapping) else dict.fromkeys(layers, 1.0)
