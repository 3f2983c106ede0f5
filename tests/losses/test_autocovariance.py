from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import (
    OFFSETS,
    StyleLoss,
    autocovariance,
    autocovariance_loss,
    moments_loss,
)


def noise(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_hand(x: Tensor, weights: Tensor, down: int, right: int) -> Tensor:
    """Pair by pair: x (C, H, W), weights (H, W)."""
    channels, height, width = x.shape
    mean = (x * weights).sum((1, 2)) / weights.sum()
    total, matrix = x.new_zeros(()), x.new_zeros(channels, channels)
    for i in range(height - down):
        for j in range(width - right):
            share = weights[i, j] * weights[i + down, j + right]
            there = x[:, i + down, j + right] - mean
            matrix += share * torch.outer(x[:, i, j] - mean, there)
            total += share
    return matrix / total


@pytest.mark.parametrize("weighted", [False, True])
def test_covariances_apart_are_those_of_all_pairs_in_the_picture(weighted: bool) -> None:
    x = noise(0, 1, 3, 5, 6)
    weights = noise(1, 1, 1, 5, 6).square() if weighted else None
    apart = autocovariance(x, weights=weights).apart
    counts = torch.ones(5, 6, dtype=torch.float64) if weights is None else weights[0, 0]
    for own, offset in zip(apart[0, 0], OFFSETS, strict=True):
        torch.testing.assert_close(own, by_hand(x[0], counts, *offset))


def test_crumbs_of_a_stroke_have_its_moments_and_are_far_from_it() -> None:
    stroke = torch.zeros(1, 1, 12, 12, dtype=torch.float64)
    stroke[..., 4:8, :] = 1
    places = torch.randperm(144, generator=torch.Generator().manual_seed(0))
    crumbs = stroke.flatten(2)[..., places].view_as(stroke)
    assert StyleLoss([stroke], "moments")(crumbs).item() < 1e-12
    # The stroke goes on to the right: that covariance is Σ itself, and of crumbs next to nothing.
    assert autocovariance_loss(crumbs, autocovariance(stroke)).item() > 0.5


def test_what_is_apart_comes_on_top_of_the_moments() -> None:
    x, y = noise(0, 1, 4, 9, 9), noise(1, 1, 4, 9, 9)
    target = autocovariance(y)
    assert autocovariance_loss(x, target) > moments_loss(x, target.moments)


def test_heads_leave_out_pairs_of_channels_of_two_groups() -> None:
    x = noise(0, 1, 4, 9, 9)
    whole, groups = autocovariance(x).apart[0, 0], autocovariance(x, heads=2).apart[0]
    torch.testing.assert_close(groups[0], whole[:, :2, :2])
    torch.testing.assert_close(groups[1], whole[:, 2:, 2:])


@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (5, 1), (2, 2), (3, 2)])
def test_a_map_smaller_than_an_offset_has_what_it_allows(shape: tuple[int, int]) -> None:
    x = noise(0, 1, 2, *shape).float()
    loss = StyleLoss([noise(1, 1, 2, 9, 9).float()], "shifted")
    tap = loss.tap()
    assert tap(x).item() == pytest.approx(loss(x).item(), rel=1e-4)
    gradient = torch.zeros_like(x)
    tap.pull(gradient, 1.0)
    assert gradient.isfinite().all()


def test_places_that_count_alone_have_no_pairs() -> None:
    weights = torch.zeros(1, 1, 9, 9, dtype=torch.float64)
    weights[..., 4, 4] = 1
    assert autocovariance(noise(0, 1, 2, 9, 9), weights=weights).apart.abs().max() == 0
