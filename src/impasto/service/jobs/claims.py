"""The store's side for workers: claim a job, keep it, let go of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from impasto.service.jobs import leases
from impasto.service.jobs.database import Database
from impasto.service.jobs.model import Job, State
from impasto.service.jobs.rows import jobs_of, row_of
from impasto.service.jobs.sql import sa
from impasto.service.jobs.tables import jobs

__all__ = ["LEASE_S", "Claims"]

LEASE_S = 15.0


class Claims:
    """What workers do with the store; a part of `Store`.

    A worker holds a job by a lease, which ends unless it beats in time; then another may take the
    job up. All that a worker tells counts only while it holds the job.
    """

    _database: Database

    def claim(self, worker: str, lease_s: float = LEASE_S) -> Job | None:
        """Take the oldest job that waits, or whose worker's lease has ended.

        A job that was begun three times and never given back is failed instead.

        Args:
            worker: a name nobody else has, not even the same worker at another job.
            lease_s: seconds until the first beat, at most.

        Returns:
            The job, which is running now; None if there is nothing to do.
        """
        with self._database.reading() as connection:  # most often there is nothing: no lock
            now = self._database.now(connection)
            if connection.execute(leases.candidate(now)).first() is None:
                return None
        with self._database.writing() as connection:
            now = self._database.now(connection)
            id = leases.claim(connection, worker, lease_s, now)
            return None if id is None else jobs_of(connection, [row_of(connection, id)])[0]

    def beat(
        self,
        id: str,
        worker: str,
        lease_s: float = LEASE_S,
        *,
        step: int | None = None,
        steps: int | None = None,
        losses: dict[str, float] | None = None,
        seconds: float | None = None,
        size: tuple[int, int] | None = None,
        notes: Sequence[str] | None = None,
        threads: int | None = None,
    ) -> bool:
        """Keep a job for longer, and tell how far it is; what is None stays as it was.

        Args:
            id: of the job.
            worker: what it was claimed as.
            lease_s: seconds until the next beat, at most.
            step, steps, losses, seconds, size, notes, threads: as in `Job`.

        Returns:
            Whether it shall be cancelled.

        Raises:
            JobStateError: its lease ended and another worker has it, or it has ended.
        """
        told = {
            "step": step,
            "steps": steps,
            "losses": losses,
            "seconds": seconds,
            "height": size and size[0],
            "width": size and size[1],
            "notes": None if notes is None else list(notes),
            "threads": threads,
        }
        told = {name: value for name, value in told.items() if value is not None}
        with self._database.writing() as connection:
            now = self._database.now(connection)
            return leases.renew(connection, id, worker, lease_s, now, told)

    def cancel_asked(self, id: str) -> bool:
        """Whether a job shall be cancelled: a mere look, cheap enough for every step.

        Raises:
            UnknownJobError: there is none with this id.
        """
        with self._database.reading() as connection:
            asked = sa.select(jobs.c.cancel_asked).where(jobs.c.id == id)
            found = connection.execute(asked).scalar()
            return bool(row_of(connection, id)["cancel_asked"] if found is None else found)

    def finish(self, id: str, worker: str, *, seconds: float) -> None:
        """Its picture is there. Raises as `beat` does, and so do the next three."""
        self._release(id, worker, State.FINISHED, seconds=seconds)

    def fail(self, id: str, worker: str, error: str) -> None:
        """It cannot be painted; `error` says why in one short paragraph."""
        self._release(id, worker, State.FAILED, error=error)

    def cancelled(self, id: str, worker: str) -> None:
        """It was stopped, as was asked."""
        self._release(id, worker, State.CANCELLED)

    def give_back(self, id: str, worker: str) -> None:
        """The worker has to end: another may take the job up at once, and it was no attempt.

        If it shall be cancelled, it is cancelled now.
        """
        with self._database.writing() as connection:
            now = self._database.now(connection)
            row = row_of(connection, id, locked=True)
            if row["cancel_asked"]:
                leases.release(connection, id, worker, State.CANCELLED, now)
                return
            fewer = max(0, row["attempts"] - 1)
            leases.release(connection, id, worker, State.QUEUED, now, attempts=fewer)

    def _release(self, id: str, worker: str, state: State, **told: Any) -> None:
        with self._database.writing() as connection:
            now = self._database.now(connection)
            leases.release(connection, id, worker, state, now, **told)
