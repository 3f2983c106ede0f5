from __future__ import annotations

import itertools

import pytest

from impasto.errors import UnknownNameError
from impasto.networks.features.plan import Plan

VGG19 = Plan((64, 128, 256, 512, 512), (2, 2, 4, 4, 4))
VGG16 = Plan((64, 128, 256, 512, 512), (2, 2, 3, 3, 3))


def indices(plan: Plan) -> dict[str, int]:
    return {c.conv: c.index for c in plan}


def test_convolutions_of_vgg19_are_numbered_as_in_torchvision() -> None:
    # The chapter's style layers 0, 5, 10, 19, 28 and content layer 25.
    names = ["conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1", "conv4_4"]
    assert [indices(VGG19)[name] for name in names] == [0, 5, 10, 19, 28, 25]
    assert indices(VGG19)["conv5_4"] == 34


def test_convolutions_of_vgg16_are_numbered_as_in_torchvision() -> None:
    assert list(indices(VGG16).values()) == [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]


def test_each_convolution_takes_what_the_one_before_gives() -> None:
    convolutions = list(VGG19)
    assert convolutions[0].channels_in == 3
    for before, after in itertools.pairwise(convolutions):
        assert after.channels_in == before.channels_out


def test_a_pooling_stands_before_each_block_but_the_first() -> None:
    assert [c.conv for c in VGG19 if c.pooled] == ["conv2_1", "conv3_1", "conv4_1", "conv5_1"]
    assert {c.block: c.stride for c in VGG19} == {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}


def test_layers_are_listed_from_shallow_to_deep() -> None:
    assert Plan((4, 8), (1, 2)).layers == [
        *("conv1_1", "relu1_1", "conv2_1", "relu2_1", "conv2_2", "relu2_2")
    ]


@pytest.mark.parametrize("last", ["conv3_1", "relu3_1"])
def test_nothing_is_kept_below_the_deepest_layer(last: str) -> None:
    assert [c.conv for c in VGG19.upto([last, "relu1_1"])] == [
        *("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1")
    ]


def test_no_layers_need_nothing() -> None:
    assert VGG19.upto([]) == []
    assert VGG19.shapes([]) == {}


def test_shapes_are_torchvisions_names_and_sizes() -> None:
    assert VGG19.shapes(["relu2_1"]) == {
        "features.0.weight": (64, 3, 3, 3),
        "features.0.bias": (64,),
        "features.2.weight": (64, 64, 3, 3),
        "features.2.bias": (64,),
        "features.5.weight": (128, 64, 3, 3),
        "features.5.bias": (128,),
    }


@pytest.mark.parametrize(
    ("layers", "side"), [([], 2), (["relu1_2"], 2), (["relu2_1", "conv1_1"], 4), (["relu5_1"], 32)]
)
def test_the_smallest_picture_leaves_two_places_in_the_deepest_layer(
    layers: list[str], side: int
) -> None:
    assert VGG19.smallest_side(layers) == side


def test_a_layer_that_is_not_there_is_told_all_that_are() -> None:
    with pytest.raises(UnknownNameError, match="'relu3_4' is not a layer of vgg16") as error:
        VGG16.upto(["relu1_1", "relu3_4"], name="vgg16")
    assert error.value.choices == VGG16.layers
