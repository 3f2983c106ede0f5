"""How long a painting still takes, by its pixels."""

from __future__ import annotations

import pytest

from impasto.service.page.pace import RECENT, SMALL, format_path, roughly, seconds_left


def steps(count: int, side: int, pace: float, first: int = 1) -> list[dict[str, object]]:
    return [{"step": first + n, "seconds": pace * n, "scale": [side, side]} for n in range(count)]


def test_nothing_is_told_before_the_second_step() -> None:
    assert seconds_left([((64, 64), 5)], steps(1, 64, 1.0)) is None
    assert seconds_left([], steps(3, 64, 1.0)) is None


def test_an_even_pace_goes_on() -> None:
    assert seconds_left([((64, 64), 10)], steps(4, 64, 2.0)) == pytest.approx(12.0)


def test_a_finer_scale_takes_as_much_longer_as_it_has_pixels() -> None:
    ratio = (128 * 128 + SMALL) / (64 * 64 + SMALL)
    left = seconds_left([((64, 64), 3), ((128, 128), 2)], steps(3, 64, 1.0))
    assert left == pytest.approx(2 * ratio)


def test_nothing_is_left_after_the_last_step() -> None:
    assert seconds_left([((64, 64), 3)], steps(3, 64, 1.0)) == 0


def test_only_the_pace_of_late_counts() -> None:
    slow = steps(50, 64, 100.0)
    begin = slow[-1]["seconds"]
    assert isinstance(begin, float)
    fast = [
        {"step": 51 + n, "seconds": begin + 1.0 * (n + 1), "scale": [64, 64]} for n in range(RECENT)
    ]
    assert seconds_left([((64, 64), 100)], [*slow, *fast]) == pytest.approx(100 - 50 - RECENT)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (19.5, "20 s"), (21, "25 s"), (60, "1 min"), (61, "2 min"), (7190, "2 h")],
)
def test_a_guess_is_rounded_up(seconds: float, words: str) -> None:
    assert roughly(seconds, "en") == words


def test_a_measured_time_is_told_exactly() -> None:
    assert [format_path(s, "en") for s in (0.1, 59.7, 3725)] == ["0 s", "1 min", "1 h 2 min"]
