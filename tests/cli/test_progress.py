from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest

from impasto.cli.progress import FetchProgress, Progress
from impasto.events import Event, Finished, Part, Preview, Started, Step
from impasto.work import step_cost

LOSSES = {"content": 0.5, "style": 2.0, "tv": 0.0, "total": 2.5}
RUN: list[Event] = [
    Started(4, (((32, 48), 1), ((64, 96), 3)), "slim", "cpu", 2, predicted_bytes=1_500_000_000),
    Step(1, 4, (32, 48), LOSSES, 0.1),
    Preview(1, None),
    Step(2, 4, (64, 96), LOSSES, 0.2),
    Finished(4, None, 0.4),
]


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


Opener = Callable[[], Terminal]


@pytest.fixture
def open_terminal(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Makes standard error a terminal; to be called in the test, as pytest captures anew there."""

    def replace_stderr() -> Terminal:
        monkeypatch.setattr(sys, "stderr", Terminal())
        return sys.stderr  # type: ignore[return-value]

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    return replace_stderr


def text_of(progress: Progress, capsys: pytest.CaptureFixture[str]) -> str:
    for event in RUN:
        progress(event)
    out, err = capsys.readouterr()
    assert out == ""
    return err


@pytest.mark.parametrize("verbosity", [-1, 0])
def test_without_a_terminal_a_run_is_silent(
    verbosity: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert text_of(Progress(verbosity), capsys) == ""


def test_verbose_says_what_was_decided(capsys: pytest.CaptureFixture[str]) -> None:
    assert text_of(Progress(1), capsys).splitlines() == [
        "slim on cpu, 2 threads",
        "steps at each scale: 48 × 32 px: 1, 96 × 64 px: 3",
        "predicted peak of memory: 1.5 GB",
    ]


def test_a_terminal_shows_scale_step_and_losses(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress()
    for event in RUN[:-1]:
        progress(event)
    progress.close()
    output = terminal.getvalue()
    for text in ("96 × 64 px", "2/4", "content 0.5", "style 2"):
        assert text in output, text
    assert "total" not in output


SCALES = (((64, 96), 54), ((128, 192), 38), ((255, 384), 28))


def test_what_a_painting_takes_is_said_before_it(capsys: pytest.CaptureFixture[str]) -> None:
    begun = Started(120, SCALES, shape=(255, 384), predicted_s=23.0, predicted_bytes=500_000_000)
    Progress()(begun)
    assert capsys.readouterr().err == (
        "painting 384 x 255 px takes about 25 s and 0.5 GB of memory\n"
    )
    Progress()(replace(begun, first_step=100, predicted_bytes=0))
    assert capsys.readouterr().err == "the rest of 384 x 255 px takes about 25 s\n"
    Progress(-1)(begun)
    Progress()(replace(begun, predicted_s=0.0))
    assert capsys.readouterr().err == ""


def seconds_shown(terminal: Terminal) -> int:
    """The time left as it was drawn last."""
    clock = re.findall(r"(\d\d):(\d\d)", terminal.getvalue())[-1]
    return 60 * int(clock[0]) + int(clock[1])


def test_the_bar_fills_by_pixels_and_its_time_left_is_the_truth(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(Started(120, SCALES, "slim", "cpu", 1))
    seconds, step = 0.0, 0
    whole = sum(step_cost(*size) * count for size, count in SCALES) * 4e-6
    for size, count in SCALES:
        for _ in range(count):
            step, seconds = step + 1, seconds + 4e-6 * step_cost(*size)
            progress(Step(step, 120, size, LOSSES, seconds))
        if step < 120:
            assert progress._bar is not None
            progress._bar.refresh()
            (task,) = progress._bar.tasks
            assert task.percentage == pytest.approx(100 * seconds / whole)
            assert seconds_shown(terminal) == pytest.approx(whole - seconds, abs=0.7)
    progress.close()


def test_a_time_that_was_predicted_is_shown_from_the_start(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(Started(120, SCALES, shape=(255, 384), predicted_s=150.4))
    progress.close()
    assert "02:30" in terminal.getvalue()
    assert "--:--" not in terminal.getvalue()


def test_the_time_left_of_parts_goes_on_as_it_was(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(Started(0, method="tiles"))
    for number in (1, 2, 3):
        progress(Part("tile", number, 9, 60.0 * number))
    progress.close()
    assert "06:00" in terminal.getvalue()


def test_work_without_steps_is_shown_by_its_parts(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(Started(0, method="tiles"))
    progress(Part("tile", 2, 9))
    progress.close()
    for text in ("tile", "2/9"):
        assert text in terminal.getvalue(), text


def test_the_bar_of_a_resumed_run_starts_where_it_stopped(
    open_terminal: Opener,
) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(Started(4, (((32, 48), 4),), "slim", "cpu", 2, first_step=4))
    progress.close()
    assert "3/4" in terminal.getvalue()


def test_quiet_draws_no_bar_and_says_nothing(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = Progress(-1)
    for event in RUN:
        progress(event)
    progress.say("a line")
    assert terminal.getvalue() == ""


def test_a_line_is_said_beside_the_bar_and_its_brackets_are_no_markup(
    open_terminal: Opener,
) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress(RUN[0])
    progress.say("out[red].png is done")
    progress.close()
    assert "out[red].png is done" in terminal.getvalue()


def test_closing_twice_or_before_the_start_does_no_harm(
    open_terminal: Opener,
) -> None:
    terminal = open_terminal()
    progress = Progress()
    progress.close()
    progress.close()
    for event in RUN[1:]:
        progress(event)
    assert "2/4" not in terminal.getvalue()


def test_a_download_is_told_once_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    progress = FetchProgress("weights")
    for size in (0, 50, 100):
        progress(size, 100)
    progress.close()
    assert capsys.readouterr().err == "fetching weights\n"


def test_a_download_that_does_not_happen_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    FetchProgress("weights").close()
    assert capsys.readouterr().err == ""


def test_a_quiet_download_says_nothing(open_terminal: Opener) -> None:
    terminal = open_terminal()
    FetchProgress("weights", -1)(50, 100)
    assert terminal.getvalue() == ""


def test_a_terminal_shows_how_much_has_come(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = FetchProgress("weights")
    progress(0, 200)
    progress(100, 200)
    progress.close()
    output = terminal.getvalue()
    assert "fetching weights" in output
    assert "50 %" in output


def test_a_download_of_unknown_size_is_shown_too(open_terminal: Opener) -> None:
    terminal = open_terminal()
    progress = FetchProgress("weights")
    progress(100, None)
    progress.close()
    assert "fetching weights" in terminal.getvalue()
