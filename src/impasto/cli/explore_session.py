"""A grid at the command line: its sheet on disk, its bar, and what is said at the end."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from impasto.cli.options import flag
from impasto.cli.progress import bar
from impasto.events import Event, Started, Step
from impasto.text import format_path, format_value

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from impasto.reports.grid import Grid
    from impasto.workflows.explore import Cell

__all__ = ["Watch", "fill", "options"]

INTERRUPTED = 130


def fill(
    output: Path,
    grid: Grid,
    cells: Iterable[Cell],
    watch: Watch,
    pictures: Sequence[str],
    settings: Mapping[str, Any],
) -> int:
    """Fill a sheet with cells as they are painted, and say what each of them is.

    Args:
        output: already checked.
        grid: empty.
        cells: drafts, then paintings.
        watch: told of every cell.
        pictures: content and styles, as they were named.
        settings: what was given for all cells.

    Returns:
        The exit code: 0; 1 when a cell could not be painted; 130 when Ctrl-C stopped it, with the
        sheet so far written.
    """
    sheet = _Sheet(output, grid)
    try:
        for cell in cells:
            sheet.take(cell)
            watch.took(cell)
            if cell.draft and cell.index == cell.count:
                watch.say(
                    f"drafts are in {format_path(output)}; each is replaced when it is painted"
                )
    except KeyboardInterrupt:
        watch.pause()
        done, seen = len(sheet.painted), sheet.write()
        where = f": the sheet so far is in {format_path(output)}" if seen else ""
        watch.say(f"stopped after {done} of {grid.count} cells{where}")
        return INTERRUPTED
    watch.pause()
    failed = [cell for cell in sheet.painted if cell.error is not None]
    if not watch.quiet:
        width, height = grid.picture.size
        seconds = f"{sheet.seconds:.1f} s"
        print(f"{format_path(output)}  {width} x {height} px, {grid.count} cells, {seconds}")
        for cell in sheet.painted:
            print(_line(cell))
        common = options({name: v for name, v in settings.items() if name != "size"})
        words = shlex.join(["impasto", "stylize", *pictures])
        print(f"one of them large: {words} -o OUT {common}{' ' if common else ''}and its options")
    else:
        for cell in failed:
            print(f"impasto: cell {_line(cell).strip()}", file=sys.stderr)
    return 1 if failed else 0


def options(settings: Mapping[str, Any]) -> str:
    """Settings as they are typed.

    Example:
        >>> options({"style_layers": {"relu1_1": 1.0}, "upscale": False})
        '--style-layers relu1_1 --no-upscale'
    """
    words = []
    for name, value in settings.items():
        if isinstance(value, bool):
            words.append(flag(name) if value else f"--no-{name.replace('_', '-')}")
        else:
            words += [flag(name), format_value(value)]
    return shlex.join(words)


def _line(cell: Cell) -> str:
    result = f"{cell.seconds:.1f} s" if cell.error is None else f"not painted: {cell.error}"
    return f"{cell.index:>{len(str(cell.count))}}  {options(cell.varied)}  {result}"


class _Sheet:
    """The sheet on disk, written again when it is worth another look."""

    def __init__(self, path: Path, grid: Grid) -> None:
        self.painted: list[Cell] = []
        self.seconds = 0.0
        self._path, self._grid = path, grid
        self._written, self._new = False, False

    def take(self, cell: Cell) -> None:
        """Put a cell on the sheet; drafts are written row by row, paintings one by one."""
        self.seconds += cell.seconds
        if not cell.draft:
            self.painted.append(cell)
        note = "draft" if cell.draft else "not painted" if cell.error else ""
        # Of a draft that failed the painting will tell.
        if cell.picture is not None or not cell.draft:
            self._grid.put(cell.index, cell.picture, note)
            self._new = True
        if not cell.draft or cell.index % self._grid.across == 0:
            self.write()

    def write(self) -> bool:
        """Write what is new; whether there is a sheet then."""
        from impasto import imaging

        if self._new:
            pixels = imaging.read(self._grid.picture, max_megapixels=1e9).pixels
            imaging.write(self._path, pixels.astype("float32") / 255)
            self._written, self._new = True, False
        return self._written


class Watch:
    """What a person sees meanwhile: a bar over all drafts, then over all paintings.

    Args:
        count: cells.
        quiet: says nothing.
    """

    def __init__(self, count: int, quiet: bool = False) -> None:
        self.quiet = quiet
        self._count = count
        self._taken = 0
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.pause()

    def __call__(self, event: Event) -> None:
        """Show one event of the painting under way."""
        if isinstance(event, Started):
            self._show(0, event.steps)
        elif isinstance(event, Step):
            self._show(event.step, event.steps)

    def took(self, cell: Cell) -> None:
        """Count a cell that is done."""
        self._taken += 1
        if cell.index == cell.count:
            self.pause()  # the paintings take longer: their time is estimated anew

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
        drafts, done = self._taken < self._count, self._taken % self._count
        what = f"{'draft' if drafts else 'painting'} {done + 1} of {self._count}"
        told: dict[str, Any] = {"what": what, "steps": f"{step}/{steps}"}
        told["completed"] = done + step / steps
        if self._bar is None:
            self._bar = bar("{task.fields[what]}", "[dim]{task.fields[steps]}[/dim]")
            self._bar.add_task("", total=self._count, **told)
            self._bar.start()
        self._bar.update(self._bar.task_ids[0], **told)
