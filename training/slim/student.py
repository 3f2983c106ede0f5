"""The network that learns: a VGG's layers with batch norm, which folds away when it is done."""

from __future__ import annotations

from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.networks.features.plan import Convolution
from training.slim.config import Recipe

__all__ = ["Student"]


class Student(nn.Module):
    """A VGG with batch norm behind each convolution.

    Args:
        recipe: layout, pooling, padding, and the layers to give.
    """

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.layers = tuple(recipe.layers)
        self.pooling, self.padding = recipe.pooling, recipe.padding
        self.plan = recipe.plan.upto(recipe.layers)
        self.convs = nn.ModuleDict()
        self.norms = nn.ModuleDict()
        for c in self.plan:
            conv = nn.Conv2d(c.channels_in, c.channels_out, 3, bias=False)
            nn.init.kaiming_normal_(conv.weight)
            conv.weight.data = conv.weight.data.contiguous(memory_format=torch.channels_last)
            self.convs[c.conv] = conv
            # Statistics over some hundred batches: crops of several sizes come in turn.
            self.norms[c.conv] = nn.BatchNorm2d(c.channels_out, momentum=0.02)

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer.

        Args:
            x: (B, 3, H, W), RGB, standardised.

        Returns:
            For each layer: (B, C, H // stride, W // stride).
        """
        features: dict[str, Tensor] = {}
        for c in self.plan:
            x = F.relu(self.norms[c.conv](self.convs[c.conv](self._before(c, x))))
            if c.relu in self.layers:
                features[c.relu] = x
        return {layer: features[layer] for layer in self.layers}

    def _before(self, c: Convolution, x: Tensor) -> Tensor:
        """Pooled and padded, as the convolution wants it."""
        if c.pooled:
            x = F.max_pool2d(x, 2) if self.pooling == "max" else F.avg_pool2d(x, 2)
        return F.pad(x, (1, 1, 1, 1), mode="reflect" if self.padding == "reflect" else "constant")

    def freeze_norm(self) -> None:
        """From now on batch norm keeps its statistics, as it will once folded."""
        self.norms.eval()

    @torch.no_grad()
    def unfold(self, weights: Mapping[str, Tensor], x: Tensor) -> None:
        """Take the place of the network that these folded weights are of.

        Batch norm gets the statistics that each convolution has on `x`, and the scale and shift
        that undo them: to begin with, features are those of the folded network.

        Args:
            weights: as `folded_weights` gives them, of the recipe's layout.
            x: (B, 3, H, W), RGB, standardised, to take the statistics on.
        """
        for c in self.plan:
            norm, convolution = self.norms[c.conv], self.convs[c.conv]
            assert isinstance(norm, nn.BatchNorm2d)
            assert isinstance(convolution, nn.Conv2d)
            bias = weights[f"features.{c.index}.bias"].to(x)
            convolution.weight.copy_(weights[f"features.{c.index}.weight"])
            x = convolution(self._before(c, x))
            variance, mean = torch.var_mean(x, (0, 2, 3))
            norm.get_buffer("running_mean").copy_(mean)
            norm.get_buffer("running_var").copy_(variance)
            norm.weight.copy_(torch.sqrt(variance + norm.eps))
            norm.bias.copy_(mean + bias)
            x = F.relu(x + bias.view(1, -1, 1, 1))

    @torch.no_grad()
    def folded_weights(self) -> dict[str, Tensor]:
        """Weights without batch norm, by torchvision's names, which give the same features.

        Returns:
            `features.N.weight`, (out, in, 3, 3), and `features.N.bias`, (out,), float32.
        """
        weights: dict[str, Tensor] = {}
        for c in self.plan:
            norm, convolution = self.norms[c.conv], self.convs[c.conv]
            assert isinstance(norm, nn.BatchNorm2d)
            assert isinstance(convolution, nn.Conv2d)
            mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
            scale = norm.weight / torch.sqrt(variance + norm.eps)
            weight = convolution.weight * scale.view(-1, 1, 1, 1)
            weights[f"features.{c.index}.weight"] = weight.contiguous()
            weights[f"features.{c.index}.bias"] = norm.bias - mean * scale
        return weights
