from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training.slim.config import Match, Recipe
from training.slim.distillation import (
    MOST_CHANNELS,
    Heads,
    key,
    moments_apart,
    residual,
    sample,
    thin,
)

NEAR = Match("relu2_1", "vgg19_pca", "relu2_1")
FAR = Match("relu3_1", "squeezenet1_1", "fire4", weight=3.0)


def heads_of(*matches: Match, wide: int = 5, covariance: float = 0.0) -> Heads:
    recipe = Recipe().replace(matches=matches, widths=(4, 4, 6, 8, 8), covariance=covariance)
    torch.manual_seed(0)
    return Heads(recipe, {(match.teacher, match.tap): wide for match in matches})


def features(channels: int, side: int = 8) -> Tensor:
    return torch.randn(2, channels, side, side)


def test_a_head_that_can_be_exact_leaves_nothing_unexplained() -> None:
    heads, feature = heads_of(NEAR, covariance=0.5), features(4)
    target = torch.einsum("oc,bchw->bohw", torch.randn(5, 4), feature) + 7
    targets = {NEAR.teacher: {NEAR.tap: target}}
    heads.calibrate(targets)
    assert heads({NEAR.layer: feature}, targets)[1][NEAR.name] > 0.5
    heads.fit({NEAR.layer: feature}, targets)
    loss, shares = heads({NEAR.layer: feature}, targets)
    assert shares.keys() == {NEAR.name}
    assert shares[NEAR.name].item() == pytest.approx(0, abs=1e-9)
    assert loss.item() == pytest.approx(0, abs=1e-8)


@torch.no_grad()
def test_who_knows_only_the_mean_leaves_everything_unexplained() -> None:
    heads, target = heads_of(NEAR), 3 + 10 * features(5)
    targets = {NEAR.teacher: {NEAR.tap: target}}
    heads.calibrate(targets)
    heads.head(NEAR).weight.zero_()
    heads.head(NEAR).bias.zero_()
    _, shares = heads({NEAR.layer: features(4)}, targets)
    assert shares[NEAR.name].item() == pytest.approx(1, rel=1e-5)


def test_the_loss_weighs_what_every_match_leaves() -> None:
    heads = heads_of(NEAR, FAR)
    layers = {"relu2_1": features(4), "relu3_1": features(6)}
    targets = {"vgg19_pca": {"relu2_1": features(5)}, "squeezenet1_1": {"fire4": features(5)}}
    heads.calibrate(targets)
    loss, shares = heads(layers, targets)
    assert loss.item() == pytest.approx(float(shares[NEAR.name] + 3 * shares[FAR.name]))
    loss.backward()
    assert all(parameter.grad is not None for parameter in heads.parameters())


def test_the_covariance_term_comes_on_top_with_its_weight() -> None:
    layers = {NEAR.layer: features(4)}
    targets = {NEAR.teacher: {NEAR.tap: features(5)}}
    none, half, whole = (
        heads_of(NEAR, covariance=covariance)(layers, targets)[0].item()
        for covariance in (0.0, 0.5, 1.0)
    )
    assert half > none
    assert whole - half == pytest.approx(half - none, rel=1e-4)


def test_a_standardised_tap_has_no_mean_and_keeps_its_loud_channels_loud() -> None:
    heads = heads_of(NEAR, wide=2)
    target = torch.randn(4, 2, 16, 16) * torch.tensor([1.0, 9.0]).view(1, 2, 1, 1) + 5
    heads.calibrate({NEAR.teacher: {NEAR.tap: target}})
    tap = heads.standardise(NEAR, target)
    assert tap.mean((0, 2, 3)).abs().max() < 1e-5
    assert tap.square().mean().item() == pytest.approx(1, rel=1e-5)
    ratio = tap[:, 1].std() / tap[:, 0].std()
    assert ratio.item() == pytest.approx(float(target[:, 1].std() / target[:, 0].std()), rel=1e-5)


def test_read_at_a_corner_is_read_of_the_places_there() -> None:
    heads = heads_of(NEAR, covariance=0.5)
    feature, target = features(4, 32), features(5, 32)
    at_corner = heads({NEAR.layer: feature}, {NEAR.teacher: {NEAR.tap: target}}, (1, 0))
    feature, target = feature[..., 1::2, ::2], target[..., 1::2, ::2]
    of_those = heads({NEAR.layer: feature}, {NEAR.teacher: {NEAR.tap: target}})
    torch.testing.assert_close(at_corner, of_those)


