from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from impasto.errors import CheckpointError, NonFiniteError
from impasto.networks import features
from impasto.training.stylizers.course import Course
from impasto.training.stylizers.learning import Learning
from impasto.training.stylizers.objective import LAYERS, Guide

SMALL = Course(steps=6, side=64, batch=2, draws=2)


def noise(seed: int, height: int = 72, width: int = 96) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(256, (1, 3, height, width), generator=generator, dtype=torch.uint8)


@pytest.fixture(scope="module")
def learning() -> Callable[..., Learning]:
    """Makes a training of small pictures."""
    torch.set_num_threads(1)
    guide = Guide(features.load("slim", LAYERS, padding="reflect"))

    def make(styles: int = 1, **changes: Any) -> Learning:
        names = [f"style {n}" for n in range(styles)]
        pictures = [noise(n, 64 + 8 * n) for n in range(styles)]
        return Learning(
            dataclasses.replace(SMALL, **changes), names, pictures, [noise(9), noise(8)], guide
        )

    return make


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(one[name].equal(other[name]) for name in one)


def copied(state: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in state.items()}


def test_the_loss_falls(learning: Callable[..., Learning]) -> None:
    training = learning(steps=30, batch=1, draws=1)
    totals = [training.learn()["style"] for _ in range(30)]
    assert sum(totals[-5:]) < 0.7 * sum(totals[:5])


@pytest.mark.parametrize("changes", [{}, {"styles": 2}, {"adversarial": 0.5}])
def test_a_training_that_goes_on_from_a_state_ends_in_the_same_bytes(
    learning: Callable[..., Learning], changes: dict[str, Any]
) -> None:
    whole = learning(**changes)
    told = [whole.learn() for _ in range(6)]
    stopped = learning(**changes)
    for _ in range(3):
        stopped.learn()
    state = copied(stopped.state())
    resumed = learning(**changes)
    resumed.restore(state)
    assert resumed.step == 3
    assert [resumed.learn() for _ in range(3)] == told[3:]
    assert same(resumed.state(), whole.state())


def test_the_narrow_layout_learns_from_scratch(learning: Callable[..., Learning]) -> None:
    training = learning(steps=30, batch=1, draws=1, width="s", start="scratch")
    totals = [training.learn()["total"] for _ in range(30)]
    assert sum(totals[-5:]) < 0.9 * sum(totals[:5])
    assert training.network.plan.widths == (12, 24, 32, 64)


def test_steps_that_are_timed_leave_no_trace(learning: Callable[..., Learning]) -> None:
    training = learning()
    before = copied(training.state())
    assert training.measured_step_s() > 0
    assert same(training.state(), before)
    assert training.learn() == learning().learn()


def test_a_critic_is_timed_for_a_third_of_the_steps(
    learning: Callable[..., Learning], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    learn = Learning.learn

    def timed(self: Learning) -> dict[str, float]:
        losses = learn(self)
        clock[0] += 4.0 if "adversarial" in losses else 1.0
        return losses

    monkeypatch.setattr(Learning, "learn", timed)
    monkeypatch.setattr("time.perf_counter", lambda: clock[0])
    training = learning(adversarial=0.5)
    before = copied(training.state())
    assert training.measured_step_s() == pytest.approx((1 + 1 + 4) / 3)
    assert same(training.state(), before)
    assert training.course.steps == SMALL.steps
    assert learning().measured_step_s() == pytest.approx(1)


def test_a_critic_takes_part_in_the_last_third_alone(learning: Callable[..., Learning]) -> None:
    without, with_critic = learning(), learning(adversarial=0.5)
    plain = [without.learn() for _ in range(6)]
    judged = [with_critic.learn() for _ in range(6)]
    assert judged[:4] == plain[:4]
    assert ["adversarial" in losses for losses in judged] == [False] * 4 + [True] * 2
    assert not with_critic.averaged.codes.equal(without.averaged.codes)


def test_several_styles_are_learnt_in_turn_and_blended(learning: Callable[..., Learning]) -> None:
    training = learning(3, steps=40)
    rows = torch.cat([training._draw().shares for training.step in range(1, 41)])
    assert torch.allclose(rows.sum(1), torch.ones(len(rows)))
    assert (rows > 0).any(0).all()
    blends = ((rows > 0).sum(1) == 2).float().mean().item()
    assert 0.1 < blends < 0.45
    assert "prior" in training.learn()


def test_strengths_lie_from_one_end_to_the_other_and_mostly_in_the_middle(
    learning: Callable[..., Learning],
) -> None:
    training = learning(steps=100)
    strengths = torch.cat([training._draw().strengths for training.step in range(1, 101)])
    assert strengths.min() < -0.7
    assert strengths.max() > 0.7
    assert (strengths.abs() < 0.25).float().mean() > 0.5


def test_the_average_follows_the_network_closely_at_first(
    learning: Callable[..., Learning],
) -> None:
    training = learning()
    start = training.averaged.codes.clone()
    training.learn()
    own = training.network.codes
    assert not own.equal(start)
    assert torch.allclose(training.averaged.codes, (start + 8 * own) / 9, atol=1e-6)


def test_a_state_of_another_training_is_refused(learning: Callable[..., Learning]) -> None:
    with pytest.raises(CheckpointError, match="does not fit this training"):
        learning().restore(learning(2).state())


def test_a_loss_that_is_not_finite_ends_the_training(learning: Callable[..., Learning]) -> None:
    training = learning()
    training.network.painter.stem.weight.data.fill_(torch.nan)
    with pytest.raises(NonFiniteError, match="the loss of step 1 is nan"):
        training.learn()


def test_bfloat16_learns_too(learning: Callable[..., Learning]) -> None:
    training = learning(precision="bf16")
    training.guide = Guide(features.load("slim", LAYERS, padding="reflect"), dtype=torch.bfloat16)
    losses = training.learn()
    assert losses["total"] == pytest.approx(learning().learn()["total"], rel=0.1)
    assert training.network.painter.stem.weight.dtype == torch.float32


def test_a_step_of_two_shares_takes_the_mean_of_both_gradients(
    learning: Callable[..., Learning],
) -> None:
    training = learning(shares=2)
    training.step = 1
    one, other = training.gradient(0), training.gradient(1)
    assert one.losses != other.losses  # each share draws for itself
    numbers = training._take_mean([one, other])
    assert numbers["total"] == pytest.approx((one.losses["total"] + other.losses["total"]) / 2)
    first = next(training.network.parameters()).grad
    assert first is not None
    assert first.allclose((one.gradients[0] + other.gradients[0]) / 2)


def test_the_first_share_of_a_step_is_the_step_of_a_training_without_shares(
    learning: Callable[..., Learning],
) -> None:
    shared, alone = learning(shares=2), learning()
    shared.step = 1
    assert shared.gradient(0).losses == alone.learn()
