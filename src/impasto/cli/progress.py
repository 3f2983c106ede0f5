"""What a person sees while a picture is painted: a bar in a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from impasto.events import Event, Finished, Part, Started, Step
from impasto.text import format_gigabytes

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

__all__ = ["FetchProgress", "Progress", "bar", "print_line"]


def bar(*columns: str) -> Bar:
    """A bar in the colours of the house, on standard error; columns as rich formats them."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn(columns[0]),
        BarColumn(bar_width=28, complete_style="#c8553d", finished_style="#2f6f8f"),
        *(TextColumn(column) for column in columns[1:]),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )


def print_line(line: str, above: Bar | None) -> None:
    """A line on standard error, above the bar if one is shown."""
    if above is not None:
        above.console.print(line, highlight=False, markup=False)
    else:
        print(line, file=sys.stderr)


class Progress:
    """Listens to a run.

    Args:
        verbosity: -1 says nothing, 0 what matters, 1 what was decided as well.
    """

    def __init__(self, verbosity: int = 0) -> None:
        self._verbosity = verbosity
        self._bar: Bar | None = None
        self._has_steps = False
        if verbosity >= 0 and sys.stderr.isatty():
            self._bar = bar(
                "{task.fields[scale]}",
                "{task.completed:.0f}/{task.total:.0f}",
                "[dim]{task.fields[losses]}[/dim]",
            )

    def __call__(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, Started):
            self._started(event)
        elif isinstance(event, Step) and self._bar is not None:
            losses = "  ".join(
                f"{name} {value:.3g}" for name, value in event.losses.items() if name != "total"
            )
            height, width = event.scale
            scale = f"{width} × {height} px"
            self._bar.update(
                self._bar.task_ids[0], completed=event.step, losses=losses, scale=scale
            )
        elif isinstance(event, Part) and self._bar is not None and not self._has_steps:
            self._bar.update(
                self._bar.task_ids[0], completed=event.number, total=event.count, scale=event.kind
            )
        elif isinstance(event, Finished):
            self.close()
            for note in event.notes:
                self.say(f"note: {note}")

    def _started(self, event: Started) -> None:
        self._has_steps = event.steps > 0
        for note in event.notes:
            self.say(f"note: {note}")
        if self._verbosity > 0 and event.steps:
            scales = ", ".join(f"{w} × {h} px: {steps}" for (h, w), steps in event.scales)
            self.say(f"{event.backbone} on {event.device}, {event.threads} threads")
            self.say(f"steps at each scale: {scales}")
            self.say(f"predicted peak of memory: {format_gigabytes(event.predicted_bytes)}")
        if self._bar is not None:
            self._bar.add_task(
                "", total=event.steps, completed=event.first_step - 1, scale="", losses=""
            )
            self._bar.start()

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
            self._bar = bar(f"fetching {self._name}", "{task.percentage:.0f} %")
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
