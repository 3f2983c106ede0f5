from __future__ import annotations

from fractions import Fraction

import pytest

from impasto.errors import SettingError
from impasto.workflows.film.style_times import (
    StyleTimes,
    parse_style_at,
    parse_time,
    style_times,
)


def at(times: StyleTimes, *seconds: float) -> list[tuple[float, ...]]:
    return [times.at(Fraction(second)) for second in seconds]


def test_one_style_paints_all_of_a_film() -> None:
    names, times = style_times(["a"], None, [], 1.0)
    assert names == ("a",)
    assert at(times, 0, 1000) == [(1.0,), (1.0,)]


def test_several_styles_are_blended_by_their_shares() -> None:
    _, times = style_times(["a", "b"], [3, 1], [], 1.0)
    assert at(times, 5) == [(0.75, 0.25)]


def test_a_style_comes_in_evenly_from_its_time_on() -> None:
    names, times = style_times(["a"], None, [(Fraction(10), "b")], 4.0)
    assert names == ("a", "b")
    assert at(times, 10, 11, 12, 14, 15) == [
        (1.0, 0.0),
        (0.75, 0.25),
        (0.5, 0.5),
        (0.0, 1.0),
        (0.0, 1.0),
    ]


def test_without_a_fade_a_style_is_there_at_its_time() -> None:
    _, times = style_times(["a"], None, [(Fraction(10), "b")], 0.0)
    assert at(times, 9.99, 10) == [(1.0, 0.0), (0.0, 1.0)]


def test_a_style_that_follows_soon_takes_over_what_there_is_by_then() -> None:
    later = [(Fraction(10), "b"), (Fraction(12), "c")]
    _, times = style_times(["a"], None, later, 4.0)
    assert at(times, 12, 14, 16) == [(0.5, 0.5, 0.0), (0.25, 0.25, 0.5), (0.0, 0.0, 1.0)]


def test_the_first_style_holds_before_its_time_and_order_does_not_matter() -> None:
    later = [(Fraction(9), "b"), (Fraction(3), "a")]
    names, times = style_times([], None, later, 1.0)
    assert names == ("a", "b")
    assert at(times, 0, 3, 10) == [(1.0, 0.0), (1.0, 0.0), (0.0, 1.0)]


def test_a_style_may_come_back() -> None:
    later = [(Fraction(2), "b"), (Fraction(4), "a")]
    names, times = style_times(["a"], None, later, 0.0)
    assert names == ("a", "b")
    assert at(times, 1, 3, 5) == [(1.0, 0.0), (0.0, 1.0), (1.0, 0.0)]


def test_shares_sum_to_one_at_any_time() -> None:
    later = [(Fraction(n), "abc"[n % 3]) for n in range(1, 9)]
    _, times = style_times(["c"], None, later, 2.5)
    for tenth in range(120):
        assert sum(times.at(Fraction(tenth, 10))) == pytest.approx(1)


def test_what_a_journal_keeps_is_the_same() -> None:
    _, times = style_times(["a"], None, [(Fraction(1, 3), "b")], 1.5)
    assert StyleTimes.from_json(times.as_json()) == times


def test_two_styles_at_one_time_are_refused() -> None:
    with pytest.raises(SettingError, match="two styles at 3 s: give b a time of its own"):
        style_times([], None, [(Fraction(3), "a"), (Fraction(3), "b")], 1.0)


@pytest.mark.parametrize(
    ("text", "seconds"), [("0", 0), ("12.5", 12.5), ("1:02", 62), ("1:00:00.5", 3600.5)]
)
def test_times_are_seconds_minutes_and_hours(text: str, seconds: float) -> None:
    assert parse_time(text) == Fraction(seconds)


@pytest.mark.parametrize("text", ["", "-1", "1:2:3:4", "soon", "1,5", "nan", "1e3"])
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingError, match=r"give seconds, as 12\.5, or minutes and seconds"):
        parse_time(text, "start")


@pytest.mark.parametrize("text", ["a.jpg", "0:10=", "=a.jpg"])
def test_a_style_needs_a_time_and_a_name(text: str) -> None:
    with pytest.raises(SettingError):
        parse_style_at(text)