def test_unexplained_is_the_mean_square_of_what_is_left() -> None:
    target = features(3)
    assert residual(target, target) == 0
    assert residual(target + 2, target).item() == pytest.approx(4, rel=1e-5)


def test_nothing_is_apart_from_itself() -> None:
    x = features(4)
    assert moments_apart(x, x) == 0
    # As a style it is the same wherever its places lie.
    assert moments_apart(x.flip(-1), x).item() == pytest.approx(0, abs=1e-10)


def test_moments_apart_counts_mean_and_covariance_in_parts_of_the_target() -> None:
    target = torch.tensor([[[[1.0, -1.0]]]])  # mean 0, variance 1
    assert moments_apart(target + 2, target).item() == pytest.approx(4 / 1.1)
    assert moments_apart(2 * target, target).item() == pytest.approx(9 / 1.1)
    assert moments_apart(2 * target + 2, target).item() == pytest.approx(13 / 1.1)


def test_a_blank_wall_divides_nothing_by_zero() -> None:
    target = torch.tensor([[[[1.0, -1.0]]], [[[0.0, 0.0]]]])
    # Of two pictures the usual variance is a half, and a tenth of it the floor.
    assert moments_apart(target + 1, target).item() == pytest.approx((1 / 1.05 + 1 / 0.05) / 2)


def test_nothing_but_blank_walls_still_gives_numbers() -> None:
    heads, wall = heads_of(NEAR, covariance=1.0), torch.ones(2, 5, 8, 8)
    targets = {NEAR.teacher: {NEAR.tap: wall}}
    heads.calibrate(targets)
    assert heads.standardise(NEAR, wall).eq(0).all()
    assert heads({NEAR.layer: features(4)}, targets)[0].isfinite()
    assert moments_apart(wall, wall) == 0


def test_the_four_corners_read_every_place_once() -> None:
    x = torch.arange(24 * 32.0).view(1, 1, 24, 32)
    parts = [thin(x, (down, across)).flatten() for down in (0, 1) for across in (0, 1)]
    assert torch.equal(torch.cat(parts).sort().values, x.flatten())


def test_a_small_map_is_read_whole() -> None:
    small, large = torch.zeros(1, 1, 20, 40), torch.zeros(1, 1, 21, 40)
    assert thin(small, (1, 1)) is small
    assert thin(large, (1, 1)).shape[-2:] == (10, 20)
    assert thin(large, None) is large


@pytest.mark.parametrize("channels", [129, 256, 384])
def test_many_channels_are_sampled_and_in_the_end_all_are_seen(channels: int) -> None:
    x = torch.arange(float(channels)).view(1, -1, 1, 1)
    parts = [sample(x, (down, across)).flatten() for down in (0, 1) for across in (0, 1)]
    assert all(len(part) <= MOST_CHANNELS for part in parts)
    assert set(torch.cat(parts).tolist()) == set(range(channels))
    assert sample(x, None) is x
    assert sample(x[:, :MOST_CHANNELS], (1, 1)).shape[1] == MOST_CHANNELS


def test_a_key_is_what_a_module_may_be_called() -> None:
    assert key(Match("relu1_1", "v1.1", "a.b")) == "relu1_1_v1_1_a_b"


def test_a_fitted_head_leaves_as_much_unexplained_as_least_squares_do() -> None:
    heads, layers = heads_of(NEAR, FAR), {"relu2_1": features(4), "relu3_1": features(6)}
    targets = {match.teacher: {match.tap: features(5)} for match in (NEAR, FAR)}
    heads.calibrate(targets)
    heads.fit(layers, targets)
    _, shares = heads(layers, targets)
    for match in (NEAR, FAR):
        feature = layers[match.layer]
        inputs = torch.cat((feature, torch.ones_like(feature[:, :1])), 1).movedim(1, -1)
        target = heads.standardise(match, targets[match.teacher][match.tap]).movedim(1, -1)
        inputs, target = inputs.flatten(0, 2), target.flatten(0, 2)
        guess = inputs @ torch.linalg.lstsq(inputs, target).solution
        assert shares[match.name].item() == pytest.approx(residual(guess, target).item())
        assert 0.5 < shares[match.name] < 1


def test_a_fitted_head_does_not_lean_on_a_channel_that_never_fires() -> None:
    heads, feature = heads_of(NEAR), features(4)
    feature[:, 2] = 0
    targets = {NEAR.teacher: {NEAR.tap: features(5)}}
    heads.calibrate(targets)
    heads.fit({NEAR.layer: feature}, targets)
    assert heads.head(NEAR).weight[:, 2].eq(0).all()
    assert heads.head(NEAR).weight[:, 1].ne(0).all()
