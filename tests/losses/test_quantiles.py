from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from impasto.losses.quantiles import LEVELS, level_shares, matched, quantiles


def noise(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_levels_share_the_whole_and_lie_closer_at_the_ends() -> None:
    shares = level_shares()
    assert shares.sum().item() == pytest.approx(1)
    assert torch.allclose(shares, shares.flip(0), rtol=1e-3)
    assert shares[0].item() == pytest.approx((1 - math.cos(math.pi / LEVELS)) / 2, rel=1e-3)
    assert shares[LEVELS // 2] > 500 * shares[0]


def test_a_ramp_has_a_quantile_function_that_is_its_rank() -> None:
    ramp = torch.arange(10_000.0, dtype=torch.float64).view(1, 1, 100, 100) / 10_000
    middles = level_shares().double().cumsum(0) - level_shares().double() / 2
    assert torch.allclose(quantiles(ramp)[0, 0], middles, atol=1e-4)


def test_the_mean_of_the_levels_is_the_features_own() -> None:
    x, weights = noise(0, 2, 3, 7, 9).exp(), noise(1, 2, 1, 7, 9).square()
    shares = level_shares().double()
    assert torch.allclose((quantiles(x) * shares).sum(-1), x.mean((2, 3)))
    mean = (x * weights).sum((2, 3)) / weights.sum((2, 3))
    assert torch.allclose((quantiles(x, weights) * shares).sum(-1), mean)


def test_quantiles_rise_and_do_not_feel_where_things_are() -> None:
    x = noise(0, 1, 2, 8, 8)
    assert (quantiles(x).diff(dim=-1) >= -1e-9).all()
    assert torch.allclose(quantiles(x.flip(-1)), quantiles(x))
    assert torch.allclose(quantiles(x.repeat(1, 1, 2, 3)), quantiles(x))


def test_a_weight_counts_as_so_many_places() -> None:
    x = noise(0, 1, 2, 2, 3)
    counts = torch.tensor([1, 0, 2, 3, 1, 1])
    copies = x.flatten(2).repeat_interleave(counts, -1).view(1, 2, 2, 4)
    result = quantiles(x, counts.view(1, 1, 2, 3).double() / 7)
    assert torch.allclose(result, quantiles(copies))


def test_the_highest_place_may_count_nothing() -> None:
    x = torch.tensor([1.0, 2.0, 9.0]).view(1, 1, 1, 3)
    q = quantiles(x, torch.tensor([1.0, 1.0, 0.0]).view(1, 1, 1, 3))
    assert q.min().item() == pytest.approx(1)
    assert q.max().item() == pytest.approx(2)


@pytest.mark.parametrize("size", [(30, 40), (5, 6)])
def test_features_match_themselves(size: tuple[int, int]) -> None:
    x = noise(0, 2, 3, *size)
    error = (matched(x, quantiles(x)) - x.flatten(2)).square().mean()
    assert error < 1e-4
    assert not matched(x.requires_grad_(), quantiles(x)).requires_grad


def test_matching_keeps_the_order_and_takes_the_targets_values() -> None:
    x, target = noise(0, 1, 1, 20, 20), noise(1, 1, 1, 20, 20) * 3 + 5
    result = matched(x, quantiles(target))[0, 0]
    assert torch.equal(result.argsort(), x.flatten().argsort())
    assert torch.allclose(result.sort().values, target.flatten().sort().values, atol=0.05)


def test_matching_by_uniform_weights_is_matching_without() -> None:
    x, target = noise(0, 2, 3, 6, 7), quantiles(noise(1, 1, 3, 9, 9))
    result = matched(x, target, torch.full((1, 1, 6, 7), 0.3))
    assert torch.allclose(result, matched(x, target), atol=1e-6)


def test_matching_goes_by_the_places_that_count() -> None:
    x, target = noise(0, 1, 3, 6, 8), quantiles(noise(1, 1, 3, 9, 9))
    weights = torch.zeros(1, 1, 6, 8)
    weights[..., :4] = 2
    half = matched(x, target, weights).view(1, 3, 6, 8)[..., :4]
    assert torch.allclose(half, matched(x[..., :4], target).view(1, 3, 6, 4), atol=1e-6)
