from __future__ import annotations

import pytest

from impasto.cli.film_progress import FilmProgress, Pace
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmScan,
    FilmStarted,
)

EVENTS: list[FilmEvent] = [
    FilmScan(10, 20, 0.2),
    FilmScan(20, 20, 0.4),
    FilmStarted(20, 2, (36, 64), done=8, notes=("it is short",)),
    FilmFrame(9, 20, 0.3, 1.0),
    FilmNote("the sound is converted"),
    FilmFinished(None, 20, (36, 64), 2.0, 0.8),
]


def test_lines_say_what_happens_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    progress = FilmProgress()
    for event in EVENTS:
        progress(event)
    assert capsys.readouterr().err.splitlines() == [
        "looks for cuts and counts the frames",
        "20 frames of 64 x 36 px, 2 shots, 8 of them painted already",
        "note: it is short",
        "note: the sound is converted",
    ]


def test_a_quiet_one_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    progress = FilmProgress(-1)
    for event in EVENTS:
        progress(event)
    assert capsys.readouterr().err == ""


def test_a_bar_shows_frames_and_their_pace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    progress = FilmProgress()
    for event in EVENTS[:4]:
        progress(event)
    progress(FilmFrame(13, 20, 0.5, 3.0))
    progress.close()
    assert "13/20  2.0 frames/s" in capsys.readouterr().err


def test_the_pace_is_that_of_late() -> None:
    pace = Pace()
    for second in range(100):
        pace.add(second, float(second))
    for second in range(100, 140):
        pace.add(100 + 3 * (second - 100), float(second))
    assert pace.rate == pytest.approx(3)
    assert pace.seconds_left(30) == pytest.approx(10)


def test_nothing_is_known_before_two_frames() -> None:
    pace = Pace()
    pace.add(1, 1.0)
    assert pace.seconds_left(5) is None
