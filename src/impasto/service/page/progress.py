"""How far a painting is: what its events say so far, and spans of time in words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from impasto.service.client.stream import ServerSentEvent
from impasto.service.contract import State
from impasto.service.lru_cache import LruCache
from impasto.service.page.texts import phrase
from impasto.work import Work

__all__ = ["Progress", "ProgressLog", "format_duration", "format_eta"]

MOST_JOBS = 32


@dataclass
class Progress:
    """What one job's events say.

    Attributes:
        scales: ((height, width), steps) of each scale, coarse to fine; empty before the run has
            started, or where its method has none.
        predicted_s: how long it was said to take before its first step; 0 where nobody knew.
        steps: the data of each `step` event, in order.
        preview: the step of the last preview; 0 before the first.
        last: the id of the last event that was read; "" before the first.
        ended: whether that is the job's last event.
    """

    scales: list[tuple[tuple[int, int], int]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    preview: int = 0
    last: str = ""
    ended: bool = False
    predicted_s: float = 0.0

    def work(self, count: int) -> Work:
        """How much of it is done, and how long the rest takes.

        Args:
            count: the steps of the whole run.
        """
        first = int(self.steps[0]["step"]) if self.steps else 1
        work = Work(self.scales, count, first, self.predicted_s)
        for step in self.steps:
            height, width = step["scale"]
            work.add(int(step["step"]), (int(height), int(width)), float(step["seconds"]))
        return work

    def add(self, events: Iterable[ServerSentEvent]) -> None:
        """Take in more events; a step that is known already, of a run that repeats itself after a
        crash, is passed over."""
        for event in events:
            data = event.data
            if event.event == "started":
                self.scales = [
                    ((int(s["scale"][0]), int(s["scale"][1])), int(s["steps"]))
                    for s in data.get("scales", ())
                ]
                self.predicted_s = float(data.get("predicted_s", 0.0))
            elif event.event == "step":
                if not self.steps or data["step"] > self.steps[-1]["step"]:
                    self.steps.append(data)
            elif event.event == "preview":
                self.preview = int(data["step"])
            self.ended = event.event in State.ends()
            self.last = event.id or self.last


class ProgressLog:
    """Progress of the jobs that were looked at last, so that no look reads events from the start.

    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._jobs = LruCache[Progress](MOST_JOBS)
        self._lock = threading.Lock()

    def look(self, id: str, events_after: Callable[[str], Iterable[ServerSentEvent]]) -> Progress:
        """A job's progress by now.

        Args:
            id: of the job.
            events_after: the events that there are after the one with an id; "" for all.
        """
        progress = self._jobs.get(id, Progress)
        events = [] if progress.ended else events_after(progress.last)
        with self._lock:
            progress.add(events)
            return Progress(
                progress.scales,
                list(progress.steps),
                progress.preview,
                progress.last,
                progress.ended,
                progress.predicted_s,
            )


def format_eta(seconds: float, language: str) -> str:
    """A span of time that is a guess, rounded up as far as it is unsure.

    Example:
        >>> format_eta(7.2, "en"), format_eta(33, "en"), format_eta(3700, "zh")
        ('8 s', '35 s', '1 小时 2 分钟')
    """
    if seconds <= 55:
        whole = -int(-seconds // 1)
        return phrase(language, "seconds", number=whole if whole <= 20 else -(-whole // 5) * 5)
    return format_duration(-int(-seconds // 60) * 60, language)


def format_duration(seconds: float, language: str) -> str:
    """A span of time as a person says it.

    Example:
        >>> format_duration(95, "en"), format_duration(3600 + 60, "zh")
        ('1 min 35 s', '1 小时 1 分钟')
    """
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [("hours", hours), ("minutes", minutes), ("seconds", rest if not hours else 0)]
    words = [phrase(language, key, number=number) for key, number in parts if number]
    return " ".join(words) or phrase(language, "seconds", number=0)
