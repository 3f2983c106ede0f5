from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import ImpastoError, InputError
from impasto.workflows.film import frames
from impasto.workflows.film import run as running
from impasto.workflows.film.ask import asked
from impasto.workflows.film.events import FilmFrame, FilmStarted, FilmWait
from impasto.workflows.film.frames import Seen
from impasto.workflows.film.in_flight import PAINTED_AHEAD
from impasto.workflows.film.manifest import Journal
from impasto.workflows.film.order import Order
from impasto.workflows.film.paths import journal_path
from impasto.workflows.film.plan import Shot
from impasto.workflows.film.segments import paint_shot, painted, samples
from impasto.workflows.film.stream import stream
from tests.workflows.film.conftest import Smear

pytestmark = pytest.mark.usefixtures("smears")


@pytest.fixture
def journal(film: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """Of a film whose first shot was begun; from now on all that is read of it is not wanted."""
    monkeypatch.setattr("impasto.workflows.film.order.SEGMENTS", {"one-pass": 3})
    events = running.run(asked(film(), "swirls", tmp_path / "out.mp4"))
    for event in events:
        if isinstance(event, FilmFrame) and event.number == 4:
            events.close()
    monkeypatch.setattr(frames, "TOLD_EVERY_S", 0.0)
    monkeypatch.setattr(frames, "read", lambda *_: repeat(None))
    return Journal.load(journal_path(tmp_path / "out.mp4"))


# Of the first shot a segment is kept, and what follows it is sought; the second is looked at first.
@pytest.mark.parametrize("number", [1, 2])
def test_a_stop_is_heard_while_frames_are_passed_over(journal: Journal, number: int) -> None:
    shot = journal.plan.shots[number - 1]
    assert journal.done(shot) == (3 if number == 1 else 0)
    painted = paint_shot(shot, journal)
    assert [next(painted) for _ in range(3)] == [None] * 3
    painted.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("impasto")]
    assert journal.done(shot) == (3 if number == 1 else 0)


def test_a_film_tells_that_frames_are_passed_over(journal: Journal) -> None:
    events = running.go_on(journal)
    assert [type(next(events)) for _ in range(3)] == [FilmStarted, FilmWait, FilmWait]
    events.close()


def test_a_film_that_is_not_kept_tells_it_too(
    film: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "TOLD_EVERY_S", 0.0)
    order = asked(film(), "swirls", tmp_path / "out.mp4", start=0.2)
    kinds = [type(event) for event in stream(order)]
    assert FilmWait in kinds[: kinds.index(FilmFrame)]
    assert kinds.count(FilmFrame) == 7


class Counting(Smear):
    """Counts by how many frames it is ahead, and notes who paints alone."""

    def __init__(self, order: Order) -> None:
        super().__init__(order, [])
        self.begun = self.done = self.farthest = 0
        self.threads: set[str] = set()

    def alone(self, seen: Seen, shares: tuple[float, ...]) -> np.ndarray:
        self.begun += 1
        self.farthest = max(self.farthest, self.begun - self.done)
        self.threads.add(threading.current_thread().name)
        return super().alone(seen, shares)

    def paint(
        self, seen: Seen, shares: tuple[float, ...], alone: np.ndarray | None = None
    ) -> np.ndarray:
        self.done += 1
        return super().paint(seen, shares, alone)


@pytest.fixture
def order(film: Callable[..., Path], tmp_path: Path) -> Order:
    return asked(film(), "swirls", tmp_path / "out.mp4")


def seen(count: int) -> Iterator[Seen]:
    pixels = np.zeros((48, 64, 3), np.uint8)
    yield from (Seen(Fraction(n, 25), Fraction(1, 25), pixels) for n in range(count))


def shot(count: int) -> Shot:
    return Shot.of(2, 0, [Fraction(n, 25) for n in range(count)], 240)


def test_no_more_frames_are_painted_ahead_than_are_counted_in_memory(order: Order) -> None:
    hand = Counting(order)
    assert len(list(painted(order, hand, seen(20), shot(20)))) == 20
    assert 1 <= hand.farthest <= PAINTED_AHEAD + 2
    assert threading.current_thread().name not in hand.threads


def test_a_hand_that_does_nothing_ahead_needs_no_thread(order: Order) -> None:
    hand, before = Counting(order), threading.active_count()
    hand.alone = None  # type: ignore[method-assign,assignment]
    paintings = painted(order, hand, seen(3), shot(3))
    hand.paint = lambda *_: np.zeros(())  # type: ignore[method-assign]
    next(paintings)
    assert threading.active_count() == before
    assert len(list(paintings)) == 2


@pytest.mark.parametrize("done", [0, 3])
def test_a_film_that_ends_before_its_shot_is_refused(order: Order, done: int) -> None:
    paintings = painted(order, Counting(order), seen(2), shot(done + 4), done)
    assert [next(paintings) is None, next(paintings) is None] == [False, False]
    with pytest.raises(InputError, match=f"had {done + 4} frames in shot 2 .* now 2 fewer"):
        next(paintings)


def test_a_film_that_has_become_shorter_is_an_error_of_its_stream(
    order: Order, film: Callable[..., Path]
) -> None:
    events = stream(order)
    assert any(isinstance(event, FilmStarted) for event in events)
    film(5, 0)  # it had 7 frames before its cut
    with pytest.raises(ImpastoError, match="now 2 fewer: put the old film back") as raised:
        list(events)
    assert raised.value.exit_code == InputError.exit_code


def test_a_shot_that_is_gone_is_told_before_it_begins(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "read", lambda *_: iter(()))
    with pytest.raises(InputError, match=r"had 4 frames in shot 2 .* now 4 fewer"):
        next(samples(order, shot(4)))
