"""A job as a server tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from impasto.errors import ServerError
from impasto.service.contract import State

__all__ = ["RemoteJob"]


@dataclass(frozen=True)
class RemoteJob:
    """A picture that a server paints, and how far it is.

    Attributes:
        id: 32 hexadecimal digits.
        state: queued, running, finished, failed or cancelled.
        settings: all of them, as JSON knows them.
        inputs: SHA-256 of each upload by role: content, style, style 2 …
        created_at: when it was asked for, UTC.
        started_at, ended_at: likewise; None before.
        step: the last step done; 0 before the first.
        steps: how many the whole run has; None until that is known.
        losses: weighted losses of the last step (content, style, tv, total).
        seconds: painted so far.
        size: (height, width) in px of the finished picture; None until it is known.
        error: why it failed; None if it did not.
        cancel_asked: whether its worker shall stop.
        notes: what a person may not expect of the run, in a sentence each.
    """

    id: str
    state: str
    settings: dict[str, Any]
    inputs: dict[str, str]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    step: int
    steps: int | None
    losses: dict[str, float]
    seconds: float
    size: tuple[int, int] | None
    error: str | None
    cancel_asked: bool
    notes: tuple[str, ...]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """A job from the server's JSON; what it tells beyond the attributes is passed over.

        Raises:
            ServerError: it is no job.
        """
        try:
            values = {field.name: answer[field.name] for field in fields(cls)}
            for name in ("created_at", "started_at", "ended_at"):
                values[name] = values[name] and datetime.fromisoformat(values[name])
            values["size"] = values["size"] and tuple(values["size"])
            values["notes"] = tuple(values["notes"])
        except (KeyError, TypeError, ValueError):
            raise ServerError(
                "the server's answer is not a job of impasto's: check its address and version"
            ) from None
        return cls(**values)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in State.ends()
