from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from impasto import samples, stylize
from impasto.errors import SettingError, UnknownNameError
from impasto.networks.features import find, load
from impasto.networks.features.layers import geometry, layers_of, smallest_side
from impasto.networks.features.squeezenet import SQUEEZENET, SqueezeNet

LAYERS = ["relu1", "fire3", "fire5", "fire9"]


@pytest.fixture(scope="module")
def weights() -> dict[str, Tensor]:
    """Random weights that keep the size of features."""
    generator = torch.Generator().manual_seed(0)
    return {
        name: torch.randn(shape, generator=generator) * (2 / max(1, shape[1:].numel())) ** 0.5
        if len(shape) > 1
        else torch.zeros(shape)
        for name, shape in (
            (name, torch.Size(shape)) for name, shape in SQUEEZENET.shapes(["fire9"]).items()
        )
    }


def test_it_is_known_by_its_name_and_its_layers() -> None:
    assert find("squeezenet") is SQUEEZENET
    assert layers_of(SQUEEZENET) == ["relu1", *(f"fire{n}" for n in range(2, 10))]
    assert geometry(SQUEEZENET)["relu1"] == (2, 3)
    assert geometry(SQUEEZENET)["fire9"][0] == 16
    assert smallest_side(SQUEEZENET, ["fire5"]) == 16
    with pytest.raises(UnknownNameError, match="'relu1_1' is not a layer of squeezenet"):
        load("squeezenet", ["relu1_1"])


def test_the_stages_count_every_weight() -> None:
    shapes = SQUEEZENET.shapes(["fire9"]).values()
    assert sum(stage.weights for stage in SQUEEZENET.stages()) == sum(
        torch.Size(shape).numel() for shape in shapes
    )


@pytest.mark.parametrize("size", [(32, 48), (37, 63)])
def test_features_have_a_place_for_each_stride(
    weights: dict[str, Tensor], size: tuple[int, int]
) -> None:
    features = SqueezeNet(LAYERS, weights)(torch.zeros(1, 3, *size))
    wide = {"relu1": 64, "fire3": 128, "fire5": 256, "fire9": 512}
    for layer, (stride, _) in geometry(SQUEEZENET).items():
        if layer in LAYERS:
            places = (size[0] // stride, size[1] // stride)
            assert features[layer].shape == (1, wide[layer], *places)


def test_a_place_sees_as_far_as_its_field_says(weights: dict[str, Tensor]) -> None:
    network = SqueezeNet(["fire5"], weights)
    stride, field = geometry(SQUEEZENET)["fire5"]
    picture = torch.rand(1, 3, 160, 160, generator=torch.Generator().manual_seed(1))
    picture.requires_grad_()
    middle = 160 // stride // 2
    network(picture)["fire5"][..., middle, middle].sum().backward()
    assert picture.grad is not None
    rows = picture.grad.abs().sum((0, 1, 3)).nonzero().flatten()
    assert rows.max() - rows.min() < field


def test_inside_it_is_torchvisions_network(weights: dict[str, Tensor]) -> None:
    """Written out as torchvision has it; only the last row and column may differ."""
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(2))

    def conv(x: Tensor, name: str, **more: int) -> Tensor:
        return F.relu(F.conv2d(x, weights[f"{name}.weight"], weights[f"{name}.bias"], **more))

    y = conv(x, "features.0", stride=2)
    y = F.max_pool2d(y, 3, 2, ceil_mode=True)
    for index in (3, 4):
        narrow = conv(y, f"features.{index}.squeeze")
        wide = conv(narrow, f"features.{index}.expand3x3", padding=1)
        y = torch.cat((conv(narrow, f"features.{index}.expand1x1"), wide), 1)
    ours = SqueezeNet(["fire3"], weights)(x)["fire3"]
    assert torch.allclose(ours[..., :12, :12], y[..., :12, :12], atol=1e-5)


def test_pooling_and_padding_can_be_chosen(weights: dict[str, Tensor]) -> None:
    x = torch.rand(1, 3, 48, 48, generator=torch.Generator().manual_seed(3))
    plain = SqueezeNet(["fire3"], weights)(x)["fire3"]
    average = SqueezeNet(["fire3"], weights, pooling="average")(x)["fire3"]
    mirror = SqueezeNet(["fire3"], weights, padding="reflect")(x)["fire3"]
    assert not torch.allclose(plain, average)
    assert not torch.allclose(plain[..., 0, :], mirror[..., 0, :])
    assert torch.allclose(plain[..., 4:8, 4:8], mirror[..., 4:8, 4:8], atol=1e-5)


def test_a_picture_too_small_is_told(weights: dict[str, Tensor]) -> None:
    with pytest.raises(SettingError, match="its shorter side must have 32 px"):
        SqueezeNet(["fire9"], weights)(torch.zeros(1, 3, 31, 64))


def test_it_paints(weights: dict[str, Tensor], tmp_path: Path) -> None:
    save_file(weights, tmp_path / "drawn.safetensors")
    result = stylize(
        samples.content("chelsea"),
        samples.style("swirls"),
        backbone="squeezenet",
        weights_file=str(tmp_path / "drawn.safetensors"),
        content_layers="fire5",
        style_layers="relu1,fire3,fire6",
        size=72,
        steps=6,
    )
    assert result.picture.size == (72, 48)
    assert result.losses[-1]["total"] < result.losses[0]["total"]
