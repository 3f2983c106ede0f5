"""What a person sees of a batch: a bar for all and one a worker in a terminal, lines elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from impasto.cli.progress import bar, left_now, print_line
from impasto.cli.runner import Command, stop_sentence
from impasto.text import format_path
from impasto.work import seconds_left_of_all
from impasto.workflows.batch import (
    BatchEvent,
    BatchStarted,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    ItemStep,
    Note,
)

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["BatchProgress"]

NAME_WIDTH = 28


class BatchProgress(Command[BatchEvent]):
    """Listens to a batch.

    Args:
        verbosity: -1 says nothing but failures, 0 what matters.

    Attributes:
        failures: of the pictures, in the order in which they came.
    """

    breaks_in = True  # what is not painted whole is begun anew, so there is nothing to wait for

    def __init__(self, verbosity: int = 0) -> None:
        self.quiet = verbosity < 0
        self.failures: list[ItemFailed] = []
        self._pictures, self._todo, self._painted, self._skipped = 0, 0, 0, 0
        self._steps, self._jobs = 1, 1
        self._bar: Bar | None = None
        self._tasks: dict[int, TaskID] = {}
        # Of each worker: the share of its picture that is done, and the seconds left.
        self._under_way: dict[int, tuple[float, float | None]] = {}
        self._took: list[float] = []

    def take(self, event: BatchEvent) -> None:
        """Show one event."""
        if isinstance(event, BatchStarted):
            self._start(event)
        elif isinstance(event, Note):
            self._say(event.line)
        elif isinstance(event, ItemSkipped):
            self._skipped += 1
        elif isinstance(event, ItemStarted):
            self._show(event, f"0/{self._steps}")
        elif isinstance(event, ItemStep):
            done = f"{event.step}/{event.steps}"
            self._show(event, done, event.share, event.seconds_left)
        elif isinstance(event, ItemDone):
            self._painted += 1
            self._took.append(event.seconds)
            self._done(event)
        else:
            self.failures.append(event)
            self._end(event)
            self._say(f"{self._place()} {format_path(event.item.content)}  failed")

    def close(self) -> None:
        """Take the bars away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def finish(self) -> int:
        """Say what failed, and how many pictures were painted, skipped and failed."""
        self._say_failures()
        if not self.quiet:
            print(self._summary())
        return 1 if self.failures else 0

    def stop(self) -> str:
        """Say what failed; every painting that is done is recorded already."""
        self._say_failures()
        left = self._todo - self._painted - len(self.failures)
        state = f"{self._summary()}, {left} left"
        return stop_sentence(state=state, resume="go on with the same command")

    def _say_failures(self) -> None:
        """Say on standard error which pictures failed, and why; nothing if none did."""
        if not self.failures:
            return
        names = [format_path(failure.item.content) for failure in self.failures]
        count = f"{len(names)} picture{'s' if len(names) > 1 else ''}"
        print(f"impasto: {count} could not be painted:", file=sys.stderr)
        width = max(map(len, names))
        for name, failure in zip(names, self.failures, strict=True):
            # Most reasons begin with the name, which stands there already.
            reason = " ".join(failure.reason.splitlines()).removeprefix(f"{name} ")
            print(f"  {name:{width}}  {reason}", file=sys.stderr)

    def _summary(self) -> str:
        return f"{self._painted} painted, {self._skipped} skipped, {len(self.failures)} failed"

    def _start(self, event: BatchStarted) -> None:
        self._pictures, self._todo = event.pictures, event.todo
        self._steps, self._jobs = event.steps, event.jobs
        if not self.quiet and event.todo and sys.stderr.isatty():
            self._bar = bar("{task.description}", "{task.fields[count]}")
            self._tasks[-1] = self._bar.add_task(
                f"{'all':{NAME_WIDTH}}", total=event.todo, count=f"0/{event.todo}", left=None
            )
            self._bar.start()

    def _show(
        self,
        event: ItemStarted | ItemStep,
        count: str,
        share: float = 0.0,
        seconds_left: float | None = None,
    ) -> None:
        self._under_way[event.worker] = share, seconds_left
        if self._bar is None:
            return
        from rich.markup import escape

        name = event.item.name
        if len(name) > NAME_WIDTH:
            name = f"…{name[1 - NAME_WIDTH :]}"
        if event.worker not in self._tasks:
            self._tasks[event.worker] = self._bar.add_task("", total=1.0, count="", left=None)
        task = self._tasks[event.worker]
        label = escape(f"{name:{NAME_WIDTH}}")
        left = left_now(seconds_left, self._bar)
        self._bar.update(task, completed=share, description=label, count=count, left=left)
        self._show_all()

    def _done(self, event: ItemDone) -> None:
        self._end(event)
        if self._bar is None and not self.quiet:
            height, width = event.shape
            print(
                f"{self._place()} {format_path(event.output)}  {width} x {height} px, "
                f"{event.seconds:.1f} s",
                flush=True,
            )

    def _end(self, event: ItemDone | ItemFailed) -> None:
        self._under_way.pop(event.worker, None)
        if self._bar is not None:
            self._show_all()

    def _show_all(self) -> None:
        assert self._bar is not None
        ended, under_way = self._painted + len(self.failures), list(self._under_way.values())
        waiting = max(0, self._todo - ended - len(under_way))
        seconds = seconds_left_of_all(under_way, self._took, waiting, self._jobs)
        self._bar.update(
            self._tasks[-1],
            completed=ended + sum(share for share, _ in under_way),
            count=f"{ended}/{self._todo}",
            left=left_now(seconds, self._bar),
        )

    def _place(self) -> str:
        ended = self._skipped + self._painted + len(self.failures)
        return f"[{ended}/{self._pictures}]"

    def _say(self, line: str) -> None:
        if not self.quiet:
            print_line(line, self._bar)
