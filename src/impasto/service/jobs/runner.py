"""How a worker paints one job, from its claim to its end: all of it is told in this file.

What becomes of the job if the worker dies on the way is told in `claims.py`.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from impasto.errors import (
    CheckpointError,
    ClusterError,
    ImpastoError,
    JobStateError,
    NonFiniteError,
    unexpected,
)
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.service.contract import VIDEO, State
from impasto.service.jobs.files import Folder
from impasto.service.jobs.film_directory import FilmDirectory
from impasto.service.jobs.film_runner import FilmAttempt
from impasto.service.jobs.heartbeat import Heartbeat
from impasto.service.jobs.job_directory import JobDirectory
from impasto.service.jobs.job_inputs import HERE, Painter, redact_paths, resume_run, start_run
from impasto.service.jobs.leaving import CancelledError, StoppedError, leave_if_asked
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.signals import Stop
from impasto.workflows.remote_painting import LostError, RemoteRun

if TYPE_CHECKING:
    from impasto.methods.checkpoint import Checkpoint
    from impasto.methods.protocol import Run

__all__ = ["paint_job"]

LOOK_S = 0.5


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
    painter: Painter = HERE,
    clip: str | None = None,
) -> bool:
    """Paint a job to its end, whatever that is; what goes wrong with it is told to the store.

    Args:
        store, job: claimed from it.
        worker: what it was claimed as.
        device: where to compute; "auto" leaves it to the job.
        threads: CPU threads, at most, of a job that begins; one that goes on has its own.
        lease_s, beat_s: as for `Heartbeat`.
        stop: looked at between steps; then the job is given back, to go on from where it was.
        painter: where pictures are painted.
        clip: the CLIP model by which words guide a painting; None where there is none.

    Returns:
        Whether this process is fit to paint another: not after a failure nobody foresaw.

    Raises:
        OutputError: the database cannot be reached any more; another worker will take the job up.
        LostError: the machine that painted is lost; the job is taken up again when its lease is
            over.
        ClusterError: the cluster cannot be reached, or has no room; the job is given back.
    """
    fit = True
    directory = _directory_of(store.folder, job)
    with Heartbeat(store, job, worker, lease_s=lease_s, beat_s=beat_s) as heart:
        try:
            attempt = _attempt_at(store.folder, job, directory, heart, stop, painter, clip)
            seconds = attempt.paint(device, threads)
            heart.insist(lambda: store.finish(job.id, worker, seconds=seconds))
            directory.remove_checkpoint()
        except JobStateError:
            pass  # another worker has it: everything stays as that one wants it
        except StoppedError:
            _insist(heart, lambda: store.give_back(job.id, worker))
        except LostError:
            raise  # an attempt: it may be the job that its machine did not bear
        except ClusterError:  # nothing is wrong with the job
            _insist(heart, lambda: store.give_back(job.id, worker))
            raise
        except CancelledError:
            directory.end(State.CANCELLED, {"step": directory.step})
            _insist(heart, lambda: store.cancelled(job.id, worker))
        except Exception as error:
            fit = isinstance(error, ImpastoError)
            if isinstance(error, NonFiniteError) and error.result is not None:
                directory.show_last_good(error.result.picture)
            reason = redact_paths(_reason(error), store.folder, job, clip)
            directory.end(State.FAILED, {"error": reason, "kind": type(error).__name__})
            _insist(heart, lambda: store.fail(job.id, worker, reason))
        finally:
            directory.close()
    return fit


def _directory_of(folder: Folder, job: Job) -> JobDirectory:
    if job.kind == VIDEO:
        return FilmDirectory(folder.job(job.id))
    return JobDirectory(folder.job(job.id))


def _attempt_at(
    folder: Folder,
    job: Job,
    directory: JobDirectory,
    heart: Heartbeat,
    stop: Stop,
    painter: Painter,
    clip: str | None,
) -> Attempt | FilmAttempt:
    if isinstance(directory, FilmDirectory):
        return FilmAttempt(folder, job, directory, heart, stop)
    return Attempt(folder, job, directory, heart, stop, painter, clip)


class Attempt:
    """One worker's attempt at a job: from its first step or its checkpoint, to its end.

    Args:
        folder: where the job's uploads lie.
        job: what to paint.
        directory: what the attempt writes goes there.
        heart: keeps the job, and says whether it shall be cancelled.
        stop: whether the worker has to end.
        painter: where it is painted.
        clip: as for `paint_job`.
    """

    def __init__(
        self,
        folder: Folder,
        job: Job,
        directory: JobDirectory,
        heart: Heartbeat,
        stop: Stop,
        painter: Painter = HERE,
        clip: str | None = None,
    ) -> None:
        self._folder, self._job, self._painter, self._clip = folder, job, painter, clip
        self._directory, self._heart, self._stop = directory, heart, stop
        self._notes: tuple[str, ...] = ()
        self._looked_at = 0.0

    def paint(self, device: str, threads: int) -> float:
        """Go on from the checkpoint, or begin; the seconds it took in all."""
        state = self._directory.load_checkpoint()
        run = None if state is None else self._resumed(state, device)
        if run is not None:
            return self._listen(run, state)
        run = start_run(
            self._folder,
            self._job,
            device=device,
            threads=threads,
            on_fetch=self._fetching,
            painter=self._painter,
            clip=self._clip,
        )
        return self._listen(run, None)

    def _resumed(self, state: Checkpoint, device: str) -> Run | None:
        """The run that goes on from a checkpoint; None where it has to begin anew."""
        try:
            return resume_run(
                self._folder,
                self._job,
                state,
                device=device,
                on_fetch=self._fetching,
                painter=self._painter,
                clip=self._clip,
            )
        except CheckpointError:  # weights or code have changed since
            return None

    def _listen(self, run: Run, state: Checkpoint | None) -> float:
        """Write down what a run tells until it is finished; its seconds."""
        with closing(run) if isinstance(run, RemoteRun) else nullcontext():
            self._heart.report(now=True)
            self._directory.open_log(run, state)
            for event in run:
                self._handle(run, event)
        return run.seconds

    def _handle(self, run: Run, event: Event) -> None:
        if isinstance(event, Started):
            self._begin(run, event)
        elif isinstance(event, Step):
            self._step(run, event)
        elif isinstance(event, Preview):
            self._directory.write_preview(event)
        elif isinstance(event, Finished):
            self._finish(run, event)
        else:
            self._heart.report(seconds=event.seconds)
            self._directory.write_event(event)
            self._keep_or_leave(run)

    def _begin(self, run: Run, event: Started) -> None:
        self._notes = self._redacted(event.notes)
        self._heart.report(
            now=True,
            steps=event.steps,
            size=run.shape,
            notes=self._notes,
            threads=event.threads,
            precision=event.precision,
        )
        self._directory.write_event(replace(event, notes=self._notes))
        self._leave_if_asked()

    def _step(self, run: Run, event: Step) -> None:
        self._heart.report(
            step=event.step, steps=event.steps, losses=event.losses, seconds=event.seconds
        )
        self._directory.write_event(event)
        self._keep_or_leave(run)

    def _keep_or_leave(self, run: Run) -> None:
        """After a step or a part of the work: a checkpoint if one is due, or the end if asked."""
        if isinstance(run, RemoteRun):
            if run.has_state:
                self._directory.save_checkpoint(run)
            self._leave_if_asked()
            return
        if self._stop.asked:
            self._directory.save_checkpoint(run)
        self._leave_if_asked()
        self._directory.save_checkpoint_if_due(run)

    def _finish(self, run: Run, event: Finished) -> None:
        steps, notes = self._directory.steps, self._redacted(event.notes)
        self._heart.report(
            now=True,
            step=event.step,
            steps=steps[-1].steps if steps else None,
            losses=steps[-1].losses if steps else {},
            seconds=event.seconds,
            notes=[*self._notes, *notes],
        )
        self._directory.finish(run, replace(event, notes=notes))

    def _redacted(self, notes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(redact_paths(note, self._folder, self._job, self._clip) for note in notes)

    def _leave_if_asked(self) -> None:
        leave_if_asked(self._heart, self._stop)

    def _fetching(self, here: int, total: int | None) -> None:  # noqa: ARG002 - how far it is
        if time.monotonic() - self._looked_at >= LOOK_S:
            self._looked_at = time.monotonic()
            self._leave_if_asked()


def _insist(heart: Heartbeat, call: Callable[[], object]) -> None:
    with suppress(JobStateError):
        heart.insist(call)


def _reason(error: Exception) -> str:
    if isinstance(error, ImpastoError):
        return str(error)
    traceback.print_exception(error, file=sys.stderr)
    return unexpected(error, "what the worker printed shows where it happened")
