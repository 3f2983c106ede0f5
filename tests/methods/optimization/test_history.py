from __future__ import annotations

import pytest

from impasto.methods.optimization.history import History
from impasto.methods.optimization.schedule import Scale

SCALES = (Scale(10, 20, 2), Scale(20, 40, 3))
LOSSES = {"content": 1.0, "style": 2.0, "tv": 0.5, "total": 3.5}


def test_a_step_knows_its_number_and_its_size() -> None:
    history = History(SCALES)
    steps = [history.add(LOSSES, seconds, 0) for seconds in (0.1, 0.2, 0.3)]
    assert [step.step for step in steps] == [1, 2, 3]
    assert [step.scale for step in steps] == [(10, 20), (10, 20), (20, 40)]
    assert steps[0].steps == 5
    assert history.seconds == 0.3


def test_what_was_kept_goes_on_without_gap_or_repeat() -> None:
    history = History(SCALES)
    for retries in (0, 1):
        history.add(LOSSES, 1.0, retries)
    again = History(SCALES, history.names, history.tensor())
    assert list(again) == list(history)
    assert again.add(LOSSES, 2.0, 0).step == 3
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
