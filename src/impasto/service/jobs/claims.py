"""The store's side for workers: claim a job, keep it by beating in time, let go of it.

A worker that dies beats no more. Once its lease of `LEASE_S` has run out any worker claims the job
again, as another attempt, and goes on from its checkpoint (`runner.py`); after `MAX_ATTEMPTS` the
job has failed. The process itself is replaced by the supervisor (`supervisor.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from impasto.errors import JobStateError, UnknownJobError
from impasto.service.contract import State
from impasto.service.jobs.database import Database
from impasto.service.jobs.files import Folder
from impasto.service.jobs.tables import Job

__all__ = ["LEASE_S", "MAX_ATTEMPTS", "Claims", "stored_job"]

LEASE_S = 15.0
MAX_ATTEMPTS = 3


def stored_job(session: Session, id: str, *, locked: bool = False) -> Job:
    """The job with an id.

    Args:
        session: in a transaction.
        id: of the job.
        locked: keep others from changing it until the transaction ends, where a database has
            such locks; with SQLite a writer is alone anyway.

    Raises:
        UnknownJobError: there is no such job.
    """
    query = sa.select(Job).where(Job.id == id)
    job = session.scalar(query.with_for_update() if locked else query)
    if job is None:
        raise UnknownJobError(
            f"there is no job {id[:80]!r}: it was removed, or its id is mistyped; list the jobs "
            "to see which there are"
        )
    return job


class Claims:
    """What workers do with the store; a part of `Store`.

    A worker holds a job by a lease, which ends unless it beats in time; then another may take the
    job up. All that a worker tells counts only while it holds the job.
    """

    _database: Database
    folder: Folder

    def claim(self, worker: str, lease_s: float = LEASE_S) -> Job | None:
        """Take the oldest job that waits, or whose worker's lease has ended.

        Those that were cancelled while their worker was dead, or that were begun three times and
        never given back, come to their end on the way.

        Args:
            worker: a name nobody else has, not even the same worker at another job.
            lease_s: seconds until the first beat, at most.

        Returns:
            The job, which is running now; None if there is nothing to do.
        """
        with self._database.reading() as session:  # most often there is nothing: no lock
            if session.scalar(_oldest_free(self._database.now(session))) is None:
                return None
        ended: list[str] = []
        job = self._claim(worker, lease_s, ended)
        for id in ended:
            self.folder.remove_checkpoints(id)
        return job

    def _claim(self, worker: str, lease_s: float, ended: list[str]) -> Job | None:
        """The same; `ended` takes the ids of those that come to their end on the way."""
        with self._database.writing() as session:
            now = self._database.now(session)
            # Rows another worker is just claiming are passed over, where a database has locks.
            oldest = _oldest_free(now).with_for_update(skip_locked=True)
            while (job := cast("Job | None", session.scalar(oldest))) is not None:
                if job.cancel_asked:
                    job.end(State.CANCELLED, now)
                    ended.append(job.id)
                elif job.attempts >= MAX_ATTEMPTS:
                    job.end(State.FAILED, now, _worn_out(job.attempts))
                    ended.append(job.id)
                else:
                    job.state, job.worker = State.RUNNING, worker
                    job.lease_until = now + timedelta(seconds=lease_s)
                    job.attempts += 1
                    job.started_at = job.started_at or now
                    return job
            return None

    def beat(
        self,
        id: str,
        worker: str,
        lease_s: float = LEASE_S,
        *,
        step: int | None = None,
        steps: int | None = None,
        losses: Mapping[str, float] | None = None,
        seconds: float | None = None,
        size: tuple[int, int] | None = None,
        notes: Sequence[str] | None = None,
        threads: int | None = None,
        precision: str | None = None,
    ) -> bool:
        """Keep a job for longer, and tell how far it is; what is None stays as it was.

        Args:
            id: of the job.
            worker: what it was claimed as.
            lease_s: seconds until the next beat, at most.
            step, steps, losses, seconds, size, notes, threads, precision: as in `Job`.

        Returns:
            Whether it shall be cancelled.

        Raises:
            JobStateError: its lease ended and another worker has it, or it has ended.
        """
        progress = {
            "step": step,
            "steps": steps,
            "losses": None if losses is None else dict(losses),
            "seconds": seconds,
            "height": size and size[0],
            "width": size and size[1],
            "notes": None if notes is None else list(notes),
            "threads": threads,
            "precision": precision,
        }
        with self._held(id, worker) as (job, now):
            job.lease_until = now + timedelta(seconds=lease_s)
            for name, value in progress.items():
                if value is not None:
                    setattr(job, name, value)
            return job.cancel_asked

    def cancel_asked(self, id: str) -> bool:
        """Whether a job shall be cancelled: a mere look, cheap enough for every step.

        Raises:
            UnknownJobError: there is none with this id.
        """
        with self._database.reading() as session:
            cancel = session.scalar(sa.select(Job.cancel_asked).where(Job.id == id))
            return stored_job(session, id).cancel_asked if cancel is None else cancel

    def finish(self, id: str, worker: str, *, seconds: float) -> None:
        """Its picture is there. Raises as `beat` does, and so do the next three."""
        with self._held(id, worker) as (job, now):
            job.seconds = seconds
            job.end(State.FINISHED, now)

    def fail(self, id: str, worker: str, error: str) -> None:
        """It cannot be painted; `error` says why in one short paragraph."""
        with self._held(id, worker) as (job, now):
            job.end(State.FAILED, now, error)

    def cancelled(self, id: str, worker: str) -> None:
        """It was stopped, as was asked."""
        with self._held(id, worker) as (job, now):
            job.end(State.CANCELLED, now)

    def give_back(self, id: str, worker: str) -> None:
        """The worker has to end: another may take the job up at once, and it was no attempt.

        If it shall be cancelled, it is cancelled now.
        """
        with self._held(id, worker) as (job, now):
            cancelled = job.cancel_asked
            if cancelled:
                job.end(State.CANCELLED, now)
            else:
                job.state, job.worker, job.lease_until = State.QUEUED, None, None
                job.attempts = max(0, job.attempts - 1)
        if cancelled:
            self.folder.remove_checkpoints(id)

    @contextmanager
    def _held(self, id: str, worker: str) -> Iterator[tuple[Job, datetime]]:
        """A job that `worker` has, to be changed, and the time."""
        mine = (Job.id == id) & (Job.worker == worker) & (Job.state == State.RUNNING)
        with self._database.writing() as session:
            job = session.scalar(sa.select(Job).where(mine).with_for_update())
            if job is None:
                raise JobStateError(
                    f"job {id} is no longer {worker}'s: its lease ended and another took it up, "
                    "or it has ended; leave it alone"
                )
            yield job, self._database.now(session)


def _oldest_free(now: datetime) -> sa.Select[Any]:
    """The oldest job that nobody works on: queued, or its worker's lease has ended."""
    forsaken = (Job.state == State.RUNNING) & (Job.lease_until <= now)
    waiting = Job.state == State.QUEUED
    return sa.select(Job).where(waiting | forsaken).order_by(Job.number).limit(1)


def _worn_out(attempts: int) -> str:
    return (
        f"the process that painted it died {attempts} times; most often memory ran out: free "
        "some, or ask for a smaller size"
    )
