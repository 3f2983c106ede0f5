"""What a person sees while a film is painted: frames, frames a second, and the time left."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING

from impasto.cli.progress import bar, left_now, print_line
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmScan,
    FilmStarted,
)

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

__all__ = ["FilmProgress", "Pace"]

RECENT_S = 20.0  # whose pace counts, so that a machine that gets busy is noticed


class Pace:
    """How fast frames come, lately.

    Example:
        >>> pace = Pace()
        >>> for number in range(9):
        ...     pace.add(number, number / 2)
        >>> pace.rate, pace.seconds_left(10)
        (2.0, 5.0)
    """

    def __init__(self) -> None:
        self._recent: deque[tuple[int, float]] = deque()

    def add(self, frames: int, seconds: float) -> None:
        """Take in that so many frames are done after so many seconds."""
        self._recent.append((frames, seconds))
        while len(self._recent) > 2 and seconds - self._recent[1][1] > RECENT_S:
            self._recent.popleft()

    @property
    def rate(self) -> float:
        """Frames a second; 0 while nobody knows."""
        if len(self._recent) < 2:
            return 0.0
        (first, begun), (last, now) = self._recent[0], self._recent[-1]
        return (last - first) / (now - begun) if now > begun else 0.0

    def seconds_left(self, frames: int) -> float | None:
        """Until so many more are done; None while nobody knows."""
        return frames / self.rate if self.rate else None


class FilmProgress:
    """Listens to a film.

    Args:
        verbosity: -1 says nothing, 0 what matters.
    """

    def __init__(self, verbosity: int = 0) -> None:
        self._quiet = verbosity < 0
        self._bar: Bar | None = None
        self._pace = Pace()
        self._looked = False
        if not self._quiet and sys.stderr.isatty():
            self._bar = bar("{task.fields[what]}", "{task.fields[count]}")
            self._bar.add_task("", total=None, what="", count="", left=None)
            self._bar.start()

    def __call__(self, event: FilmEvent) -> None:
        """Show one event."""
        if isinstance(event, FilmScan):
            if not self._looked and self._bar is None:
                self.say("looks for cuts and counts the frames")
            self._looked = True
            self._pace.add(event.frames, event.seconds)
            self._show("looks for cuts", event.frames, event.expected)
        elif isinstance(event, FilmStarted):
            self._start(event)
        elif isinstance(event, FilmFrame):
            self._pace.add(event.number, event.seconds)
            self._show("paints", event.number, event.frames)
        elif isinstance(event, FilmNote):
            self.say(f"note: {event.line}")
        elif isinstance(event, FilmFinished):
            self.close()

    def _start(self, event: FilmStarted) -> None:
        self._pace = Pace()
        height, width = event.shape
        if event.frames:
            shots = f", {event.shots} shot{'s' if event.shots > 1 else ''}" if event.shots else ""
            done = f", {event.done} of them painted already" if event.done else ""
            self.say(f"{event.frames} frames of {width} x {height} px{shots}{done}")
        else:
            self.say(f"paints frames of {width} x {height} px as they come; Ctrl-C ends the film")
        for note in event.notes:
            self.say(f"note: {note}")
        self._show("paints", event.done, event.frames)

    def _show(self, what: str, number: int, frames: int) -> None:
        if self._bar is None:
            return
        rate = self._pace.rate
        count = f"{number}/{frames}" if frames else str(number)
        left = self._pace.seconds_left(frames - number) if frames else None
        self._bar.update(
            self._bar.task_ids[0],
            completed=number,
            total=frames or None,
            what=what,
            count=f"{count}  {rate:.1f} frames/s" if rate else count,
            left=left_now(left, self._bar),
        )

    def say(self, line: str) -> None:
        """A line on standard error, above the bar."""
        if not self._quiet:
            print_line(line, self._bar)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
