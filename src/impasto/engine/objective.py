"""The weighted sum of content, style and total variation loss of one picture at one scale."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from impasto import losses
from impasto.settings import StyleSettings

__all__ = ["Objective", "layers_needed"]


def layers_needed(settings: StyleSettings) -> list[str]:
    """The layers that have a weight, each once, in the order of the settings."""
    weights = settings.weights
    wanted = [
        *(settings.content_layers.items() if weights.content else ()),
        *(settings.style_layers.items() if weights.style else ()),
    ]
    return list(dict.fromkeys(layer for layer, weight in wanted if weight))


class Objective:
    """What the synthesized image is to make small.

    Args:
        backbone: gives features by layer of (1, 3, H, W); at least `layers_needed(settings)`.
        content: (1, 3, H, W), standardised; the synthesized image has the same shape.
        style: (1, 3, h, w), standardised; any size the backbone can read.
        settings: weights, layers and kinds of losses.
        compiled: the backbone compiled, for the passes that are repeated.
    """

    def __init__(
        self,
        backbone: Callable[[Tensor], dict[str, Tensor]],
        content: Tensor,
        style: Tensor,
        settings: StyleSettings,
        *,
        compiled: Callable[[Tensor], dict[str, Tensor]] | None = None,
    ) -> None:
        self.settings = settings
        self.weights = settings.weights
        self.device = content.device.type
        self._backbone = backbone
        self._content_loss = losses.ContentLoss(settings.content_loss)
        self._tv_loss = losses.TotalVariationLoss(settings.tv_loss)
        with torch.no_grad():
            self._content_targets = self._targets(content, settings.content_layers)
            style_features = self._targets(style, settings.style_layers)
            kind = losses.MomentsLoss if settings.style_loss == "moments" else losses.GramLoss
            self._style_losses = {
                layer: kind(features, settings.gram_heads)
                for layer, features in style_features.items()
            }
        self._backbone = backbone if compiled is None else compiled

    def features(self, x: Tensor) -> dict[str, Tensor]:
        """The backbone's features of (1, 3, H, W), in float32 whatever they were computed in."""
        if self.settings.precision == "float32":
            return self._backbone(x)
        with torch.autocast(self.device, torch.bfloat16):
            features = self._backbone(x)
        return {layer: feature.float() for layer, feature in features.items()}

    def _targets(self, picture: Tensor, layers: dict[str, float]) -> dict[str, Tensor]:
        features = self.features(picture)
        return {
            layer: features[layer]
            for layer, weight in layers.items()
            if layer in features and weight
        }

    def __call__(self, x: Tensor) -> dict[str, Tensor]:
        """Weighted losses by name: content, style, tv and their sum, total.

        Args:
            x: (1, 3, H, W), standardised.
        """
        features = self.features(x)
        settings, zero = self.settings, x.new_zeros(())
        content, style, tv = zero, zero, zero
        if self.weights.content:
            for layer, target in self._content_targets.items():
                loss = self._content_loss(features[layer], target)
                content = content + settings.content_layers[layer] * loss
        if self.weights.style:
            for layer, style_loss in self._style_losses.items():
                style = style + settings.style_layers[layer] * style_loss(features[layer])
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
