from __future__ import annotations

import pytest

from impasto.methods.optimization.history import History
from impasto.methods.optimization.schedule import Scale

SCALES = (Scale(10, 20, 2), Scale(20, 40, 3))
LOSSES = {"content": 1.0, "style": 2.0, "tv": 0.5, "total": 3.5}


def test_a_step_knows_its_number_and_its_size() -> None:
    history = History(SCALES)
    steps = [history.add(LOSSES, seconds, 0) for seconds in (0.1, 0.2)]
    history.end_scale()
    steps.append(history.add(LOSSES, 0.3, 0))
    assert [step.step for step in steps] == [1, 2, 3]
    assert [step.scale for step in steps] == [(10, 20), (10, 20), (20, 40)]
    assert steps[0].steps == 5
    assert history.seconds == 0.3


def test_what_was_kept_goes_on_without_gap_or_repeat() -> None:
    history = History(SCALES)
    for retries in (0, 1):
        history.add(LOSSES, 1.0, retries)
    history.end_scale()
    again = History(SCALES, history.names, history.tensor(), history.ended)
    assert list(again) == list(history)
    third = again.add(LOSSES, 2.0, 0)
    assert (third.step, third.scale) == (3, (20, 40))
    assert again.losses == [LOSSES] * 3


def test_a_history_that_has_not_begun_is_empty() -> None:
    history = History(SCALES)
    assert list(history) == []
    assert history.seconds == 0
    assert history.tensor().shape == (0, 2)


def test_losses_of_any_names_are_kept() -> None:
    history = History(SCALES)
    history.add({"depth": 1.0, "total": 1.0}, 0.5, 0)
    assert history.losses == [{"depth": 1.0, "total": 1.0}]
    with pytest.raises(KeyError):
        history.add({"total": 1.0}, 0.6, 0)


def test_a_scale_that_ends_sooner_leaves_fewer_steps_from_there_on() -> None:
    history = History(SCALES)
    first = history.add(LOSSES, 0.1, 0)
    history.end_scale()
    second = history.add(LOSSES, 0.2, 0)
    assert [(step.step, step.steps, step.scale) for step in (first, second)] == [
        (1, 5, (10, 20)),
        (2, 4, (20, 40)),
    ]
    assert list(history) == [first, second]
    assert [scale.steps for scale in history.scales()] == [1, 3]


def test_losses_of_the_present_scale_are_those_since_the_last_one_ended() -> None:
    history = History(SCALES)
    assert history.at_scale() == []
    for total in (3.0, 2.0):
        history.add({**LOSSES, "total": total}, 0.1, 0)
    assert history.at_scale() == [3.0, 2.0]
    history.end_scale()
    assert history.at_scale() == []
    history.add({**LOSSES, "total": 9.0}, 0.1, 0)
    assert history.at_scale() == [9.0]
