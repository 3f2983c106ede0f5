from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from impasto.cli.batch_progress import BatchProgress
from impasto.workflows.batch import (
    BatchEvent,
    BatchStarted,
    Item,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    ItemStep,
    Note,
)

A, B, C, D = (Item(Path("in", name), name) for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg"))
RUN: list[BatchEvent] = [
    BatchStarted(pictures=4, todo=3, jobs=2, steps=10),
    Note("[a note]"),
    ItemSkipped(A),
    ItemStarted(B, 0, 11),
    ItemStarted(C, 1, 12),
    ItemStep(B, 0, 5, 10),
    ItemFailed(C, 1, "in/c.jpg is empty (0 bytes): export it again"),
    ItemDone(B, 0, Path("out/b.jpg"), (32, 48), "0f", 1.25),
]


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def in_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def row(name: str, terminal: Terminal) -> str:
    """The row of a bar as it was last drawn."""
    return [line for line in terminal.getvalue().splitlines() if f"{name}   " in line][-1]


def show(events: list[BatchEvent], verbosity: int = 0) -> BatchProgress:
    progress = BatchProgress(verbosity)
    for event in events:
        progress.take(event)
    return progress


def test_without_a_terminal_each_end_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    progress = show(RUN)
    assert progress.finish() == 1
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "[a note]",
        "[2/4] in/c.jpg  failed",
        "impasto: 1 picture could not be painted:",
        "  in/c.jpg  is empty (0 bytes): export it again",
    ]
    assert out.splitlines() == [
        "[3/4] out/b.jpg  48 x 32 px, 1.2 s",
        "1 painted, 1 skipped, 1 failed",
    ]


def test_failures_are_a_table_that_names_each_picture_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    odd = ItemFailed(Item(Path("in/longer name.jpg"), "x"), 0, "memory ran out:\nfree some")
    progress = show([*RUN, odd], -1)
    assert progress.finish() == 1
    assert capsys.readouterr().err.splitlines() == [
        "impasto: 2 pictures could not be painted:",
        "  in/c.jpg            is empty (0 bytes): export it again",
        "  in/longer name.jpg  memory ran out: free some",
    ]
    assert show(RUN[:6], -1).finish() == 0
    assert capsys.readouterr().err == ""


def test_a_stop_counts_what_is_left() -> None:
    assert show(RUN[:7]).stop() == (
        "stopped: 0 painted, 1 skipped, 1 failed, 2 left; go on with the same command"
    )


@pytest.mark.usefixtures("in_terminal")
def test_a_terminal_shows_a_bar_for_all_and_one_for_each_worker(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    progress = show(RUN[:6])
    progress.close()
    assert "0/3" in row("all", terminal)
    assert "5/10" in row("b.jpg", terminal)
    assert "0/10" in row("c.jpg", terminal)
    assert "[a note]" in terminal.getvalue()
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("in_terminal")
def test_in_a_terminal_failures_are_said_at_once_and_paintings_only_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    progress = show(RUN)
    progress.close()
    assert "[2/4] in/c.jpg  failed" in terminal.getvalue()
    assert "2/3" in row("all", terminal)
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("in_terminal")
def test_bars_fill_by_the_work_that_is_done_and_count_down_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    step = ItemStep(B, 0, 8, 9, share=0.25, seconds_left=150.0)
    progress = show(
        [BatchStarted(pictures=2, todo=2, jobs=1, steps=10), ItemStarted(B, 0, 1), step]
    )
    assert progress._bar is not None
    progress._bar.refresh()
    assert [task.percentage for task in progress._bar.tasks] == [12.5, 25.0]
    progress.close()
    assert "05:50" in row("all", terminal)  # 150 s, and 200 s for the other
    assert "02:30" in row("b.jpg", terminal)
    assert "8/9" in row("b.jpg", terminal)  # one step fewer, since a scale ended sooner


@pytest.mark.usefixtures("in_terminal")
def test_quiet_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    show(RUN, -1).close()
    assert terminal.getvalue() == ""
