"""A job as everybody sees it: plain data, whatever it is kept in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from impasto.service.contract import State

__all__ = ["Job", "State"]


@dataclass(frozen=True)
class Job:
    """A picture to paint, and how far it is.

    Attributes:
        id: 32 hexadecimal digits; the only name of it that ever becomes a path.
        state: where it stands.
        settings: all of `StyleSettings`, as JSON knows it.
        inputs: SHA-256 of each upload by role: content, style, style 2 …, mask …, style mask …,
            init.
        created_at: when it was asked for, UTC.
        started_at: when it was begun for the first time; None while it never was.
        ended_at: when it came to its end; None before.
        step: the last step done, of all scales; 0 before the first.
        steps: how many the whole run has; None until that is known.
        losses: weighted losses of the last step (content, style, tv, total); empty before.
        seconds: painted so far, pauses left out.
        size: (height, width) in px of the finished picture; None until it is known.
        error: why it failed, in one short paragraph; None if it did not.
        attempts: how many times it was begun and not given back.
        threads: CPU threads it was begun with, so that going on gives the same bytes.
        client: who asked for it; what limits count by.
        cancel_asked: whether the worker that has it shall stop.
        notes: what a person may not expect of the run, in a sentence each.
    """

    id: str
    state: State
    settings: dict[str, Any]
    inputs: dict[str, str]
    created_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    step: int = 0
    steps: int | None = None
    losses: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    size: tuple[int, int] | None = None
    error: str | None = None
    attempts: int = 0
    threads: int | None = None
    client: str = ""
    cancel_asked: bool = False
    notes: tuple[str, ...] = ()
