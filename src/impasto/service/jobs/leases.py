"""Who may work on a job: a worker claims it for a while, and keeps it by beating in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from impasto.errors import JobStateError
from impasto.service.jobs.model import State
from impasto.service.jobs.sql import sa
from impasto.service.jobs.tables import jobs

__all__ = ["MAX_ATTEMPTS", "candidate", "claim", "release", "renew"]

MAX_ATTEMPTS = 3
NOBODY: dict[str, Any] = {"worker": None, "lease_until": None}


def candidate(now: datetime) -> sa.Select[Any]:
    """The oldest job that nobody works on: queued, or its worker's lease has ended."""
    forsaken = (jobs.c.state == State.RUNNING) & (jobs.c.lease_until <= now)
    return (
        sa.select(jobs)
        .where((jobs.c.state == State.QUEUED) | forsaken)
        .order_by(jobs.c.number)
        .limit(1)
    )


def claim(connection: sa.Connection, worker: str, lease_s: float, now: datetime) -> str | None:
    """Take the oldest job that nobody works on.

    Those that were cancelled while their worker was dead, or whose workers died too often, come
    to their end on the way.

    Args:
        connection: in a transaction that writes.
        worker: a name nobody else has.
        lease_s: seconds it may go without a beat.
        now: UTC.

    Returns:
        The job's id; None if there is nothing to do.
    """
    # Rows another worker is just claiming are passed over, where a database has such locks.
    oldest = candidate(now).with_for_update(skip_locked=True)
    while (row := connection.execute(oldest).mappings().first()) is not None:
        if row["cancel_asked"]:
            _end(connection, row["id"], State.CANCELLED, now)
        elif row["attempts"] >= MAX_ATTEMPTS:
            _end(connection, row["id"], State.FAILED, now, error=_worn_out(row["attempts"]))
        else:
            _update(
                connection,
                row["id"],
                state=State.RUNNING,
                worker=worker,
                lease_until=now + timedelta(seconds=lease_s),
                attempts=row["attempts"] + 1,
                started_at=row["started_at"] or now,
            )
            return str(row["id"])
    return None


def renew(
    connection: sa.Connection,
    id: str,
    worker: str,
    lease_s: float,
    now: datetime,
    told: dict[str, Any],
) -> bool:
    """Keep a job for longer, and say how far it is.

    Args:
        connection, worker, lease_s, now: as for `claim`.
        id: of the job.
        told: columns and their new values.

    Returns:
        Whether it shall be cancelled.

    Raises:
        JobStateError: another worker has it, or it has ended.
    """
    until = now + timedelta(seconds=lease_s)
    _change(connection, id, worker, {"lease_until": until, **told})
    asked = sa.select(jobs.c.cancel_asked).where(jobs.c.id == id)
    return bool(connection.execute(asked).scalar_one())


def release(
    connection: sa.Connection, id: str, worker: str, state: State, now: datetime, **told: Any
) -> None:
    """Let go of a job, at its end or to be taken up by another worker.

    Args:
        connection, id, worker, now: as for `renew`.
        state: what it is from now on.
        **told: columns and their new values.

    Raises:
        JobStateError: another worker has it, or it has ended.
    """
    if state.ended:
        told["ended_at"] = now
    _change(connection, id, worker, {"state": state, **NOBODY, **told})


def _change(connection: sa.Connection, id: str, worker: str, told: dict[str, Any]) -> None:
    """Change a job only if `worker` has it."""
    mine = (jobs.c.id == id) & (jobs.c.worker == worker) & (jobs.c.state == State.RUNNING)
    if connection.execute(sa.update(jobs).where(mine).values(**told)).rowcount == 0:
        raise JobStateError(
            f"job {id} is no longer {worker}'s: its lease ended and another took it up, or it "
            "has ended; leave it alone"
        )


def _end(
    connection: sa.Connection, id: str, state: State, now: datetime, error: str | None = None
) -> None:
    _update(connection, id, state=state, ended_at=now, error=error, **NOBODY)


def _update(connection: sa.Connection, id: str, **values: Any) -> None:
    connection.execute(sa.update(jobs).where(jobs.c.id == id).values(**values))


def _worn_out(attempts: int) -> str:
    return (
        f"the process that painted it died {attempts} times; most often memory ran out: free "
        "some, or ask for a smaller size"
    )
