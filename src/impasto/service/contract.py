"""What server, worker, client and page agree on: states, the job as JSON, and its events.

All of it is written here once. Nothing here knows a database, a web framework or torch.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from impasto import arrangements
from impasto.events import Event
from impasto.reports.log import event_from_record, event_to_record
from impasto.settings.resolve import setting_error

__all__ = [
    "EVENT_NAMES",
    "KINDS",
    "PAINTING",
    "VIDEO",
    "FilmOptions",
    "JobEvent",
    "JobList",
    "JobOut",
    "State",
    "path_of",
]

# Jobs

PAINTING, VIDEO = "painting", "video"
# Of jobs that this version knows; a reader lets others pass.
KINDS = (PAINTING, VIDEO, *arrangements.KINDS)


def path_of(kind: str) -> str:
    """Where a job of a kind is posted.

    Example:
        >>> [path_of(kind) for kind in ("painting", "video", "doodle")]
        ['/api/jobs', '/api/films', '/api/doodles']
    """
    return {PAINTING: "/api/jobs", VIDEO: "/api/films"}.get(kind, f"/api/{kind}s")


class State(StrEnum):
    """Where a job stands; the last three are ends.

    Example:
        >>> State("failed").ended, State.RUNNING.ended
        (True, False)
        >>> [str(state) for state in State.ends()]
        ['finished', 'failed', 'cancelled']
    """

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self not in (State.QUEUED, State.RUNNING)

    @classmethod
    def ends(cls) -> tuple[State, ...]:
        """The states that a job never leaves."""
        return tuple(state for state in cls if state.ended)


_ID = "0f8fad5bd9cb469fa16570867728950e"
_EXAMPLE: dict[str, Any] = {
    "id": _ID,
    "kind": PAINTING,
    "state": "running",
    "recipe": "default",
    "strength": 0.5,
    "settings": {"recipe": "default", "strength": 0.5, "steps": 130, "size": 512},
    "film": None,
    "options": None,
    "plan": None,
    "inputs": {"content": "9f86d0…", "style": "60303a…"},
    "created_at": "2026-01-02T03:04:05Z",
    "started_at": "2026-01-02T03:04:06Z",
    "ended_at": None,
    "step": 40,
    "steps": 130,
    "losses": {"content": 0.41, "style": 0.62, "tv": 0.01, "total": 1.04},
    "seconds": 6.5,
    "size": None,
    "error": None,
    "attempts": 1,
    "cancel_asked": False,
    "notes": [],
}


class FilmOptions(BaseModel):
    """Which part of a film is painted, and how; the rest is said by the settings.

    Example:
        >>> FilmOptions(start=2).span(10.0)
        8.0
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    start: float = Field(0.0, ge=0, le=1e6, description="Where it begins, in seconds.")
    end: float | None = Field(
        None, gt=0, le=1e6, description="Where it ends, in seconds; null for the film's own end."
    )
    fps: float | None = Field(
        None, ge=0.1, le=240, description="Frames a second; null for the film's own."
    )
    sound: bool = Field(True, description="Whether its sound goes along.")

    @classmethod
    def of(cls, **values: Any) -> Self:
        """Options that are checked.

        Raises:
            SettingError: one is out of its range.

        Example:
            >>> FilmOptions.of(start=-1)
            Traceback (most recent call last):
            ...
            impasto.errors.SettingError: start is -1: give a number from 0 to 1000000
        """
        try:
            return cls(**values)
        except ValidationError as error:
            raise setting_error(error, cls.model_fields) from None

    def span(self, seconds: float) -> float:
        """How many seconds are painted of a film.

        Args:
            seconds: how long it is; 0 where its file does not say.

        Returns:
            At least 0; 0 where neither the film nor the options say its end.
        """
        ends = min(self.end or seconds, seconds or self.end or 0.0)
        return max(0.0, ends - self.start)


