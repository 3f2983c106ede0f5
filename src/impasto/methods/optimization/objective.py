"""The weighted sum of content, style and total variation loss of one picture at one scale."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from impasto import losses
from impasto.methods.optimization.regions import Geometry, Places, content_places, region_places
from impasto.methods.optimization.targets import Region, Scene
from impasto.settings import StyleSettings

__all__ = ["Objective", "layers_needed", "style_layers"]

Features = dict[str, Tensor]


class _Aim(NamedTuple):
    """What one region is to be like at one layer."""

    layer: str
    weight: float
    loss: losses.StyleLoss
    places: Tensor | None


def layers_needed(settings: StyleSettings) -> list[str]:
    """The layers that have a weight, each once, in the order of the settings."""
    wanted = settings.content_layers if settings.weights.content else {}
    named = [layer for layer, weight in wanted.items() if weight]
    return list(dict.fromkeys([*named, *style_layers(settings)]))


def style_layers(settings: StyleSettings) -> list[str]:
    """The layers that hold the style, in the order of the settings."""
    if not settings.weights.style:
        return []
    return [layer for layer, weight in settings.style_layers.items() if weight]


class Objective:
    """What the synthesized image is to make small.

    Args:
        backbone: gives features by layer of (1, 3, H, W); at least `layers_needed(settings)`.
        scene: what it is compared with; the synthesized image has the content's shape.
        settings: weights, layers and kinds of losses.
        geometry: of the backbone's layers, which masks and transparency need.
        compiled: the backbone compiled, for the passes that are repeated.
    """

    def __init__(
        self,
        backbone: Callable[[Tensor], Features],
        scene: Scene,
        settings: StyleSettings,
        *,
        geometry: Geometry | None = None,
        compiled: Callable[[Tensor], Features] | None = None,
    ) -> None:
        self.settings = settings
        self.weights = settings.weights
        self.scene = scene
        self.device = scene.content.device.type
        self._backbone = backbone
        self._content_loss = losses.ContentLoss(settings.content_loss)
        self._tv_loss = losses.TotalVariationLoss(settings.tv_loss)
        with torch.no_grad():
            self._content_aims = self._content(scene, geometry or {})
            self._style_aims = [
                aim for region in scene.regions for aim in self._style(region, geometry or {})
            ]
        self._backbone = backbone if compiled is None else compiled

    def features(self, x: Tensor) -> Features:
        """The backbone's features of (1, 3, H, W), in float32 whatever they were computed in."""
        if self.settings.precision == "float32":
            return self._backbone(x)
        with torch.autocast(self.device, torch.bfloat16):
            features = self._backbone(x)
        return {layer: feature.float() for layer, feature in features.items()}

    def _content(
        self, scene: Scene, geometry: Geometry
    ) -> list[tuple[str, float, Tensor, Tensor | None]]:
        """Layer, weight, target and places of each content layer."""
        layers = self.settings.content_layers if self.weights.content else {}
        if not any(layers.values()):
            return []
        features = self.features(scene.content)
        return [
            (layer, weight, features[layer], content_places(scene, geometry, layer))
            for layer, weight in layers.items()
            if weight
        ]

    def _style(self, region: Region, geometry: Geometry) -> list[_Aim]:
        settings, layers = self.settings, style_layers(self.settings)
        found = region_places(self.scene, region, geometry, layers)
        if not found:
            return []
        seen = [self.features(style.pixels) for style in region.styles]
        share = self.scene.share(region)

        def aim(layer: str, places: Places) -> _Aim:
            loss = losses.StyleLoss(
                [features[layer] for features in seen],
                settings.style_loss,
                shares=region.shares,
                style_weights=places.styles,
                heads=settings.gram_heads,
                seed=settings.seed,
            )
            return _Aim(layer, share * settings.style_layers[layer], loss, places.picture)

        return [aim(layer, places) for layer, places in found.items()]

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        """Weighted losses by name: content, style, tv and their sum, total.

        Args:
            x: (1, 3, H, W), standardised.
        """
        x = self.scene.shown(x)
        features = self.features(x)
        zero = x.new_zeros(())
        content, style, tv = zero, zero, zero
        for layer, weight, target, places in self._content_aims:
            content = content + weight * self._content_loss(features[layer], target, places)
        for aim in self._style_aims:
            style = style + aim.weight * aim.loss(features[aim.layer], aim.places)
        if self.weights.tv:
            tv = self._tv_loss(x)
        weighted = {
            "content": self.weights.content * content,
            "style": self.weights.style * style,
            "tv": self.weights.tv * tv,
        }
        return weighted | {"total": sum(weighted.values(), zero)}

    def evaluate(self, x: Tensor) -> tuple[dict[str, float], Tensor]:
        """Weighted losses as numbers, and the gradient of their sum, shaped like `x`."""
        with torch.inference_mode(False), torch.enable_grad():  # whatever the caller's mode is
            x = x.detach().clone().requires_grad_()
            weighted = self(x)
            (gradient,) = torch.autograd.grad(weighted["total"], x)
        return {name: loss.item() for name, loss in weighted.items()}, gradient
