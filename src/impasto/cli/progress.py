"""What a person sees while a picture is painted: a bar in a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from impasto.events import Event, Finished, Part, Started, Step
from impasto.text import format_about, format_gigabytes
from impasto.work import Work

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

__all__ = ["FetchProgress", "Progress", "bar", "left_now", "print_line"]


def bar(*columns: str, even: bool = False) -> Bar:
    """A bar in the colours of the house, on standard error.

    Args:
        *columns: as rich formats them.
        even: whether the time left follows from how the bar fills. If not, each task has a field
            `left`, as `left_now` makes it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from impasto.cli.time_left import TimeLeft

    return Progress(
        TextColumn(columns[0]),
        BarColumn(bar_width=28, complete_style="#c8553d", finished_style="#2f6f8f"),
        *(TextColumn(column) for column in columns[1:]),
        TimeRemainingColumn(compact=True) if even else TimeLeft(),
        console=Console(stderr=True),
        transient=True,
    )


def left_now(seconds: float | None, bar: Bar) -> tuple[float, float] | None:
    """Seconds left, and when that was said; None stays None."""
    return None if seconds is None else (seconds, bar.get_time())


def print_line(line: str, above: Bar | None) -> None:
    """A line on standard error, above the bar if one is shown."""
    if above is not None:
        above.console.print(line, highlight=False, markup=False)
    else:
        print(line, file=sys.stderr)


def opening_line(event: Started) -> str:
    """What a painting will take, said before it; empty where nobody knows.

    Example:
        >>> opening_line(Started(9, shape=(341, 512), predicted_s=37.0, predicted_bytes=8 * 10**8))
        'painting 512 x 341 px takes about 35 s and 0.8 GB of memory'
        >>> opening_line(Started(9, predicted_bytes=8 * 10**8))
        ''
    """
    if not event.predicted_s:
        return ""
    if event.shape is None:
        steps = event.steps - event.first_step + 1
        return f"{steps} steps take {format_about(event.predicted_s)}"
    height, width = event.shape
    what = f"{'painting' if event.first_step == 1 else 'the rest of'} {width} x {height} px"
    memory = format_gigabytes(event.predicted_bytes)
    more = f" and {memory} of memory" if event.predicted_bytes else ""
    return f"{what} takes {format_about(event.predicted_s)}{more}"


class Progress:
    """Listens to a run.

    Args:
        verbosity: -1 says nothing, 0 what matters, 1 what was decided as well.
    """

    def __init__(self, verbosity: int = 0) -> None:
        self._verbosity = verbosity
        self._bar: Bar | None = None
        self._work = Work((), 0)
        self._has_steps, self._parts = False, ("", 0)
        if verbosity >= 0 and sys.stderr.isatty():
            self._bar = bar(
                "{task.fields[scale]}",
                "{task.fields[count]}",
                "[dim]{task.fields[losses]}[/dim]",
            )

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Started):
            self._started(event)
        elif isinstance(event, Step):
            losses = "  ".join(
                f"{name} {value:.3g}" for name, value in event.losses.items() if name != "total"
            )
            height, width = event.scale
            self._work.add(event.step, event.scale, event.seconds)
            self._show(f"{width} × {height} px", event.step, event.steps, losses)
        elif isinstance(event, Part) and not self._has_steps:
            if (event.kind, event.count) != self._parts:
                self._work, self._parts = Work((), event.count), (event.kind, event.count)
            self._work.add(event.number, (0, 0), event.seconds)
            self._show(event.kind, event.number, event.count)
        elif isinstance(event, Finished):
            self.close()
            for note in event.notes:
                self.say(f"note: {note}")

    def _started(self, event: Started) -> None:
        self._has_steps = event.steps > 0
        self._work = Work.of(event)
        if opening := opening_line(event):
            self.say(opening)
        for note in event.notes:
            self.say(f"note: {note}")
        if self._verbosity > 0 and event.steps:
            scales = ", ".join(f"{w} × {h} px: {steps}" for (h, w), steps in event.scales)
            self.say(f"{event.backbone} on {event.device}, {event.threads} threads")
            self.say(f"steps at each scale: {scales}")
            self.say(f"predicted peak of memory: {format_gigabytes(event.predicted_bytes)}")
        if self._bar is not None:
            self._bar.add_task("", total=None, scale="", count="", losses="", left=None)
            if self._has_steps:
                self._show("", event.first_step - 1, event.steps)
            self._bar.start()

    def _show(self, scale: str, number: int, count: int, losses: str = "") -> None:
        if self._bar is None:
            return
        self._bar.update(
            self._bar.task_ids[0],
            completed=self._work.done,
            total=self._work.total,
            scale=scale,
            count=f"{number}/{count}",
            losses=losses,
            left=left_now(self._work.seconds_left, self._bar),
        )

    def say(self, line: str) -> None:
        """A line on standard error, above the bar."""
        if self._verbosity >= 0:
            print_line(line, self._bar)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class FetchProgress:
    """Shows a download while its block runs; made before it is known whether there will be one.

    Args:
        name: what is fetched.
        verbosity: as for `Progress`.
    """

    def __init__(self, name: str, verbosity: int = 0) -> None:
        self._name = name
        self._verbosity = verbosity
        self._bar: Bar | None = None
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, done: int, total: int | None) -> None:
        """Show how many bytes are here."""
        if self._verbosity < 0:
            return
        if not self._begun and not sys.stderr.isatty():
            print(f"fetching {self._name}", file=sys.stderr)
        elif not self._begun:
            self._bar = bar(f"fetching {self._name}", "{task.percentage:.0f} %", even=True)
            self._bar.add_task("", total=total)
            self._bar.start()
        self._begun = True
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, total=total)
            if done == total:
                self.close()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
