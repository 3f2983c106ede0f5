from __future__ import annotations

import json
from itertools import chain
from typing import Any

import pytest

from impasto.errors import SettingError, UnknownNameError
from training.slim.config import LESSONS, Match, Recipe
from training.slim.teachers import TEACHERS


def test_a_recipe_comes_back_from_its_json() -> None:
    recipe = Recipe().replace(pooling="average", lr=0.01, crops=[[64, 2]])
    assert Recipe.from_dict(json.loads(json.dumps(recipe.as_dict()))) == recipe
    assert recipe != Recipe()


def test_layers_and_taps_are_each_named_once_in_order() -> None:
    recipe = Recipe()
    assert recipe.layers == ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2", "relu5_1"]
    assert recipe.taps("vgg19_pca") == ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
    assert recipe.taps("squeezenet1_1").count("fire7") == 1
    assert recipe.taps("nobody") == []


def test_every_match_joins_places_of_one_stride() -> None:
    strides = {c.relu: c.stride for c in Recipe().plan}
    for match in chain(*LESSONS.values()):
        assert strides[match.layer] == TEACHERS[match.teacher].strides[match.tap], match


def test_no_two_matches_share_a_name() -> None:
    for matches in LESSONS.values():
        assert len({match.name for match in matches}) == len(matches)
    assert Match("relu3_1", "vgg19_pca", "relu3_1").name == "relu3_1:vgg"
    assert Match("relu3_1", "squeezenet1_1", "fire4").name == "relu3_1:fire4"
    assert Match("relu3_1", "vgg19-original", "relu3_1").name == "relu3_1:vgg19"


def test_a_whole_number_stands_for_a_real_one() -> None:
    assert Recipe().replace(lr=1, art=0).lr == 1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("lr", "x"),
        ("lr", 0),
        ("lr", float("nan")),
        ("lr", True),
        ("widths", [0]),
        ("widths", [8, 8, 8, 8, 0]),
        ("widths", 16),
        ("depths", [2, 2, 4, 4]),
        ("pooling", "banana"),
        ("padding", "banana"),
        ("crops", []),
        ("crops", [[100, 4]]),
        ("crops", [[16, 4]]),
        ("crops", [[128, 0]]),
        ("crops", [128, 4]),
        ("art", 1.5),
        ("painted", -0.1),
        ("painted_every", 0),
        ("warmup", 0),
        ("frozen_norm", 2),
        ("seed", 0.5),
        ("seed", -1),
    ],
)
def test_what_a_field_cannot_be_is_refused_by_its_name(field: str, value: Any) -> None:
    with pytest.raises(SettingError, match=f"^{field}.* is "):
        Recipe().replace(**{field: value})


def test_a_layer_that_the_student_lacks_cannot_be_matched() -> None:
    with pytest.raises(UnknownNameError, match="'relu4_2' is not a layer of the student"):
        Recipe().replace(depths=(2, 2, 4, 1, 1))
