"""The losses of a painting for other people's training code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from impasto import losses
from impasto.errors import SettingError, UnknownNameError
from impasto.imaging.tensors import MEAN, STD
from impasto.networks.features import load

__all__ = ["PerceptualLoss"]

DEFAULT_CONTENT = ("relu3_1",)


class PerceptualLoss(nn.Module):
    """How far an output is from a target, seen by a network instead of pixel by pixel.

    Content layers compare features place by place; style layers compare their statistics, so
    that where things are does not count. Gradients flow to the output; network and targets are
    frozen. Use it as any loss, alone or added to others: for a network that learns one style, give
    `style` once, and its statistics are never computed again.

    Args:
        backbone: the name of a feature extractor ("slim", "vgg19" …), or a module that collects
            all the layers.
        content_layers: layers and their weights, or only names.
        style_layers: the same; none by default.
        style_loss: a name that `impasto.losses.style_loss` knows.
        style: (1 or B, 3, h, w), RGB in [0, 1], the style that outputs shall have; without it the
            style is each call's target's. It goes with the module to its device and into its
            state, as statistics.
        plain: whether styles have no texture, only a colour; see `impasto.losses.plain_loss`.
        standardise: whether pictures come in [0, 1] (the default) or already standardised.

    Raises:
        UnknownNameError: no such extractor, style loss or layer.
        SettingError: no layer at all, a negative weight, or a `style` without style layers.

    Source: Johnson, Alahi and Fei-Fei (2016), equations 2 to 4.

    Example:
        >>> loss = PerceptualLoss("slim", ["relu2_1"], ["relu1_1", "relu2_1"])
        >>> picture = torch.rand(2, 3, 32, 32)
        >>> loss(picture, picture).item()
        0.0
        >>> painting = torch.rand(1, 3, 40, 32)
        >>> loss = PerceptualLoss("slim", [], ["relu1_1"], style=painting)
        >>> loss(painting).item()
        0.0
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        backbone: str | nn.Module = "slim",
        content_layers: Mapping[str, float] | Sequence[str] = DEFAULT_CONTENT,
        style_layers: Mapping[str, float] | Sequence[str] = (),
        *,
        style_loss: str = "moments",
        style: Tensor | None = None,
        plain: bool = False,
        standardise: bool = True,
    ) -> None:
        super().__init__()
        self.content_layers = _weighted(content_layers)
        self.style_layers = _weighted(style_layers)
        losses.check_heads(style_loss, 1)
        self.style_loss = style_loss
        self.plain, self.standardise = plain, standardise
        layers = [*self.content_layers, *self.style_layers]
        if not layers:
            raise SettingError("no layer is named: give content_layers or style_layers")
        network: Any = load(backbone, layers) if isinstance(backbone, str) else backbone
        for layer in layers:
            if layer not in network.layers:
                kind = f"layer that this {network.name} collects"
                raise UnknownNameError(kind, layer, network.layers)
        self.backbone = network
        self.content = losses.ContentLoss("relative")
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(STD).view(1, 3, 1, 1))
        self.styles = nn.ModuleDict()
        if style is not None:
            self.set_style(style)

    def set_style(self, style: Tensor) -> None:
        """Hold the statistics of a style picture from now on.

        Args:
            style: (1 or B, 3, h, w), RGB in [0, 1]; (1, …) serves every picture of a batch.

        Raises:
            SettingError: there are no style layers, or it is no such picture.
        """
        if not self.style_layers:
            raise SettingError("a style is given and no style_layers: name at least one layer")
        with torch.no_grad():
            features = self._features(style)
        # A module's name may hold no dot; layers of any network may.
        self.styles = nn.ModuleDict(
            {_key(layer): self._style_loss(features[layer]) for layer in self.style_layers}
        )

    def forward(self, output: Tensor, target: Tensor | None = None) -> Tensor:
        """The weighted sum over all layers.

        Args:
            output: (B, 3, H, W), RGB in [0, 1].
            target: (B, 3, H, W) likewise; for style layers alone it may have another size. With a
                fixed style only content layers read it, and without those it may be left out.

        Returns:
            A scalar, at least 0.

        Raises:
            SettingError: no target where one is read, or pictures of other shapes.
        """
        fixed = len(self.styles) > 0
        reads_target = bool(self.content_layers) or (bool(self.style_layers) and not fixed)
        if reads_target and target is None:
            raise SettingError("no target is given, which content layers compare with: pass one")
        of_output = self._features(output)
        of_target: dict[str, Tensor] = {}
        if reads_target and target is not None:
            if self.content_layers and target.shape[-2:] != output.shape[-2:]:
                raise SettingError(
                    f"the output is {tuple(output.shape)} and the target {tuple(target.shape)}: "
                    "content layers need the same height and width"
                )
            with torch.no_grad():
                of_target = self._features(target)
        total = output.new_zeros(())
        for layer, weight in self.content_layers.items():
            total = total + weight * self.content(of_output[layer], of_target[layer])
        for layer, weight in self.style_layers.items():
            if fixed:
                style = self.styles[_key(layer)](of_output[layer])
            else:
                style = self._style_loss(of_target[layer])(of_output[layer])
            total = total + weight * style
        return total

    def _style_loss(self, features: Tensor) -> losses.StyleLoss:
        return losses.StyleLoss([features], self.style_loss, plain=self.plain)

    def _features(self, picture: Tensor) -> dict[str, Tensor]:
        if picture.ndim != 4 or picture.shape[1] != 3:
            raise SettingError(
                f"a picture has the shape {tuple(picture.shape)}: give (B, 3, H, W), RGB"
            )
        if self.standardise:
            picture = (picture - self.mean) / self.std
        features: dict[str, Tensor] = self.backbone(picture)
        return features


def _key(layer: str) -> str:
    return layer.replace(".", "_")


def _weighted(layers: Mapping[str, float] | Sequence[str]) -> dict[str, float]:
    weighted = dict(layers) if isinstance(layers, Mapping) else dict.fromkeys(layers, 1.0)
    for layer, weight in weighted.items():
        if not 0 <= weight < float("inf"):
            raise SettingError(
                f"the weight of {layer} is {weight}: it has to be finite and at least 0"
            )
    return weighted
