from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import pytest

from impasto.workflows.film.frames import paired


class Shown(NamedTuple):
    pixels: str
    time: Fraction
    duration: Fraction


def film(names: str, rate: int, start: Fraction = Fraction(0)) -> list[Shown]:
    frames = [Shown(name, Fraction(n, rate), Fraction(1, rate)) for n, name in enumerate(names)]
    return [frame for frame in frames if frame.time >= start]


def pairs(painted: list[Shown], originals: list[Shown]) -> str:
    return " ".join(f"{a.pixels}{b or '-'}" for a, b in paired(painted, originals))  # type: ignore[arg-type]


def test_films_of_one_rate_go_frame_by_frame() -> None:
    assert pairs(film("ABC", 10), film("abc", 10)) == "Aa Bb Cc"


def test_a_slower_painting_takes_what_is_shown_at_its_times() -> None:
    assert pairs(film("AB", 10), film("abcd", 20)) == "Aa Bc"


def test_a_faster_painting_takes_originals_again() -> None:
    # Half a frame later counts as the same time, as rounded clocks may differ by that.
    assert pairs(film("ABCD", 20), film("ab", 10)) == "Aa Ba Cb Db"


def test_rounded_times_are_the_same_times() -> None:
    rounded = [frame._replace(time=frame.time + Fraction(1, 100)) for frame in film("abc", 10)]
    assert pairs(film("ABC", 10), rounded) == "Aa Bb Cc"


def test_what_lasts_longer_than_its_original_has_none_at_the_end() -> None:
    assert pairs(film("ABCD", 1), film("ab", 1)) == "Aa Bb Cb D-"


@pytest.mark.parametrize("start", [Fraction(n, 4) for n in range(1, 12)])
def test_pairs_are_the_same_wherever_reading_begins(start: Fraction) -> None:
    painted, originals = film("ABCDEFGHIJKL", 4), film("abcdefghi", 3)
    whole = pairs(painted, originals).split()
    late = film("ABCDEFGHIJKL", 4, start)
    before = film("abcdefghi", 3, max(Fraction(0), start - 1))
    assert pairs(late, before).split() == whole[-len(late) :]
