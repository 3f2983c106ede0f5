"""The tables as they are now; `migrations/` says how they came about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from impasto.service.jobs.model import Job, State
from impasto.service.jobs.sql import sa

__all__ = ["inputs", "job_of", "jobs", "metadata"]


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


metadata = sa.MetaData()

jobs = sa.Table(
    "jobs",
    metadata,
    # Ids are random, and two jobs may have the same time: the number is the order they came in.
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("id", sa.String(32), nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("settings", sa.JSON, nullable=False),
    sa.Column("created_at", Utc, nullable=False),
    sa.Column("started_at", Utc),
    sa.Column("ended_at", Utc),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("steps", sa.Integer),
    sa.Column("losses", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("height", sa.Integer),
    sa.Column("width", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("threads", sa.Integer),
    sa.Column("client", sa.Text, nullable=False),
    sa.Column("cancel_asked", sa.Boolean, nullable=False),
    sa.Column("notes", sa.JSON, nullable=False),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", Utc),
    sa.Index("jobs_by_state", "state", "number"),
    sa.Index("jobs_by_client", "client", "state"),
)

inputs = sa.Table(
    "inputs",
    metadata,
    sa.Column("job", sa.String(32), sa.ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Index("inputs_by_upload", "sha256"),
)


def job_of(row: sa.RowMapping, given: Mapping[str, str]) -> Job:
    """A job from its row.

    Args:
        row: of `jobs`, by column.
        given: SHA-256 by role, in order.
    """
    size = None if row["height"] is None else (row["height"], row["width"])
    return Job(
        state=State(row["state"]),
        inputs=dict(given),
        size=size,
        notes=tuple(row["notes"]),
        **{
            name: row[name]
            for name in (
                "id",
                "settings",
                "created_at",
                "started_at",
                "ended_at",
                "step",
                "steps",
                "losses",
                "seconds",
                "error",
                "attempts",
                "threads",
                "client",
                "cancel_asked",
            )
        },
    )
