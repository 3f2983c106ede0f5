"""A grid at the command line: its sheet on disk, its bar, and what is said at the end."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.cli.options import settings_line
from impasto.cli.progress import bar, left_now
from impasto.cli.runner import Command, stop_sentence
from impasto.events import Event, Part, Started, Step
from impasto.settings import StyleSettings, load_settings
from impasto.text import format_path
from impasto.work import Work, seconds_left_of_all
from impasto.workflows.explore import STYLE, Cell, labels

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from impasto.reports.sheet import Grid

__all__ = ["Exploration", "ExploreProgress"]

WRITE_EVERY_S = 2.0  # seconds: a large sheet takes a quarter of one to write


class Exploration(Command[Cell]):
    """Fills a sheet with cells as they are painted, and says what each of them is.

    Args:
        output: already checked.
        grid: empty.
        progress: counts every cell.
        pictures: content and the styles that all cells share, as they were named.
        settings: what all cells share, as it was typed.
    """

    breaks_in = True  # a cell is worth less than the wait for its end

    def __init__(
        self,
        output: Path,
        grid: Grid,
        progress: ExploreProgress,
        pictures: Sequence[str],
        settings: Mapping[str, Any],
    ) -> None:
        self.quiet = progress.quiet
        self._sheet, self._grid, self._progress = _Sheet(output, grid), grid, progress
        self._output, self._pictures, self._settings = output, pictures, settings

    def take(self, cell: Cell) -> None:
        """Put a cell on the sheet."""
        self._sheet.put(cell)
        self._progress.count_cell(cell)
        if cell.draft and cell.index == cell.count:
            self._progress.say(
                f"drafts are in {format_path(self._output)}; each is replaced when it is painted"
            )

    def finish(self) -> int:
        """Say what every cell is, and the command that paints it large."""
        painted = self._sheet.painted
        failed = [cell for cell in painted if cell.error is not None]
        if self.quiet:
            for cell in failed:
                print(f"impasto: cell {_line(cell).strip()}", file=sys.stderr)
            return 1 if failed else 0
        width, height = self._grid.picture.size
        size, seconds = f"{width} x {height} px", f"{self._sheet.seconds:.1f} s"
        print(f"{format_path(self._output)}  {size}, {self._grid.count} cells, {seconds}")
        for cell in painted:
            print(_line(cell))
            if cell.error is None:
                print(f"   {self._command(cell)}")
        return 1 if failed else 0

    def _command(self, cell: Cell) -> str:
        """What paints a cell large, for a shell."""
        own = [cell.varied[STYLE]] if STYLE in cell.varied else []
        # A name that looks like an option is none with a folder before it.
        names = [f"./{name}" if name.startswith("-") else name for name in (*self._pictures, *own)]
        common = {name: value for name, value in self._settings.items() if name != "size"}
        varied = {name: value for name, value in cell.varied.items() if name != STYLE}
        words = [shlex.join(["impasto", "stylize", *names]), settings_line(_large(common | varied))]
        return " ".join(word for word in words if word)

    def stop(self) -> str:
        """Write the sheet so far."""
        output = format_path(self._output)
        state = f"the sheet so far is in {output}" if self._sheet.write() else "nothing is kept"
        done = f"{len(self._sheet.painted)} of {self._grid.count} cells"
        return stop_sentence(after=done, state=state)

    def close(self) -> None:
        """Take the bar away."""
        self._progress.pause()


def _large(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings with the usual size beside them where they, or their recipe, have a smaller one.

    A size that varies is what a cell shows, and an exact shape is the recipe's own.
    """
    usual = StyleSettings.model_fields["size"].default
    size = load_settings(settings).size
    is_small = "size" not in settings and size is not None and size < usual
    return {**settings, "size": usual} if is_small else settings


def _line(cell: Cell) -> str:
    result = f"{cell.seconds:.1f} s" if cell.error is None else f"not painted: {cell.error}"
    return f"{cell.index:>{len(str(cell.count))}}  {', '.join(labels(cell.varied))}  {result}"


class _Sheet:
    """The sheet on disk, written again when it is worth another look."""

    def __init__(self, path: Path, grid: Grid) -> None:
        self.painted: list[Cell] = []
        self.seconds = 0.0
        self._path, self._grid = path, grid
        self._written, self._new = False, False
        self._wrote_s = self._writing_s = 0.0

    def put(self, cell: Cell) -> None:
        """Put a cell in its place; drafts are written row by row, paintings one by one.

        Where cells are painted sooner than a sheet is written, it waits for some of them.
        """
        self.seconds += cell.seconds
        if not cell.draft:
            self.painted.append(cell)
        note = "draft" if cell.draft else "not painted" if cell.error else ""
        # Of a draft that failed the painting will tell.
        if cell.picture is not None or not cell.draft:
            self._grid.put(cell.index, cell.picture, note)
            self._new = True
        is_due = cell.index % self._grid.across == 0 if cell.draft else True
        is_quick = not cell.draft and cell.seconds < self._writing_s and cell.index < cell.count
        if is_due and not (is_quick and time.monotonic() - self._wrote_s < WRITE_EVERY_S):
            self.write()

    def write(self) -> bool:
        """Write what is new; whether there is a sheet then."""
        from impasto import imaging

        if self._new:
            begun = time.monotonic()
            pixels = imaging.read(self._grid.picture, max_megapixels=1e9).pixels
            imaging.write(self._path, pixels.astype("float32") / 255)
            self._written, self._new, self._wrote_s = True, False, time.monotonic()
            self._writing_s = self._wrote_s - begun
        return self._written


class ExploreProgress:
    """What a person sees meanwhile: a bar over all drafts, then over all paintings.

    Args:
        count: cells.
        quiet: says nothing.
    """

    def __init__(self, count: int, quiet: bool = False) -> None:
        self.quiet = quiet
        self._count = count
        self._done = 0
        self._work, self._took = Work((), 0), list[float]()
        self._bar: Bar | None = None

    def __call__(self, event: Event) -> None:
        """Show one event of the painting under way."""
        if isinstance(event, Started):
            self._work = Work.of(event)
            self._show(0, event.steps)
        elif isinstance(event, Step):
            self._work.add(event.step, event.scale, event.seconds)
            self._show(event.step, event.steps)
        elif isinstance(event, Part):
            self._show(event.number, event.count)

    def count_cell(self, cell: Cell) -> None:
        """Count a cell that is done."""
        self._done += 1
        if cell.error is None:
            self._took.append(cell.seconds)
        if cell.index == cell.count:
            self.pause()  # the paintings take longer: their time is estimated anew
            self._took.clear()

    def say(self, line: str) -> None:
        """A line on standard error."""
        if not self.quiet:
            print(line, file=sys.stderr)

    def pause(self) -> None:
        """Take the bar away until the next step."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _show(self, step: int, steps: int) -> None:
        if self.quiet or not sys.stderr.isatty():
            return
        drafts, done = self._done < self._count, self._done % self._count
        what = f"{'draft' if drafts else 'painting'} {done + 1} of {self._count}"
        fields: dict[str, Any] = {"what": what, "steps": f"{step}/{steps}"}
        fields["completed"] = done + self._work.share
        if self._bar is None:
            self._bar = bar("{task.fields[what]}", "[dim]{task.fields[steps]}[/dim]")
            self._bar.add_task("", total=self._count, left=None, **fields)
            self._bar.start()
        under_way = [(self._work.share, self._work.seconds_left)]
        seconds = seconds_left_of_all(under_way, self._took, self._count - done - 1)
        left = left_now(seconds, self._bar)
        self._bar.update(self._bar.task_ids[0], left=left, **fields)
