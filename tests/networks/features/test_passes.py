"""The way down and back gives the losses and the gradient that torch finds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
import torch
from torch import Tensor

from impasto.losses.taps import AutogradTap, Float32Tap
from impasto.networks.features.passes import Looks, Workspace
from impasto.networks.features.vgg import VGG

Make = Callable[..., VGG]
LAYERS = ("conv1_1", "relu1_2", "relu2_1", "conv2_2", "conv3_1")


def cubes(x: Tensor) -> Tensor:
    return x.pow(3).mean()


@pytest.mark.parametrize(
    ("padding", "pooling"), list(product(["zero", "reflect", "replicate"], ["max", "average"]))
)
@pytest.mark.parametrize("layers", [LAYERS, LAYERS[1:3], ("relu3_1",), ("relu1_2", "conv2_1")])
@pytest.mark.parametrize("channels_last", [True, False])
def test_losses_and_gradient_are_torchs(
    tiny_vgg: Make, layers: tuple[str, ...], padding: str, pooling: str, channels_last: bool
) -> None:
    net = tiny_vgg(*layers, padding=padding, pooling=pooling, channels_last=channels_last)
    x = torch.randn(1, 3, 19, 22, generator=torch.Generator().manual_seed(0)).requires_grad_()
    factors = {layer: 1.0 + number for number, layer in enumerate(layers)}
    features = net(x)
    by_torch = {layer: cubes(features[layer]) for layer in layers}
    sum(factors[layer] * loss for layer, loss in by_torch.items()).backward()  # type: ignore[union-attr]

    taps = {layer: [Looks(factor, AutogradTap(cubes))] for layer, factor in factors.items()}
    losses, gradient = net.value_and_gradient(x.detach(), taps)
    for layer, loss in by_torch.items():
        assert losses[layer][0].item() == pytest.approx(loss.item(), rel=1e-4)
    assert x.grad is not None
    assert (gradient - x.grad).norm() < 1e-4 * x.grad.norm()


@pytest.mark.parametrize(
    ("padding", "pooling"), list(product(["zero", "reflect", "replicate"], ["max", "average"]))
)
@pytest.mark.parametrize("channels_last", [True, False])
def test_in_bfloat16_losses_and_gradient_are_those_of_autocast(
    tiny_vgg: Make, padding: str, pooling: str, channels_last: bool
) -> None:
    net = tiny_vgg(*LAYERS, padding=padding, pooling=pooling, channels_last=channels_last)
    x = torch.randn(1, 3, 19, 22, generator=torch.Generator().manual_seed(0)).requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        features = net(x)
    by_torch = {layer: cubes(features[layer].float()) for layer in LAYERS}
    sum(by_torch.values()).backward()  # type: ignore[union-attr]

    taps = {layer: [Looks(1.0, Float32Tap(AutogradTap(cubes)))] for layer in LAYERS}
    losses, gradient = net.value_and_gradient(x.detach(), taps, Workspace(torch.bfloat16))
    for layer, loss in by_torch.items():
        assert losses[layer][0].item() == pytest.approx(loss.item(), rel=0.02)
    assert x.grad is not None
    assert gradient.dtype is torch.float32
    assert (gradient - x.grad).norm() < 0.05 * x.grad.norm()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_what_a_pass_leaves_in_its_workspace_is_not_seen_by_the_next(
    tiny_vgg: Make, dtype: torch.dtype
) -> None:
    net, workspace = tiny_vgg(*LAYERS, padding="reflect"), Workspace(dtype)
    generator = torch.Generator().manual_seed(0)
    for shape in ((24, 20), (16, 33), (24, 20)):
        x = torch.randn(1, 3, *shape, generator=generator)
        taps = {layer: [Looks(1.0, Float32Tap(AutogradTap(cubes)))] for layer in LAYERS}
        fresh = net.value_and_gradient(x, taps, Workspace(dtype))
        again = net.value_and_gradient(x, taps, workspace)
        assert again[0] == fresh[0]
        assert torch.equal(again[1], fresh[1])


def test_two_taps_of_a_layer_both_count(tiny_vgg: Make) -> None:
    net, x = tiny_vgg("relu2_1"), torch.ones(1, 3, 16, 16)
    once = [Looks(3.0, AutogradTap(cubes))]
    both = [Looks(1.0, AutogradTap(cubes)), Looks(2.0, AutogradTap(cubes))]
    losses, gradient = net.value_and_gradient(x, {"relu2_1": both})
    assert len(losses["relu2_1"]) == 2
    assert torch.allclose(gradient, net.value_and_gradient(x, {"relu2_1": once})[1])
