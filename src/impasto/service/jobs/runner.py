"""How a worker paints one job: read this file and you have seen the whole of it."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from impasto.errors import (
    CheckpointError,
    ImpastoError,
    JobStateError,
    NonFiniteError,
    unexpected,
)
from impasto.events import Finished, Preview, Started, Step
from impasto.service.jobs.heartbeat import Heartbeat
from impasto.service.jobs.job_directory import Desk
from impasto.service.jobs.job_inputs import begun, named, taken_up
from impasto.service.jobs.model import Job
from impasto.service.jobs.store import Store
from impasto.signals import Stop

if TYPE_CHECKING:
    from impasto.methods.optimization.checkpoint import Checkpoint
    from impasto.methods.protocol import Run

__all__ = ["paint_job"]

LOOK_S = 0.5


class _CancelledError(Exception):
    """Whoever asked for the job does not want it any more."""


class _StoppedError(Exception):
    """The worker has to end."""


def paint_job(
    store: Store,
    job: Job,
    worker: str,
    *,
    device: str,
    threads: int,
    lease_s: float,
    beat_s: float,
    stop: Stop,
) -> bool:
    """Paint a job to its end, whatever that is; what goes wrong with it is told to the store.

    Args:
        store, job: claimed from it.
        worker: what it was claimed as.
        device: where to compute; "auto" leaves it to the job.
        threads: CPU threads, at most, of a job that begins; one that goes on has its own.
        lease_s, beat_s: as for `Heartbeat`.
        stop: looked at between steps; then the job is given back, to go on from where it was.

    Returns:
        Whether this process is fit to paint another: not after a failure nobody foresaw.

    Raises:
        OutputError: the database cannot be reached any more; another worker will take the job up.
    """
    fit = True
    desk = Desk(store.folder.job(job.id))
    with Heartbeat(store, job, worker, lease_s=lease_s, beat_s=beat_s) as heart:
        try:
            sitting = _Sitting(store, job, desk, heart, stop)
            seconds = sitting.paint(device, threads)
            heart.insist(lambda: store.finish(job.id, worker, seconds=seconds))
            desk.forget()
        except JobStateError:
            pass  # another worker has it: everything stays as that one wants it
        except _StoppedError:
            _insist(heart, lambda: store.give_back(job.id, worker))
        except _CancelledError:
            desk.end("cancelled", {"step": len(desk.steps)})
            _insist(heart, lambda: store.cancelled(job.id, worker))
        except Exception as error:
            fit = isinstance(error, ImpastoError)
            if isinstance(error, NonFiniteError) and error.result is not None:
                desk.rescue(error.result.picture)
            reason = named(_reason(error), store.folder, job)
            desk.end("failed", {"error": reason, "kind": type(error).__name__})
            _insist(heart, lambda: store.fail(job.id, worker, reason))
        finally:
            desk.close()
    return fit


class _Sitting:
    """One attempt at a job."""

    def __init__(self, store: Store, job: Job, desk: Desk, heart: Heartbeat, stop: Stop) -> None:
        self._folder, self._job = store.folder, job
        self._desk, self._heart, self._stop = desk, heart, stop
        self._looked_at = 0.0

    def paint(self, device: str, threads: int) -> float:
        """Go on from the checkpoint, or begin; the seconds it took in all."""
        state = self._desk.checkpoint()
        if state is not None:
            with suppress(CheckpointError):  # weights or code have changed since: begin anew
                painting = taken_up(
                    self._folder, self._job, state, device=device, on_fetch=self._fetching
                )
                return self._run(painting, state)
        painting = begun(
            self._folder, self._job, device=device, threads=threads, on_fetch=self._fetching
        )
        return self._run(painting, None)

    def _run(self, painting: Run, state: Checkpoint | None) -> float:
        """Listen to a painting until it is finished."""
        self._heart.tell(now=True)
        self._desk.open(painting, state)
        for event in painting:
            if isinstance(event, Started):
                self._begin(painting, event)
            elif isinstance(event, Step):
                self._step(painting, event)
            elif isinstance(event, Preview):
                self._desk.preview(event)
            elif isinstance(event, Finished):
                self._finish(painting, event)
        return painting.seconds

    def _begin(self, painting: Run, event: Started) -> None:
        notes = tuple(named(note, self._folder, self._job) for note in event.notes)
        self._heart.tell(
            now=True,
            steps=event.steps,
            size=painting.shape,
            notes=notes,
            threads=event.threads,
        )
        self._desk.started(replace(event, notes=notes))
        self._look()

    def _step(self, painting: Run, event: Step) -> None:
        self._heart.tell(step=event.step, losses=event.losses, seconds=event.seconds)
        self._desk.step(event)
        if self._stop.asked:
            self._desk.keep(painting)
        self._look()
        self._desk.keep_if_due(painting)

    def _finish(self, painting: Run, event: Finished) -> None:
        last = self._desk.steps[-1].losses if self._desk.steps else {}
        self._heart.tell(now=True, step=event.step, losses=last, seconds=event.seconds)
        self._desk.finish(painting, event)

    def _look(self) -> None:
        """Leave, if that is wished."""
        if self._heart.cancel_asked():
            raise _CancelledError
        if self._stop.asked:
            raise _StoppedError

    def _fetching(self, here: int, total: int | None) -> None:  # noqa: ARG002 - how far it is
        if time.monotonic() - self._looked_at >= LOOK_S:
            self._looked_at = time.monotonic()
            self._look()


def _insist(heart: Heartbeat, call: Callable[[], object]) -> None:
    with suppress(JobStateError):
        heart.insist(call)


def _reason(error: Exception) -> str:
    if isinstance(error, ImpastoError):
        return str(error)
    traceback.print_exception(error, file=sys.stderr)
    return unexpected(error, "what the worker printed shows where it happened")
