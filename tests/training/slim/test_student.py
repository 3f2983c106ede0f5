from __future__ import annotations

from typing import Literal

import pytest
import torch
from torch import Tensor, nn

from impasto.networks.features import VGG
from training.slim.config import Recipe
from training.slim.student import Student


def trained_student(recipe: Recipe) -> Student:
    """A student whose batch norm has seen something, in eval mode."""
    torch.manual_seed(0)
    student = Student(recipe)
    for norm in student.norms.values():
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.3)
        nn.init.normal_(norm.get_buffer("running_mean"), 0, 0.3)
        nn.init.uniform_(norm.get_buffer("running_var"), 0.5, 2)
    return student.eval()


def read(recipe: Recipe, weights: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    """Features of the backbone that the weights make."""
    options = {"pooling": recipe.pooling, "padding": recipe.padding}
    features: dict[str, Tensor] = VGG(recipe.plan, recipe.layers, weights, **options)(x)
    return features


@pytest.mark.parametrize("pooling", ["max", "average"])
@pytest.mark.parametrize("padding", ["reflect", "zero"])
@torch.no_grad()
def test_folding_changes_no_feature(
    recipe: Recipe,
    pooling: Literal["max", "average"],
    padding: Literal["reflect", "zero"],
) -> None:
    recipe = recipe.replace(pooling=pooling, padding=padding)
    student, x = trained_student(recipe), torch.randn(2, 3, 48, 40)
    features = read(recipe, student.folded_weights(), x)
    for layer, feature in student(x).items():
        assert feature.std() > 0.01
        torch.testing.assert_close(features[layer], feature, rtol=1e-4, atol=1e-5)


def test_features_come_by_layer_at_their_strides(recipe: Recipe) -> None:
    features = Student(recipe)(torch.zeros(2, 3, 32, 48))
    assert {layer: tuple(feature.shape) for layer, feature in features.items()} == {
        "relu1_1": (2, 4, 32, 48),
        "relu2_1": (2, 4, 16, 24),
        "relu3_1": (2, 8, 8, 12),
        "relu4_1": (2, 8, 4, 6),
        "relu4_2": (2, 8, 4, 6),
        "relu5_1": (2, 8, 2, 3),
    }


def test_folded_weights_are_named_and_shaped_as_a_vgg_wants_them(recipe: Recipe) -> None:
    weights = Student(recipe).folded_weights()
    assert {k: tuple(v.shape) for k, v in weights.items()} == recipe.plan.shapes(recipe.layers)


def test_frozen_statistics_stay_until_training_goes_on(recipe: Recipe) -> None:
    student = Student(recipe).train()
    mean = student.norms["conv1_1"].get_buffer("running_mean")
    student.freeze_norm()
    student(torch.randn(2, 3, 32, 32))
    assert mean.eq(0).all()
    student.train()(torch.randn(2, 3, 32, 32))
    assert mean.ne(0).any()


def test_features_are_rectified(recipe: Recipe) -> None:
    for feature in Student(recipe)(torch.randn(1, 3, 32, 32)).values():
        assert feature.min() == 0


@torch.no_grad()
def test_unfolding_undoes_folding_and_takes_statistics_of_its_own(recipe: Recipe) -> None:
    weights, x = trained_student(recipe).folded_weights(), torch.randn(3, 3, 48, 40)
    torch.manual_seed(1)
    student = Student(recipe).eval()
    student.unfold(weights, x)
    again = student.folded_weights()
    assert again.keys() == weights.keys()
    for name, tensor in weights.items():
        torch.testing.assert_close(again[name], tensor)
    before = student(x)
    # The statistics are those of x: a batch norm that measures x itself changes next to nothing.
    for layer, feature in student.train()(x).items():
        assert before[layer].std() > 0.01
        torch.testing.assert_close(feature, before[layer], rtol=1e-2, atol=1e-2)
