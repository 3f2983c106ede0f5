"""The tables as they are now, as declarative dataclasses; `migrations/` says how they came about.

A `Job` that the store hands out belongs to no session: it is plain data, and changing it changes
nothing in the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from impasto.service.contract import PAINTING, FilmOptions, JobOut, State
from impasto.service.jobs.film_work import FilmWork
from impasto.settings import StyleSettings, from_stored

__all__ = ["Base", "Job", "JobInput"]


class Utc(sa.types.TypeDecorator[datetime]):
    """A time in UTC; SQLite forgets zones, so that they are put back here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Any) -> datetime | None:  # noqa: ARG002
        if not isinstance(value, datetime):
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(orm.MappedAsDataclass, orm.DeclarativeBase):
    """What all tables share."""

    type_annotation_map: ClassVar = {
        datetime: Utc,
        State: sa.Enum(
            State, native_enum=False, length=16, values_callable=lambda states: list(states)
        ),
        dict[str, Any]: sa.JSON,
        dict[str, float]: sa.JSON,
        list[str]: sa.JSON,
    }


class JobInput(Base, kw_only=True):
    """Which job uses which upload.

    Attributes:
        job: id of the job.
        position: its place among the job's inputs, from 0.
        role: as `impasto.task.Role` writes it.
        sha256: of the upload, 64 hexadecimal digits.
    """

    __tablename__ = "inputs"
    __table_args__ = (sa.Index("inputs_by_upload", "sha256"),)

    job: Mapped[str] = mapped_column(
        sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, init=False
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.String(64))

    @classmethod
    def rows(cls, inputs: Mapping[str, str]) -> list[JobInput]:
        """The rows of a job's inputs: SHA-256 by role, in order."""
        return [
            cls(position=position, role=role, sha256=sha256)
            for position, (role, sha256) in enumerate(inputs.items())
        ]


class Job(Base, kw_only=True):
    """Something to make, and how far it is.

    Attributes:
        number: the order jobs came in: ids are random, and two jobs may have the same time.
        id: 32 hexadecimal digits; the only name of it that ever becomes a path.
        kind: what is made, see `contract.KINDS`.
        state: where it stands.
        settings: as `impasto.settings.to_stored` gives them; read them with `style_settings`.
        created_at: when it was asked for, UTC.
        started_at: when it was begun for the first time; None while it never was.
        ended_at: when it came to its end; None before.
        step: the last step done, of all scales, or the last frame; 0 before the first.
        steps: how many the whole run has; None until that is known.
        losses: weighted losses of the last step, by name; empty before.
        seconds: painted so far, pauses left out.
        height, width: of the finished picture in px; None until they are known.
        error: why it failed, in one short paragraph; None if it did not.
        attempts: how many times it was begun and not given back.
        threads: CPU threads it was begun with, so that going on gives the same bytes.
        precision: that it was begun in, for the same reason.
        client: who asked for it; what limits count by.
        cancel_asked: whether the worker that has it shall stop.
        notes: what a person may not expect of the run, in a sentence each.
        film_work: of a video what was asked beside the settings, as `FilmWork` gives it; else None.
        options: of what is arranged, its options by name; else None.
        plan: of a painting that was asked for in words, what they came to; else None.
        worker: who works on it; None if nobody does.
        lease_until: until when that worker has it, unless it beats.
        uploads: its inputs, in order.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        sa.Index("jobs_by_state", "state", "number"),
        sa.Index("jobs_by_client", "client", "state"),
    )

    number: Mapped[int] = mapped_column(
        sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, init=False
    )
    id: Mapped[str] = mapped_column(sa.String(32), unique=True)
    # A default of the server too: a 0.1.0 that runs while another migrates still adds its jobs.
    kind: Mapped[str] = mapped_column(sa.String(16), default=PAINTING, server_default=PAINTING)
    state: Mapped[State] = mapped_column(default=State.QUEUED)
    settings: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int | None] = mapped_column(default=None)
    losses: Mapped[dict[str, float]] = mapped_column(default_factory=dict)
    seconds: Mapped[float] = mapped_column(sa.Float, default=0.0)
    height: Mapped[int | None] = mapped_column(default=None)
    width: Mapped[int | None] = mapped_column(default=None)
    error: Mapped[str | None] = mapped_column(sa.Text, default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    threads: Mapped[int | None] = mapped_column(default=None)
    precision: Mapped[str | None] = mapped_column(sa.String(16), default=None)
    client: Mapped[str] = mapped_column(sa.Text, default="")
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[list[str]] = mapped_column(default_factory=list)
    film_work: Mapped[dict[str, Any] | None] = mapped_column(
        "film", sa.JSON(none_as_null=True), default=None
    )
    options: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), default=None)
    plan: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), default=None)
    worker: Mapped[str | None] = mapped_column(sa.Text, default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    uploads: Mapped[list[JobInput]] = orm.relationship(
        order_by=JobInput.position,
        lazy="selectin",
        cascade="all, delete-orphan",
        default_factory=list,
    )

    @property
    def inputs(self) -> dict[str, str]:
        """SHA-256 of each upload by role, in order."""
        return {upload.role: upload.sha256 for upload in self.uploads}

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width) of the finished picture in px; None until it is known."""
        if self.height is None or self.width is None:
            return None
        return self.height, self.width

    @property
    def recipe(self) -> str:
        """The recipe its settings start from."""
        return str(self.settings.get("recipe", "default"))

    @property
    def strength(self) -> float | None:
        """Of its settings; None where they give weights instead."""
        return self.settings.get("strength")

    @property
    def film(self) -> FilmOptions | None:
        """Of a video, which part of it is painted, and how."""
        return None if self.film_work is None else FilmWork.from_json(self.film_work).options

    def style_settings(self) -> StyleSettings:
        """Its settings, whichever version wrote them.

        Raises:
            SettingError: a later version wrote them, or they are damaged.
        """
        return from_stored(self.settings)

    def to_out(self) -> JobOut:
        """What of it is for everybody: not who asked for it, nor the machine.

        Beside the settings stands what the store keeps for itself; that stays out.
        """
        return JobOut.model_validate(self).model_copy(
            update={
                "settings": {
                    n: v for n, v in self.settings.items() if n in StyleSettings.model_fields
                }
            }
        )

    def end(self, state: State, now: datetime, error: str | None = None) -> None:
        """Come to an end, in a session; nobody works on it any more.

        Args:
            state: one of the ends.
            now: UTC.
            error: why it failed.
        """
        self.state, self.ended_at = state, now
        self.error = error
        self.worker = self.lease_until = None
