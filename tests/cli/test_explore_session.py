from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli.explore_session import Exploration, ExploreProgress
from impasto.cli.runner import follow
from impasto.errors import MemoryShortError
from impasto.events import Started, Step
from impasto.reports.sheet import EMPTY, Grid
from impasto.settings import StyleSettings
from impasto.workflows.explore import Cell

RED, BLUE = (255, 0, 0), (0, 0, 255)
LOSSES = {"content": 0.5, "style": 2.0, "tv": 0.0, "total": 2.5}


def cell(index: int, *, draft: bool, error: MemoryShortError | None = None) -> Cell:
    picture = None if error else Image.new("RGB", (40, 30), RED if draft else BLUE)
    return Cell(index, 4, {"seed": index}, StyleSettings(), picture, draft, 1.0, error)


def grid() -> Grid:
    return Grid(["a", "b"], [["c"], ["d"]], cell=(40, 30))


def count(path: Path, colour: tuple[int, int, int]) -> int:
    """How many cells of the sheet on disk have a colour."""
    with Image.open(path) as picture:
        return int((np.asarray(picture) == colour).all(-1).sum()) // (40 * 30)


def run(cells: Iterator[Cell], path: Path, *, quiet: bool = True) -> int:
    progress = ExploreProgress(4, quiet)
    return follow(cells, Exploration(path, grid(), progress, ["p.jpg", "s.jpg"], {}))


def test_drafts_appear_row_by_row_and_paintings_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    counts = []

    def cells() -> Iterator[Cell]:
        for draft in (True, False):
            for index in (1, 2, 3, 4):
                yield cell(index, draft=draft)
                there = path.exists()
                counts.append((count(path, RED), count(path, BLUE)) if there else None)

    assert run(cells(), path) == 0
    assert counts == [None, (2, 0), (2, 0), (4, 0), (3, 1), (2, 2), (1, 3), (0, 4)]
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_that_could_not_be_painted_is_empty_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"
    short = MemoryShortError("no room")

    def cells() -> Iterator[Cell]:
        yield from (cell(index, draft=True) for index in (1, 2, 3, 4))
        yield cell(1, draft=False, error=short)
        yield from (cell(index, draft=False) for index in (2, 3, 4))

    assert run(cells(), path) == 1
    assert (count(path, EMPTY), count(path, RED), count(path, BLUE)) == (1, 0, 3)


def test_a_draft_that_failed_leaves_its_place_to_the_painting(tmp_path: Path) -> None:
    path = tmp_path / "sheet.png"

    def cells() -> Iterator[Cell]:
        yield cell(1, draft=True, error=MemoryShortError("no room"))
        yield from (cell(index, draft=True) for index in (2, 3, 4))
        yield from (cell(index, draft=False) for index in (1, 2, 3, 4))

    assert run(cells(), path) == 0
    assert count(path, BLUE) == 4


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_anything_is_there_leaves_no_sheet(
    number: int, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def cells() -> Iterator[Cell]:
        yield cell(1, draft=True, error=MemoryShortError("no room"))
        os.kill(os.getpid(), number)

    path = tmp_path / "sheet.png"
    assert run(cells(), path, quiet=False) == code
    assert capsys.readouterr().err == "stopped after 0 of 4 cells: nothing is kept\n"
    assert not path.exists()


def test_an_old_sheet_is_not_taken_for_the_new_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def cells() -> Iterator[Cell]:
        os.kill(os.getpid(), signal.SIGINT)
        yield cell(1, draft=True)

    path = tmp_path / "sheet.png"
    path.write_bytes(b"old")
    assert run(cells(), path, quiet=False) == 130
    assert capsys.readouterr().err == "stopped after 0 of 4 cells: nothing is kept\n"
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("common", "varied", "size"),
    [
        ({"recipe": "sketch"}, {"seed": 1}, " --size 512"),
        ({}, {"recipe": "sketch"}, " --size 512"),
        ({"recipe": "bold"}, {"seed": 1}, ""),
        ({"recipe": "chapter"}, {"seed": 1}, ""),  # its shape is its own
        ({"size": 96}, {"seed": 1}, ""),  # of the cells alone
        ({"recipe": "sketch"}, {"size": 64}, " --size 64"),
    ],
)
def test_a_command_paints_large_what_a_recipe_paints_small(
    common: dict[str, object],
    varied: dict[str, object],
    size: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture = Image.new("RGB", (40, 30))
    one = Cell(1, 1, varied, StyleSettings(), picture, False, 1.0)
    command = Exploration(
        tmp_path / "sheet.png", grid(), ExploreProgress(1), ["p.jpg", "s.jpg"], common
    )
    command.take(one)
    assert command.finish() == 0
    printed = capsys.readouterr().out.splitlines()[-1]
    assert printed.partition(" --size")[0].startswith("   impasto stylize p.jpg s.jpg")
    assert "".join(printed.partition(" --size")[1:]) == size


class Terminal(io.StringIO):
    """Standard error as a person sees it."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_a_bar_over_all_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = ExploreProgress(4)
    for index in (1, 2, 3, 4):
        progress(Started(3, (), "slim", "cpu", 1))
        progress.count_cell(cell(index, draft=True))
    progress(Started(9, (), "slim", "cpu", 1))
    progress(Step(3, 9, (30, 40), LOSSES, 0.1))
    progress.pause()
    progress(Step(4, 9, (30, 40), LOSSES, 0.1))
    progress.pause()
    for words in ("draft 1 of 4", "painting 1 of 4", "3/9", "4/9"):
        assert words in terminal.getvalue()


def test_the_bar_of_a_sheet_fills_by_pixels_and_counts_down_over_all_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    for name in ("NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    progress = ExploreProgress(2)
    progress(Started(4, (((30, 40), 4),)))
    for step in (1, 2, 3):
        progress(Step(step, 4, (30, 40), LOSSES, 60.0 * step))
    assert progress._bar is not None
    assert progress._bar.tasks[0].percentage == pytest.approx(37.5)
    progress.pause()
    assert "05:00" in terminal.getvalue()  # one of four minutes, and four for the other


def test_elsewhere_there_is_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ExploreProgress(4)
    progress(Started(9, (), "slim", "cpu", 1))
    progress(Step(3, 9, (30, 40), LOSSES, 0.1))
    assert capsys.readouterr() == ("", "")
