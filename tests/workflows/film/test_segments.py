from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import repeat
from pathlib import Path

import pytest

from impasto.workflows.film import frames
from impasto.workflows.film import run as running
from impasto.workflows.film.ask import asked
from impasto.workflows.film.events import FilmFrame, FilmStarted, FilmWait
from impasto.workflows.film.manifest import Journal
from impasto.workflows.film.paths import journal_path
from impasto.workflows.film.segments import paint_shot
from impasto.workflows.film.stream import stream

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
