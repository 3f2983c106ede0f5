"""Frames on the line of time, known by thought."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from impasto.media.times import Timed, at_rate, within


def endless() -> Iterator[Timed]:
    """One frame a second, without an end."""
    n = 0
    while True:
        yield Timed(n, Fraction(n), Fraction(1))
        n += 1


def test_times_before_the_start_are_no_ticks() -> None:
    far = Fraction(10**6)
    film = [Timed("long", Fraction(0), far), Timed("last", far, Fraction(1))]
    ticks = at_rate(film, Fraction(240), far)
    told = [next(ticks), next(ticks)]  # 240 million ticks lie before them
    assert told == [None, Timed("last", far, Fraction(1, 240))]


def test_ticks_from_a_start_are_those_from_0() -> None:
    film = [Timed(n, Fraction(n, 3), Fraction(1, 3)) for n in range(30)]
    start = Fraction(31, 7)
    whole = [f for f in at_rate(film, Fraction(5)) if f is not None and f.time >= start]
    part = [f for f in within(at_rate(film, Fraction(5), start), start, None) if f is not None]
    assert part == whole


def test_frames_that_are_passed_over_are_told() -> None:
    start = Fraction(10**9)
    assert list(islice(within(endless(), start, None), 5)) == [None] * 5
    assert list(islice(within(at_rate(endless(), Fraction(1), start), start, None), 5)) == (
        [None] * 5
    )
