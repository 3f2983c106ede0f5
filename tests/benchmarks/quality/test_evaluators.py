from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from benchmarks.quality.evaluators import JUDGES, content_distance, evaluate, sha256, style_distance
from impasto import imaging
from impasto.errors import WeightsError

FEATURES = torch.randn(4, 8, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def picture(seed: int, height: int = 48, width: int = 64) -> imaging.Picture:
    random = np.random.default_rng(seed)
    return imaging.Picture(random.integers(0, 256, (height, width, 3), dtype=np.uint8))


def test_style_distance_ignores_where_features_lie() -> None:
    order = torch.randperm(48, generator=torch.Generator().manual_seed(1))
    shuffled_features = FEATURES.flatten(1)[:, order].view(4, 6, 8)
    assert style_distance(shuffled_features, FEATURES) == pytest.approx(0, abs=1e-12)
    assert content_distance(shuffled_features.view(4, 8, 6), FEATURES) > 1


def test_a_constant_on_a_channel_of_both_pictures_changes_nothing() -> None:
    constant = torch.tensor([5.0, -40.0, 0.0, 300.0]).view(4, 1, 1)
    other = FEATURES.flip(0) * 1.5
    for distance in (style_distance, content_distance):
        value = distance(other + constant, FEATURES + constant)
        assert value == pytest.approx(distance(other, FEATURES))


def test_features_of_one_value_are_one_away_in_covariance_and_in_content() -> None:
    means = FEATURES.mean((1, 2), keepdim=True).expand_as(FEATURES)
    assert style_distance(means, FEATURES) == pytest.approx(1)
    assert content_distance(means, FEATURES) == pytest.approx(1)


@pytest.mark.parametrize("judge", JUDGES)
def test_a_picture_is_no_distance_from_itself(judge: str, stage: Any) -> None:
    same = picture(0)
    reading = evaluate(judge, stage.teachers, same, same, same)
    assert reading == pytest.approx((0, 0), abs=1e-9)


@pytest.mark.parametrize("judge", JUDGES)
def test_content_and_style_are_read_apart(judge: str, stage: Any) -> None:
    content, style = picture(0), picture(1, 40, 40)
    assert evaluate(judge, stage.teachers, content, content, style).content == 0
    assert evaluate(judge, stage.teachers, style, style, style).style == pytest.approx(0, abs=1e-9)
    assert evaluate(judge, stage.teachers, content, content, style).style > 0
    assert evaluate(judge, stage.teachers, picture(2), content, style).content > 0


def test_a_judge_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="vgg19_pca"):
        sha256("vgg19_pca", tmp_path)
