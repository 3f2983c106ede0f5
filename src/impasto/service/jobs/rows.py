"""From rows to jobs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impasto.errors import UnknownJobError
from impasto.service.jobs.model import Job
from impasto.service.jobs.sql import sa
from impasto.service.jobs.tables import inputs, job_of, jobs

__all__ = ["is_there", "jobs_of", "row_of"]


def row_of(connection: sa.Connection, id: str, *, locked: bool = False) -> sa.RowMapping:
    """The row of a job.

    Args:
        connection: in a transaction.
        id: of the job.
        locked: keep others from changing it until the transaction ends, where a database has
            such locks; with SQLite a writer is alone anyway.

    Raises:
        UnknownJobError: there is no such job.
    """
    wanted = sa.select(jobs).where(jobs.c.id == id)
    if locked:
        wanted = wanted.with_for_update()
    row = connection.execute(wanted).mappings().first()
    if row is None:
        raise UnknownJobError(
            f"there is no job {id[:80]!r}: it was removed, or its id is mistyped; list the jobs "
            "to see which there are"
        )
    return row


def jobs_of(connection: sa.Connection, rows: Sequence[sa.RowMapping]) -> list[Job]:
    """Jobs of rows, in their order."""
    given: dict[str, dict[str, str]] = {row["id"]: {} for row in rows}
    wanted = sa.select(inputs).where(inputs.c.job.in_(given)).order_by(inputs.c.position)
    for used in connection.execute(wanted).mappings():
        given[used["job"]][used["role"]] = used["sha256"]
    return [job_of(row, given[row["id"]]) for row in rows]


def is_there(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> bool:
    """Whether any row meets a condition."""
    found: Any = connection.execute(sa.select(sa.literal(1)).where(condition).limit(1)).first()
    return found is not None
