"""What the events of jobs have told so far, kept so that no look reads a file from its start."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impasto.service.http.tail import Tail

__all__ = ["Following", "Told"]

MOST_JOBS = 32
MOST_ROUNDS = 64  # of one look; a tail gives a file in pieces


@dataclass
class Told:
    """What one job's events say.

    Attributes:
        scales: ((height, width), steps) of each scale; empty before the run has started.
        steps: the data of each `step`, in order.
        preview: the step of the last preview; 0 before the first.
    """

    scales: list[tuple[tuple[int, int], int]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    preview: int = 0


class Following:
    """Follows the events of the jobs that were looked at last; safe to use from several threads."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, tuple[Tail, Told]] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, id: str, path: Path) -> Told:
        """All a job has told by now.

        Args:
            id: of the job.
            path: of its events.jsonl; it may not be there yet.
        """
        with self._lock:
            tail, told = self._jobs.setdefault(id, (Tail(path), Told()))
            self._jobs.move_to_end(id)
            while len(self._jobs) > MOST_JOBS:
                self._jobs.popitem(last=False)
            for _ in range(MOST_ROUNDS):
                lines = tail.read()
                if not lines:
                    break
                for line in lines:
                    _heard(told, line.event, line.data)
            return Told(told.scales, list(told.steps), told.preview)


def _heard(told: Told, event: str, data: dict[str, Any]) -> None:
    if event == "started":
        told.scales = [(tuple(s["scale"]), int(s["steps"])) for s in data["scales"]]
    elif event == "step":
        told.steps.append(data)
    elif event == "preview":
        told.preview = int(data["step"])
