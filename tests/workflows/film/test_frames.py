from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from impasto.settings import StyleSettings
from impasto.workflows.film import frames as module
from impasto.workflows.film.frames import frames, paired
from impasto.workflows.film.order import Order


class Shown(NamedTuple):
    pixels: str
    time: Fraction
    duration: Fraction


def film(names: str, rate: int, start: Fraction = Fraction(0)) -> list[Shown]:
    frames = [Shown(name, Fraction(n, rate), Fraction(1, rate)) for n, name in enumerate(names)]
    return [frame for frame in frames if frame.time >= start]


def pairs(painted: list[Shown], originals: list[Shown]) -> str:
    found = [pair for pair in paired(painted, originals) if pair is not None]  # type: ignore[arg-type]
    return " ".join(f"{a.pixels}{b or '-'}" for a, b in found)


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


def test_what_is_not_wanted_of_either_film_is_told_on_the_way() -> None:
    painted, originals = [None, *film("AB", 1)], [None, None, *film("ab", 1)]
    found = [pair and (pair[0].pixels, pair[1]) for pair in paired(painted, originals)]  # type: ignore[arg-type]
    assert found == [None, None, None, ("A", "a"), ("B", "b")]


@pytest.fixture
def grey(tmp_path: Path) -> Order:
    """A film of 25 pictures, a second long and as light as their number."""
    (tmp_path / "grey").mkdir()
    for number in range(25):
        Image.new("RGB", (4, 4), (number, 0, 0)).save(tmp_path / "grey" / f"{number}.png")
    return Order("paint", str(tmp_path / "grey"), None, StyleSettings(), (4, 4))


@pytest.mark.parametrize(("every_s", "told"), [(0.0, True), (1e9, False)])
def test_it_is_told_now_and_then_that_frames_are_passed_over(
    grey: Order, monkeypatch: pytest.MonkeyPatch, every_s: float, told: bool
) -> None:
    monkeypatch.setattr(module, "TOLD_EVERY_S", every_s)
    only = [Fraction(n, 25) for n in (20, 22)]
    found = [seen and int(seen.pixels[0, 0, 0]) for seen in frames(grey, Fraction(1, 2), only)]
    assert [number for number in found if number is not None] == [20, 22]
    assert (None in found[: found.index(20)], None in found[found.index(20) :]) == (told, told)


def test_no_more_frames_come_than_are_wanted(grey: Order) -> None:
    found = [seen for seen in frames(grey, Fraction(1, 2), count=3) if seen is not None]
    assert [seen.pixels[0, 0, 0] for seen in found] == [13, 14, 15]


def test_what_lasts_longer_than_its_original_is_gone_on_with_after_its_end(tmp_path: Path) -> None:
    for name, count in (("painted", 30), ("original", 10)):
        (tmp_path / name).mkdir()
        for number in range(count):
            Image.new("RGB", (4, 4), (number, 0, 0)).save(tmp_path / name / f"{number}.png")
    painted, original = str(tmp_path / "painted"), str(tmp_path / "original")
    order = Order(
        "steady", painted, None, StyleSettings(), (4, 4), like=original, rate=Fraction(10)
    )
    # The original is read as 25 pictures a second: it ends after 0.4 s.
    late = [seen for seen in frames(order, Fraction(2)) if seen is not None]
    assert [seen.pixels[0, 0, 0] for seen in late] == list(range(20, 30))
    assert all((seen.like == seen.pixels).all() for seen in late)
