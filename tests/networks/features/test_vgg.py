from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from impasto.errors import SettingError, UnknownNameError
from impasto.networks.features.plan import Plan
from impasto.networks.features.vgg import VGG

Make = Callable[..., VGG]
NUMPY_MODES = {"zero": "constant", "reflect": "reflect", "replicate": "edge"}
ALL_LAYERS = [
    f"{kind}{place}" for place in ("1_1", "1_2", "2_1", "2_2", "3_1") for kind in ("conv", "relu")
]


def noise(height: int = 16, width: int = 20, batch: int = 1) -> Tensor:
    return torch.randn(batch, 3, height, width, generator=torch.Generator().manual_seed(0))


def by_the_book(
    plan: Plan, weights: dict[str, Tensor], x: Tensor, padding: str, pooling: str
) -> dict[str, Tensor]:
    """Every layer, each in a tensor of its own."""
    mode = {"zero": "constant"}.get(padding, padding)
    features = {}
    for c in plan:
        if c.pooled:
            x = F.max_pool2d(x, 2) if pooling == "max" else F.avg_pool2d(x, 2)
        x = F.conv2d(
            F.pad(x, (1, 1, 1, 1), mode=mode),
            weights[f"features.{c.index}.weight"],
            weights[f"features.{c.index}.bias"],
        )
        features[c.conv] = x
        x = x.clamp(min=0)
        features[c.relu] = x
    return features


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize("padding", ["zero", "reflect", "replicate"])
def test_every_layer_is_as_by_the_book(
    tiny_vgg: Make, tiny_plan: Plan, tiny_weights: dict[str, Tensor], padding: str, pooling: str
) -> None:
    x = noise()
    result = tiny_vgg(*ALL_LAYERS, padding=padding, pooling=pooling)(x)
    for layer, feature in by_the_book(tiny_plan, tiny_weights, x, padding, pooling).items():
        assert torch.allclose(result[layer], feature, atol=1e-5), layer


@pytest.mark.parametrize(
    "layers",
    [
        ["conv1_1"],
        ["conv1_1", "relu2_1"],
        ["conv2_1", "relu2_1"],
        ["conv1_2", "conv3_1"],
        ["relu1_2", "relu3_1"],
    ],
    ids=str,
)
def test_relus_in_place_spoil_no_layer_that_was_asked_for(
    tiny_vgg: Make, tiny_plan: Plan, tiny_weights: dict[str, Tensor], layers: list[str]
) -> None:
    x = noise()
    expected = by_the_book(tiny_plan, tiny_weights, x, "zero", "max")
    result = tiny_vgg(*layers)(x)
    assert list(result) == layers
    for layer in layers:
        assert torch.allclose(result[layer], expected[layer], atol=1e-5), layer


