from __future__ import annotations

import copy
from collections.abc import Callable
from itertools import count, pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from torch import Tensor

from impasto.errors import NonFiniteError
from impasto.training.crops import generator_for
from training.slim.config import Recipe
from training.slim.data import Folder
from training.slim.learning import Learning
from training.slim.lr_schedule import Length, pace

Make = Callable[..., Learning]


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


def test_learning_twice_comes_to_the_same_weights(learning: Make) -> None:
    one, again, other = learning(8), learning(8), learning(8, seed=1)
    losses = [[result.loss for result in each] for each in (one, again, other)]
    assert len(losses[0]) == 8
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]
    assert same(one.weights(), again.weights())
    assert not same(one.weights(), other.weights())


def test_stopped_and_gone_on_is_as_if_never_stopped(learning: Make) -> None:
    whole, first = learning(8), learning(8)
    results = list(whole)
    start = [next(iter(first)) for _ in range(4)]
    state = copy.deepcopy(first.state())
    second = learning(8)
    second.restore(state)
    rest = list(second)
    assert [t.loss for t in start + rest] == [t.loss for t in results]
    assert [t.step for t in rest] == [5, 6, 7, 8]
    assert rest[-1].seconds > start[-1].seconds
    assert same(second.weights(), whole.weights())


def test_the_loss_falls_below_that_of_who_learns_nothing_from_the_same_crops(
    learning: Make,
) -> None:
    learner, idler = (
        [result.loss for result in learning(20, painted=0, frozen_norm=0, lr=lr)]
        for lr in (0.05, 1e-9)
    )
    assert learner[0] == pytest.approx(idler[0])
    assert sum(learner[-5:]) < 0.85 * sum(idler[-5:])


def test_minutes_end_it_by_the_clock(learning: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = count()  # one second between any two looks at the clock
    clock = SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr("training.slim.learning.time", clock)
    training = learning(1)
    training.length = Length(seconds=5)
    results = list(training)
    assert [t.share for t in results] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert results[-1].seconds == 5


def test_at_the_end_the_statistics_no_longer_move(learning: Make) -> None:
    training = learning(6, frozen_norm=0.5)
    mean = training.student.norms["conv3_1"].get_buffer("running_mean")
    means = [mean.clone() for _ in training]
    moves = [not torch.equal(one, other) for one, other in pairwise(means)]
    assert moves == [True, True, False, False, False]


def test_what_is_judged_by_is_never_learnt_from(recipe: Recipe, teacher_folder: Path) -> None:
    def folder(shades: range) -> Folder:
        pictures = [torch.full((1, 3, 128, 128), shade, dtype=torch.uint8) for shade in shades]
        return Folder(tuple(map(str, shades)), tuple(pictures))

    training = Learning(
        recipe, Length(1), folder(range(60)), folder(range(100, 112)), teacher_folder
    )
    lessons, exam = (
        set(crops.draw(32, 400, generator_for(0)).unique().tolist())
        for crops in (training.crops, training.exam_crops)
    )
    assert lessons | exam == {*range(60), *range(100, 112)}
    assert exam == {*range(36, 60), *range(108, 112)}  # the last 24 and the last 4
    assert not lessons & exam
    # Nor does it paint with them.
    assert training.replay.crops is training.crops


def test_examining_is_repeatable_and_moves_nothing(learning: Make) -> None:
    training = learning(4)
    assert "painted" not in training.examine()
    list(training)
    before = copy.deepcopy(training.state())
    shares = training.examine()
    assert shares == training.examine()
    assert [*shares] == [*(match.name for match in training.recipe.matches), "painted"]
    assert all(share > 0 for share in shares.values())
    assert same(training.student.state_dict(), before["student"])
    assert same(training.heads.state_dict(), before["heads"])


def test_weights_are_those_of_the_backbone(learning: Make) -> None:
    training = learning(1)
    shapes = training.recipe.plan.shapes(training.recipe.layers)
    assert {name: tuple(t.shape) for name, t in training.weights().items()} == shapes


def test_painting_comes_every_so_many_steps_and_is_learnt_from(learning: Make) -> None:
    training = learning(9, painted_every=3)
    counts = [training.replay.count for _ in training]
    assert counts == [0, 0, 2, 2, 2, 4, 4, 4, 6]
    plain = learning(9, painted=0)
    list(plain)
    assert plain.replay.count == 0


def test_a_batch_is_never_painted_throughout(learning: Make) -> None:
    results = list(learning(2, painted=1, painted_every=1, crops=((32, 1), (32, 2))))
    assert len(results) == 2


def test_a_loss_that_is_no_number_ends_it(learning: Make) -> None:
    with pytest.raises(NonFiniteError, match=r"loss of step \d is (nan|inf): take a lower lr"):
        list(learning(8, lr=1e30, warmup=1))


def test_the_learning_rate_follows_the_pace(learning: Make) -> None:
    results = list(learning(4, lr=0.01, warmup=2))
    shares = (0, 0.25, 0.5, 0.75)
    assert [t.lr for t in results] == [
        0.01 * pace(step, share, 2) for step, share in enumerate(shares, 1)
    ]


def test_a_start_is_where_another_training_ended(learning: Make) -> None:
    first = learning(30, lr=0.02)
    list(first)
    second = learning(1, start=first.weights())
    weights = second.weights()
    for name, tensor in first.weights().items():
        torch.testing.assert_close(weights[name], tensor, rtol=1e-4, atol=1e-5)
    # Its heads are fitted to it, so that it begins below what a new student leaves unexplained.
    shares, of_new = second.examine(), learning(1).examine()
    assert sum(shares.values()) < 0.9 * sum(of_new.values())
