"""One class for VGG-16, VGG-19 and the bundled slim network (Simonyan and Zisserman, 2015)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.errors import SettingError
from impasto.networks.features.passes import Looks, Workspace, down_and_up
from impasto.networks.features.plan import Plan

__all__ = ["VGG"]

aten = torch.ops.aten


class VGG(nn.Module):
    """A frozen VGG, only as deep as the deepest layer asked for.

    Args:
        plan: its layout.
        layers: names of the layers to collect ("relu1_1", "conv5_1" …).
        weights: tensors by torchvision's names; see `Plan.shapes`.
        pooling: "max", as trained, or "average", which Gatys et al. found smoother.
        padding: "zero", as trained; "reflect" and "replicate" keep dark borders away.
        channels_last: memory layout of the features; 4 to 25 % faster on CPUs.
        name: for messages.

    Raises:
        UnknownNameError: if the plan lacks a layer.
    """

    def __init__(
        self,
        plan: Plan,
        layers: Sequence[str],
        weights: Mapping[str, Tensor],
        *,
        pooling: Literal["max", "average"] = "max",
        padding: Literal["zero", "reflect", "replicate"] = "zero",
        channels_last: bool = True,
        name: str = "this backbone",
    ) -> None:
        super().__init__()
        self.name = name
        self.layers = tuple(dict.fromkeys(layers))
        self.pooling = pooling
        self.padding = padding
        self._rounded: dict[tuple[str, torch.dtype], tuple[Tensor, Tensor]] = {}
        self.smallest_side = plan.smallest_side(self.layers, name=name)
        self.convolutions = plan.upto(self.layers, name=name)
        for c in self.convolutions:
            for part in ("weight", "bias"):
                tensor = weights[f"features.{c.index}.{part}"].detach().clone()
                if channels_last and part == "weight":
                    # Features take the layout of the weights they meet.
                    tensor = tensor.contiguous(memory_format=torch.channels_last)
                self.register_buffer(f"{c.conv}_{part}", tensor, persistent=False)

    def sha256(self) -> str:
        """Of all its weights, in hex: which network this is, wherever it was read from."""
        digest = hashlib.sha256()
        for _, tensor in self.named_buffers():
            digest.update(tensor.cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def geometry(self) -> dict[str, tuple[int, int]]:
        """Of each layer: px of the picture to one of its places, and px that a place sees."""
        return {layer: (c.stride, c.field) for c in self.convolutions for layer in (c.conv, c.relu)}

    def forward(self, x: Tensor) -> dict[str, Tensor]:
        """Features by layer name.

        Args:
            x: (B, 3, H, W), RGB, standardised as by `impasto.imaging.tensors.preprocess`.

        Returns:
            For each layer in `layers`: (B, C, H // stride, W // stride).
        """
        self._check_size(x)
        features: dict[str, Tensor] = {}
        for c in self.convolutions:
            if c.pooled:
                x = F.max_pool2d(x, 2) if self.pooling == "max" else F.avg_pool2d(x, 2)
            x = self.convolve(self.padded(x), c.conv)
            if c.conv in self.layers:
                features[c.conv] = x
            if c.relu in self.layers or c is not self.convolutions[-1]:
                # In place unless the unrectified output was asked for: it halves what is kept.
                x = F.relu(x) if c.conv in self.layers else F.relu_(x)
            if c.relu in self.layers:
                features[c.relu] = x
        return {layer: features[layer] for layer in self.layers}

    def value_and_gradient(
        self,
        x: Tensor,
        taps: Mapping[str, Sequence[Looks]],
        workspace: Workspace | None = None,
    ) -> tuple[dict[str, list[Tensor]], Tensor]:
        """The losses of taps at its layers, and the gradient of their weighted sum; see `passes`.

        Args:
            x: (1, 3, H, W), standardised, on the CPU.
            taps: by layer; no deeper than `layers`.
            workspace: memory that passes leave to each other, and the precision they are computed
                in; float32 if left out.

        Returns:
            The loss of each tap, by layer in the order of `taps`; the gradient, shaped like `x`.

        Raises:
            SettingError: the picture is too small for the layers.

        Example:
            >>> from impasto.networks import features
            >>> network = features.load("slim", ["relu1_1"])
            >>> losses, gradient = network.value_and_gradient(torch.zeros(1, 3, 8, 8), {})
            >>> losses, gradient.abs().sum().item()
            ({}, 0.0)
        """
        self._check_size(x)
        return down_and_up(self, x, taps, workspace)

    def _check_size(self, x: Tensor) -> None:
        if min(x.shape[-2:]) < self.smallest_side:
            raise SettingError(
                f"a picture of {x.shape[-2]} x {x.shape[-1]} px is too small for the layers "
                f"of {self.name}: its shorter side must have {self.smallest_side} px"
            )

    # One layer and its way back

    def padded(self, x: Tensor) -> Tensor:
        """(B, C, H, W) as its next convolution takes it: zeros are added by that itself."""
        if self.padding == "zero":
            return x
        if self.padding == "reflect" and x.is_cuda and torch.are_deterministic_algorithms_enabled():
            return reflected(x)
        return F.pad(x, (1, 1, 1, 1), mode=self.padding)

    def convolve(self, x: Tensor, conv: str) -> Tensor:
        """One convolution of a padded (B, C, H, W)."""
        weight, bias = self._weights(conv, x.dtype)
        return F.conv2d(x, weight, bias, padding=1 if self.padding == "zero" else 0)

    def convolve_back(self, gradient: Tensor, conv: str, shape: torch.Size) -> Tensor:
        """The gradient of what was convolved, of such a shape, from that of the result."""
        weight, _ = self._weights(conv, gradient.dtype)
        edge, one = [1 if self.padding == "zero" else 0] * 2, [1, 1]
        back: Tensor = aten.convolution_backward(
            *(gradient, _like(gradient, shape), weight, None, one, edge, one, False, [0, 0], 1),
            [True, False, False],
        )[0]
        return back

    def _weights(self, conv: str, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Weight and bias; rounded once where features are not float32, and kept."""
        weight, bias = self.get_buffer(f"{conv}_weight"), self.get_buffer(f"{conv}_bias")
        if dtype == weight.dtype or torch.is_autocast_enabled(weight.device.type):
            return weight, bias
        key = conv, dtype
        if key not in self._rounded:
            self._rounded[key] = (weight.to(dtype), bias.to(dtype))
        return self._rounded[key]


def _like(gradient: Tensor, shape: torch.Size) -> Tensor:
    """A tensor of such a shape whose numbers are never read, laid out as a gradient is."""
    _, channels, height, width = shape
    if gradient.is_contiguous(memory_format=torch.channels_last):
        strides = (channels * height * width, 1, channels * width, channels)
        return torch.empty_strided(
            tuple(shape), strides, dtype=gradient.dtype, device=gradient.device
        )
    return gradient.new_empty(shape)


def reflected(x: Tensor) -> Tensor:
    """Reflect padding of one place by slices, whose gradient is deterministic on CUDA too.

    Args:
        x: (B, C, H, W), H and W at least 2.

    Returns:
        (B, C, H + 2, W + 2), as `torch.nn.functional.pad` gives it, which is faster.
    """
    x = torch.cat((x[:, :, 1:2], x, x[:, :, -2:-1]), 2)
    return torch.cat((x[..., 1:2], x, x[..., -2:-1]), 3)