@pytest.mark.parametrize(
    "layers", [["conv1_1", "relu2_1"], ["conv2_2", "relu2_2", "conv3_1"]], ids=str
)
def test_relus_in_place_leave_the_gradient_right(
    tiny_vgg: Make, tiny_plan: Plan, tiny_weights: dict[str, Tensor], layers: list[str]
) -> None:
    x = noise().requires_grad_()
    expected = by_the_book(tiny_plan, tiny_weights, x, "zero", "max")
    result = tiny_vgg(*layers)(x)
    gradients = [
        torch.autograd.grad(sum(features[layer].square().sum() for layer in layers), x)[0]
        for features in (result, expected)
    ]
    assert gradients[0].abs().max() > 0
    assert torch.allclose(*gradients, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("padding", NUMPY_MODES)
def test_one_convolution_counted_by_hand(padding: Any) -> None:
    x = noise(4, 5)
    weights = {
        "features.0.weight": torch.randn(2, 3, 3, 3, generator=torch.Generator().manual_seed(1)),
        "features.0.bias": torch.tensor([0.5, -0.5]),
    }
    (result,) = VGG(Plan((2,), (1,)), ["conv1_1"], weights, padding=padding)(x).values()
    plane = np.pad(x[0].double().numpy(), ((0, 0), (1, 1), (1, 1)), mode=NUMPY_MODES[padding])
    for channel in range(2):
        kernel = weights["features.0.weight"][channel].double().numpy()
        for row in range(4):
            for column in range(5):
                patch = plane[:, row : row + 3, column : column + 3]
                by_hand = (patch * kernel).sum() + [0.5, -0.5][channel]
                assert result[0, channel, row, column].item() == pytest.approx(by_hand, abs=1e-5)


@pytest.mark.parametrize(("pooling", "expected"), [("max", [4.0, 8.0]), ("average", [2.5, 6.5])])
def test_pooling_counted_by_hand(pooling: Any, expected: list[float]) -> None:
    # Convolutions that pass the first channel on as it is.
    passing = torch.zeros(3, 3, 3, 3)
    passing[0, 0, 1, 1] = 1.0
    weights = {
        "features.0.weight": passing,
        "features.0.bias": torch.zeros(3),
        "features.3.weight": passing[:1],
        "features.3.bias": torch.zeros(1),
    }
    x = torch.zeros(1, 3, 5, 5)
    x[0, 0, :2, :4] = torch.tensor([[1.0, 2.0, 5.0, 6.0], [3.0, 4.0, 7.0, 8.0]])
    net = VGG(Plan((3, 1), (1, 1)), ["conv2_1"], weights, pooling=pooling)
    # The odd fifth row and column fall away.
    assert net(x)["conv2_1"].tolist() == [[[expected, [0.0, 0.0]]]]


def test_it_is_only_as_deep_as_it_has_to_be(tiny_vgg: Make) -> None:
    names = [name for name, _ in tiny_vgg("relu2_1", "relu1_1").named_buffers()]
    assert [n for n in names if n.endswith("weight")] == [
        "conv1_1_weight",
        "conv1_2_weight",
        "conv2_1_weight",
    ]


def test_nothing_in_it_can_be_trained(tiny_vgg: Make, tiny_weights: dict[str, Tensor]) -> None:
    for tensor in tiny_weights.values():
        tensor.requires_grad_()
    net = tiny_vgg("relu3_1")
    assert list(net.parameters()) == []
    assert not any(buffer.requires_grad for buffer in net.buffers())


def test_it_keeps_its_own_copy_of_the_weights(
    tiny_vgg: Make, tiny_weights: dict[str, Tensor]
) -> None:
    net, x = tiny_vgg("relu2_1"), noise()
    before = net(x)["relu2_1"]
    for tensor in tiny_weights.values():
        tensor.zero_()
    assert torch.equal(net(x)["relu2_1"], before)


def test_the_gradient_reaches_every_pixel(tiny_vgg: Make) -> None:
    x = noise().requires_grad_()
    tiny_vgg("relu1_2", padding="reflect")(x)["relu1_2"].square().sum().backward()
    assert x.grad is not None
    assert x.grad.abs().amin() > 0


def test_the_picture_is_left_as_it_was(tiny_vgg: Make) -> None:
    x = noise()
    tiny_vgg("relu3_1")(x)
    assert torch.equal(x, noise())


def test_the_memory_layout_changes_nothing_but_the_layout(
    tiny_weights: dict[str, Tensor], tiny_plan: Plan
) -> None:
    nets = [VGG(tiny_plan, ["relu3_1"], tiny_weights, channels_last=last) for last in (True, False)]
    last, first = (net(noise())["relu3_1"] for net in nets)
    assert last.is_contiguous(memory_format=torch.channels_last)
    assert torch.allclose(last, first, atol=1e-5)


def test_pictures_of_a_batch_do_not_see_each_other(tiny_vgg: Make) -> None:
    net, x = tiny_vgg("relu3_1"), noise(batch=2)
    together = net(x)["relu3_1"]
    for i in range(2):
        assert torch.allclose(net(x[i : i + 1])["relu3_1"][0], together[i], atol=1e-5)


def test_a_layer_asked_for_twice_comes_once(tiny_vgg: Make) -> None:
    assert list(tiny_vgg("relu2_1", "relu1_1", "relu2_1")(noise())) == ["relu2_1", "relu1_1"]


@pytest.mark.parametrize("padding", ["zero", "reflect", "replicate"])
def test_the_smallest_picture_is_seen_and_a_smaller_one_told(tiny_vgg: Make, padding: str) -> None:
    net = tiny_vgg("relu3_1", padding=padding)
    assert net(noise(8, 8))["relu3_1"].shape == (1, 8, 2, 2)
    with pytest.raises(SettingError, match=r"7 x 9 px is too small for the layers of tiny.* 8 px"):
        net(noise(7, 9))


def test_a_layer_that_is_not_there_is_told_all_that_are(tiny_vgg: Make) -> None:
    with pytest.raises(UnknownNameError, match=r"not a layer of tiny.*relu3_1"):
        tiny_vgg("relu1_1", "relu3_2")