class JobOut(BaseModel):
    """A job as everybody sees it: not who asked for it, nor the machine.

    It is made from a job of the store (`JobOut.model_validate(job)`) and from a server's JSON
    (`JobOut.model_validate_json(text)`); what that has beyond these fields is passed over.

    Example:
        >>> from datetime import UTC
        >>> job = JobOut(id="0" * 32, state="queued", settings={}, created_at=datetime.now(UTC))
        >>> job.kind, job.ended, job.recipe
        ('painting', False, 'default')
    """

    model_config = ConfigDict(
        frozen=True, from_attributes=True, json_schema_extra={"examples": [_EXAMPLE]}
    )

    id: str = Field(description="32 hexadecimal digits.", pattern="^[0-9a-f]{32}$")
    kind: str = Field(PAINTING, description=f"What is made: {', '.join(KINDS)}.")
    state: State = Field(description="Where it stands; the last three are ends.")
    recipe: str = Field("default", description="The recipe its settings start from.")
    strength: float | None = Field(
        None, description="Null where the settings give weights instead."
    )
    settings: dict[str, Any] = Field(description="All settings.")
    inputs: dict[str, str] = Field({}, description="SHA-256 of each upload by role.")
    created_at: datetime
    started_at: datetime | None = Field(None, description="Null while it was never begun.")
    ended_at: datetime | None = Field(None, description="Null before its end.")
    film: FilmOptions | None = Field(None, description="Of a video, which part of it, and how.")
    options: dict[str, Any] | None = Field(
        None, description=f"Of what is arranged ({', '.join(arrangements.KINDS)}), its options."
    )
    plan: dict[str, Any] | None = Field(
        None, description="Of a painting asked for in words, what they came to."
    )
    step: int = Field(
        0, description="The last step done, of a video the last frame; 0 before the first."
    )
    steps: int | None = Field(
        None,
        description="Of the whole run, fewer once a scale ended sooner, or frames of a video; null "
        "until it is known.",
    )
    losses: dict[str, float] = Field({}, description="Weighted losses of the last step, by name.")
    seconds: float = Field(0.0, description="Painted so far.")
    size: tuple[int, int] | None = Field(None, description="(height, width) in px once known.")
    error: str | None = Field(None, description="Why it failed, in one short paragraph.")
    attempts: int = Field(0, description="How many times it was begun and not given back.")
    cancel_asked: bool = Field(False, description="Whether its worker shall stop.")
    notes: tuple[str, ...] = Field((), description="What may not be expected of it, in sentences.")

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state.ended


class JobList(BaseModel):
    """Jobs, the newest first."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"examples": [{"jobs": [_EXAMPLE], "next": _ID}]}
    )

    jobs: list[JobOut]
    next: str | None = Field(
        None, description="Where to go on, as `before`; null when these are all."
    )


# Events

# What a job tells: the events of a run, and the ends that only a job has.
EVENT_NAMES = ("started", "step", "part", "preview", *State.ends())


@dataclass(frozen=True)
class JobEvent:
    """An event of a job: a line of its log, or a server-sent event.

    Attributes:
        id: its number in the log, from 1.
        event: its name, one of `EVENT_NAMES`; a later version may have more.
        data: as JSON knows it.

    Example:
        >>> from impasto.events import Preview
        >>> event = JobEvent.of(3, Preview(5, None))
        >>> event.line()
        '{"id": 3, "event": "preview", "data": {"step": 5}}'
        >>> JobEvent.parse(event.line()) == event, event.run_event()
        (True, Preview(step=5))
    """

    id: int
    event: str
    data: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, id: int, event: Event, **more: Any) -> Self:
        """The event of a run.

        Args:
            id: its number in the log.
            event: of the run.
            **more: what else its data shall hold.
        """
        data = event_to_record(event)
        return cls(id, data.pop("event"), data | more)

    @classmethod
    def parse(cls, line: str | bytes) -> Self:
        """The event that `line` wrote.

        Raises:
            ValueError: it is none.
        """
        try:
            record = json.loads(line)
            return cls(int(record["id"]), str(record["event"]), dict(record["data"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{line[:80]!r} is no event of a job ({error})") from None

    def line(self) -> str:
        """As one line of JSON, without its end."""
        return json.dumps({"id": self.id, "event": self.event, "data": self.data})

    def run_event(self, **defaults: Any) -> Event | None:
        """The event a run at home would tell; None for one that no run tells.

        Args:
            **defaults: what its attributes are where the data lacks them.

        Raises:
            ValueError: its data lacks something, or is not of its type.
        """
        return event_from_record({**defaults, **self.data, "event": self.event})

    @property
    def ends(self) -> bool:
        """Whether it is the job's last."""
        return self.event in State.ends()
