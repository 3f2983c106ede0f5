from __future__ import annotations

import pytest
import torch

from impasto.errors import SettingError
from impasto.losses import (
    STYLE_LOSSES,
    feature_sums,
    gram_matrix,
    merged,
    moments,
    style_loss,
)
from impasto.losses.feature_sums import gram_of, moments_of

ADDITIVE = [name for name, kind in STYLE_LOSSES.items() if kind.additive]


def features(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).relu()


def test_whatever_sorts_has_to_see_the_whole_picture() -> None:
    assert ADDITIVE == ["moments", "gram", "wasserstein", "gram-raw"]


@pytest.mark.parametrize("kind", ADDITIVE)
@pytest.mark.parametrize("heads", [1, 2])
def test_two_halves_merged_are_the_whole(kind: str, heads: int) -> None:
    x = features(0, 2, 4, 6, 10)
    halves = (feature_sums(x[..., :3], heads), feature_sums(x[..., 3:], heads))
    of_sums = style_loss(kind).of_sums
    assert of_sums is not None
    whole = style_loss(kind).statistics(x.double(), heads, None)
    for part, expected in zip(of_sums(merged(*halves)), whole, strict=True):
        assert torch.allclose(part, expected, rtol=1e-10, atol=1e-12)


def test_places_without_weight_belong_to_another_part() -> None:
    x = features(1, 1, 3, 4, 8)
    left, right = torch.zeros(1, 1, 4, 8), torch.ones(1, 1, 4, 8)
    left[..., :5], right[..., :5] = 1, 0
    both = merged(feature_sums(x, weights=left), feature_sums(x, weights=right))
    mean, covariance = moments_of(both)
    expected = moments(x.double())
    assert torch.allclose(mean, expected.mean)
    assert torch.allclose(covariance, expected.covariance)


def test_a_part_may_count_nowhere() -> None:
    x = features(2, 1, 3, 4, 4)
    nothing = feature_sums(x, weights=torch.zeros(1, 1, 4, 4))
    whole = feature_sums(x)
    for part, same in zip(merged(whole, nothing), whole, strict=True):
        assert torch.equal(part, same)


def test_the_gram_matrix_of_sums_is_that_of_the_features() -> None:
    x = features(3, 1, 4, 5, 5)
    assert torch.allclose(gram_of(feature_sums(x)), gram_matrix(x.double()))


def test_weights_that_are_none_are_refused() -> None:
    with pytest.raises(SettingError, match="finite and at least 0"):
        feature_sums(features(4, 1, 2, 3, 3), weights=torch.full((1, 1, 3, 3), -1.0))
