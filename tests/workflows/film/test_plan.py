from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from impasto.workflows.film.events import FilmScan
from impasto.workflows.film.plan import Plan, Planner, Shot


class Timed(NamedTuple):
    original: int  # the picture, which here is a number
    time: Fraction
    duration: Fraction = Fraction(1, 10)


class Jumps:
    """Takes a frame for a cut whose number is not that of the one before."""

    def __init__(self) -> None:
        self.last: Any = None

    def is_cut(self, frame: Any) -> bool:
        cut, self.last = self.last is not None and frame != self.last, frame
        return cut


def planned(shots: list[int], segment: int = 48) -> tuple[Plan, list[FilmScan]]:
    pictures = [number for number, count in enumerate(shots) for _ in range(count)]
    film = [Timed(picture, Fraction(n, 10)) for n, picture in enumerate(pictures)]
    planner = Planner(Jumps(), segment)
    events = list(planner.look(film, 0))
    return planner.plan, events


def test_shots_go_from_cut_to_cut() -> None:
    plan, _ = planned([3, 1, 5])
    assert [(shot.number, shot.first, shot.frames) for shot in plan.shots] == [
        (1, 0, 3),
        (2, 3, 1),
        (3, 4, 5),
    ]
    assert plan.frames == 9
    assert (plan.begins, plan.ends) == (0, Fraction(9, 10))


def test_segments_have_so_many_frames_and_cross_no_cut() -> None:
    plan, _ = planned([5, 4], segment=2)
    counts = [[frames for _, frames in shot.segments] for shot in plan.shots]
    assert counts == [[2, 2, 1], [2, 2]]
    assert [begins for begins, _ in plan.shots[1].segments] == [Fraction(5, 10), Fraction(7, 10)]


def test_samples_are_spread_over_a_shot_from_its_first_frame_on() -> None:
    plan, _ = planned([9, 1, 3])
    first, second, third = (shot.samples for shot in plan.shots)
    assert [time * 10 for time in first] == [0, 2, 4, 6, 8]
    assert [time * 10 for time in second] == [9]
    assert [time * 10 for time in third] == [10, 11, 12]


def test_a_film_without_frames_has_no_shots() -> None:
    plan, events = planned([])
    assert plan == Plan(())
    assert events[-1].frames == 0


def test_the_last_event_has_counted_all() -> None:
    _, events = planned([3, 4])
    assert (events[-1].frames, events[-1].expected) == (7, 7)


def test_what_a_journal_keeps_is_the_same() -> None:
    plan, _ = planned([7, 2], segment=3)
    assert Plan.from_json(plan.as_json()) == plan
    assert Shot.from_json(plan.shots[1].as_json()) == plan.shots[1]


def test_what_is_read_and_not_wanted_is_told_and_not_counted() -> None:
    film = [None, None, Timed(0, Fraction(2)), Timed(0, Fraction(3)), None]
    planner = Planner(Jumps(), 48)
    last = list(planner.look(film, 0))[-1]
    assert (last.frames, last.looked) == (2, 5)
    assert last.length == 1.1
    assert (planner.plan.frames, planner.plan.begins) == (2, 2)
