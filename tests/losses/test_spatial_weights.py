from __future__ import annotations

import pytest
import torch

from impasto.errors import SettingError
from impasto.losses.spatial_weights import mean_over_places, place_shares

FEATURES = torch.zeros(2, 3, 2, 4)


def test_shares_sum_to_1_in_each_picture() -> None:
    weights = torch.rand(2, 1, 2, 4, generator=torch.Generator().manual_seed(0))
    shares = place_shares(weights, FEATURES)
    assert shares.shape == (2, 1, 1, 8)
    assert shares.sum(-1).flatten().tolist() == pytest.approx([1, 1])
    assert torch.allclose(shares.flatten(1), weights.flatten(1) / weights.flatten(1).sum(1, True))


@pytest.mark.parametrize("level", [1e-40, 1e-3, 7.0, 3e38])
def test_any_sum_above_0_will_do(level: float) -> None:
    shares = place_shares(torch.full((1, 1, 2, 4), level), FEATURES)
    assert shares.flatten().tolist() == pytest.approx([1 / 8] * 8)


def test_shares_have_the_dtype_of_the_features() -> None:
    assert place_shares(torch.ones(1, 1, 2, 4), FEATURES.double()).dtype == torch.float64


@pytest.mark.parametrize("shape", [(1, 1, 4, 2), (3, 1, 2, 4), (2, 3, 2, 4), (2, 4), (1, 2, 4)])
def test_weights_of_another_shape_are_told_the_right_one(shape: tuple[int, ...]) -> None:
    with pytest.raises(SettingError, match=r"features of \(2, 3, 2, 4\) give \(1 or 2, 1, 2, 4\)"):
        place_shares(torch.ones(shape), FEATURES)


@pytest.mark.parametrize("wrong", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_is_negative_or_not_finite_is_refused(wrong: float) -> None:
    weights = torch.ones(1, 1, 2, 4)
    weights[0, 0, 1, 2] = wrong
    with pytest.raises(SettingError, match="finite and at least 0"):
        place_shares(weights, FEATURES)


def test_a_picture_that_counts_nowhere_is_refused() -> None:
    weights = torch.ones(2, 1, 2, 4)
    weights[1] = 0
    with pytest.raises(SettingError, match="one above 0"):
        place_shares(weights, FEATURES)


def test_the_mean_without_shares_is_the_plain_one() -> None:
    values = torch.randn(2, 3, 1, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(mean_over_places(values, None), values.mean(-1, keepdim=True))


def test_the_mean_with_shares_is_theirs() -> None:
    weights = torch.arange(8.0).view(1, 1, 2, 4)
    values = torch.arange(8.0).view(1, 1, 1, 8)
    mean = mean_over_places(values, place_shares(weights, FEATURES))
    assert mean.item() == pytest.approx(sum(i * i for i in range(8)) / sum(range(8)))
