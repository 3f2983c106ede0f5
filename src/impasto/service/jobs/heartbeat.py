"""Keeps a job while it is painted: a thread beats, and the painter asks between steps."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Self

from impasto.errors import JobStateError, OutputError
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job

__all__ = ["Heartbeat"]

REPORT_S = 0.5
RETRY_S = 0.5


class Heartbeat:
    """The lease of one job. Use as a context: the thread ends with it.

    Args:
        store, job: claimed from it.
        worker: what it was claimed as.
        lease_s: seconds after the last beat at which another may take the job up.
        beat_s: seconds between two beats.
    """

    def __init__(
        self, store: Store, job: Job, worker: str, *, lease_s: float, beat_s: float
    ) -> None:
        self._store, self._id, self._worker = store, job.id, worker
        self._lease_s, self._beat_s = lease_s, beat_s
        self._last = time.monotonic()
        self._last_report = 0.0
        self._lost: JobStateError | None = None
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _beat_on(self) -> None:
        while not self._end.wait(self._beat_s):
            try:
                self._beat({})
            except JobStateError as error:
                self._lost = error
                return
            except OutputError:
                pass  # the database is away: the painter waits for it before it writes anything

    def _beat(self, progress: dict[str, Any]) -> None:
        start = time.monotonic()  # the lease may have been renewed as early as that
        self._store.beat(self._id, self._worker, self._lease_s, **progress)
        self._last = start

    def report(self, *, now: bool = False, **progress: Any) -> None:
        """Say how far the job is, unless it was said just now, and see that it is still ours.

        Nothing of the job may be written to disk except after this has come back.

        Args:
            now: say it in any case.
            **progress: as for `Store.beat`.

        Raises:
            JobStateError: another worker has the job.
        """
        due = time.monotonic() - self._last_report >= REPORT_S
        if now or due or time.monotonic() - self._last > self._lease_s / 2:
            self.insist(lambda: self._beat(progress))
            self._last_report = time.monotonic()
        if self._lost is not None:
            raise self._lost

    def cancel_asked(self) -> bool:
        """Whether the job shall be cancelled; no, if the database is away just now."""
        try:
            return self._store.cancel_asked(self._id)
        except OutputError:
            return False

    def insist(self, call: Callable[[], object]) -> None:
        """Do something with the database, as soon as it can be reached.

        Raises:
            JobStateError: another worker has the job.
            OutputError: the database is away for four times the lease: others will see to the job.
        """
        until = time.monotonic() + 4 * self._lease_s
        while True:
            try:
                call()
                return
            except OutputError:
                if time.monotonic() > until:
                    raise
                time.sleep(RETRY_S)
