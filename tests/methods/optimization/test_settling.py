from __future__ import annotations

import pytest

from impasto.methods.optimization.settling import WINDOW, has_settled


def falling(by: float, steps: int) -> list[float]:
    """Losses of which each is lower than the one before by that share."""
    return [(1 - by) ** step for step in range(steps)]


def test_a_tolerance_of_nothing_never_settles() -> None:
    assert not has_settled([1.0] * 99, 0.0)


def test_nothing_is_said_before_the_window_is_full() -> None:
    assert not has_settled([1.0] * WINDOW, 0.5)
    assert has_settled([1.0] * (WINDOW + 1), 0.5)


@pytest.mark.parametrize(("share", "is_settled"), [(0.02, False), (0.005, True)])
def test_what_counts_is_the_share_that_the_window_takes_off(share: float, is_settled: bool) -> None:
    # Ten steps of 2 % take 18 % off, ten of 0.5 % take 5 %.
    assert has_settled(falling(share, 50), 0.1) is is_settled


def test_a_probe_that_went_up_is_no_gain_and_no_loss() -> None:
    losses = falling(0.05, 30)
    losses[12] = losses[-1 - WINDOW] = 99.0
    assert not has_settled(losses, 0.1)
    assert has_settled([*falling(0.05, 30), *[99.0] * WINDOW], 0.1)


def test_a_loss_of_nothing_is_settled() -> None:
    assert has_settled([0.0] * 99, 0.1)
