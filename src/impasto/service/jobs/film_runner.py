"""How a worker paints the film of a job, from its claim to its end, or goes on with one.

What ends the attempt is `runner.paint_job`'s matter.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from impasto.errors import FilmError
from impasto.events import Finished, Part, Started
from impasto.files import file_lock
from impasto.service.jobs.files import Folder
from impasto.service.jobs.film_directory import FilmDirectory
from impasto.service.jobs.film_work import FilmWork
from impasto.service.jobs.heartbeat import Heartbeat
from impasto.service.jobs.job_inputs import own_device, redact_paths
from impasto.service.jobs.leaving import leave_if_asked
from impasto.service.jobs.tables import Job
from impasto.signals import Stop
from impasto.task import StyleTask
from impasto.text import format_bytes
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmScan,
    FilmStarted,
    FilmWait,
)

if TYPE_CHECKING:
    from impasto.workflows.film.order import Order

__all__ = ["FilmAttempt"]

PREVIEW_EVERY_S = 2.0
CODEC = "h264"  # what every browser shows
WAIT_S = 0.5
SLACK_S = 1.0  # how long the last frame is shown is a guess


class FilmAttempt:
    """One worker's attempt at a film: from its first frame or its journal, to its end.

    Args:
        folder: where the job's uploads lie.
        job: what to paint.
        directory: what the attempt writes goes there.
        heart: keeps the job, and says whether it shall be cancelled.
        stop: whether the worker has to end.
    """

    def __init__(
        self, folder: Folder, job: Job, directory: FilmDirectory, heart: Heartbeat, stop: Stop
    ) -> None:
        assert job.film_work is not None, "a video has its film"
        self._folder, self._job, self._directory = folder, job, directory
        self._heart, self._stop = heart, stop
        self._work = FilmWork.from_json(job.film_work)
        self._notes: list[str] = list(job.notes)
        self._done = 0  # frames of earlier attempts
        self._threads = job.threads or 1
        self._seconds = job.seconds
        self._order: Order | None = None  # of a film that begins

    def paint(self, device: str, threads: int) -> float:
        """Go on from the journal, or begin; the seconds it took in all.

        Args:
            device: where to compute; "auto" leaves it to the job.
            threads: CPU threads, at most, of a film that begins; one that goes on has its own.
        """
        self._wait_for_others()
        self._heart.report(now=True)
        self._directory.open_film_log()
        if self._directory.is_painted:
            self._finish(self._job.steps or 0, self._job.size)
            return self._seconds
        with closing(self._events(device, threads)) as events:
            for event in events:
                self._handle(event)
        return self._seconds

    def _wait_for_others(self) -> None:
        """Wait for a worker that slept past its lease and has not noticed yet."""

        def look() -> None:
            self._heart.report()
            leave_if_asked(self._heart, self._stop)

        with file_lock(self._directory.lock, poll_s=WAIT_S, on_wait=look):
            pass

    def _events(self, device: str, threads: int) -> Generator[FilmEvent, None, None]:
        from impasto.workflows.film.run import go_on, run

        journal = self._directory.load_journal()
        if journal is not None:
            settings = journal.order.settings
            self._threads = settings.threads or self._threads
            if own := own_device(device):
                settings = settings.model_copy(update=own)
                journal = replace(journal, order=replace(journal.order, settings=settings))
            return go_on(journal, preview_every_s=PREVIEW_EVERY_S)
        self._directory.remove_checkpoint()
        self._order = self._asked(device, threads)
        return run(self._order, preview_every_s=PREVIEW_EVERY_S)

    def _asked(self, device: str, threads: int) -> Order:
        """What is asked, as the workflow of films takes it."""
        from impasto.workflows.film.ask import asked

        settings, options = self._job.style_settings(), self._work.options
        self._threads = self._job.threads or min(threads, settings.threads or threads)
        sized = {name: getattr(settings, name) for name in self._work.sized}
        settings = settings.replace(threads=self._threads, **sized, **own_device(device))
        files = {role: self._folder.upload(sha256) for role, sha256 in self._job.inputs.items()}
        task = StyleTask.from_roles(
            {"content" if role == "film" else role: file for role, file in files.items()}
        )
        return asked(
            task.content,
            task.styles,
            self._directory.result,
            settings,
            start=options.start or None,
            end=options.end,
            rate=options.fps,
            codec=CODEC,
            sound=options.sound,
            masks=task.masks,
            style_masks=task.style_masks,
            keep=task.keep,
            still_masks=True,
            max_megapixels=self._work.most_megapixels,
        )

    def _handle(self, event: FilmEvent) -> None:
        if isinstance(event, FilmScan):
            self._scan(event)
        elif isinstance(event, FilmNote):
            self._notes += self._redacted([event.line])
        elif isinstance(event, FilmStarted):
            self._begin(event)
        elif isinstance(event, FilmWait):
            self._heart.report()
            leave_if_asked(self._heart, self._stop)
        elif isinstance(event, FilmFrame):
            self._frame(event)
        elif isinstance(event, FilmFinished):
            self._finish(event.frames, event.shape, length=round(event.length, 3))

    def _check_limits(self, event: FilmScan) -> None:
        """Refuse a film that is more than its file has said.

        Raises:
            FilmError: it is.
        """
        if event.frames > self._work.most_frames:
            raise FilmError(
                f"the film has {event.frames} frames or more to paint, above the limit of "
                f"{self._work.most_frames}: send a shorter part, with start and end, or fewer fps"
            )
        if event.looked > self._work.most_frames:
            raise FilmError(
                f"the film has {event.looked} frames or more up to the end of what is painted, "
                f"above the limit of {self._work.most_frames}: cut that part out of it first"
            )
        seconds = self._work.most_seconds
        if seconds is not None and event.length > seconds + SLACK_S:
            raise FilmError(
                f"the film has {event.length:.1f} s or more to paint, above the limit of "
                f"{seconds:g} s: send a shorter part, with start and end"
            )
        needed, most = self._disk_bytes(event), self._work.most_bytes
        if most is not None and needed > most:
            raise FilmError(
                f"the film would take {format_bytes(needed)} or more of the disk, above the limit "
                f"of {format_bytes(most)}: send a shorter part, or ask for a smaller size"
            )

    def _disk_bytes(self, event: FilmScan) -> int:
        """What the frames that were seen so far take when they are painted."""
        from impasto.media.film import estimate_bytes

        assert self._order is not None, "only a film that begins is looked through"
        sounds = self._order.tracks is not None
        return estimate_bytes(
            self._order.shape, event.frames, CODEC, sounds=sounds, seconds=event.length
        )

    def _scan(self, event: FilmScan) -> None:
        self._check_limits(event)
        self._heart.report()
        part = Part("scan", event.frames, max(event.expected, event.frames), event.seconds)
        self._directory.write_progress(part)
        leave_if_asked(self._heart, self._stop)

    def _begin(self, event: FilmStarted) -> None:
        self._done = self._directory.frames = event.done
        self._notes += self._redacted(event.notes)
        self._heart.report(
            now=True,
            step=event.done,
            steps=event.frames,
            size=event.shape,
            notes=self._notes,
            threads=self._threads,
        )
        start = Started(
            event.frames,
            threads=self._threads,
            first_step=event.done + 1,
            notes=tuple(self._notes),
            method=event.method,
            shape=event.shape,
        )
        self._directory.write_start(start, kind=self._job.kind, shots=event.shots)
        leave_if_asked(self._heart, self._stop)

    def _frame(self, event: FilmFrame) -> None:
        self._seconds = self._job.seconds + event.seconds
        self._heart.report(step=event.number, seconds=self._seconds)
        self._directory.frames = event.number
        rate = (event.number - self._done) / event.seconds if event.seconds else 0.0
        left = (event.frames - event.number) / rate if rate else None
        self._directory.write_progress(
            Part("frame", event.number, event.frames, self._seconds),
            now=event.number == event.frames,
            frames_per_s=round(rate, 3),
            seconds_left=None if left is None else round(left, 1),
        )
        if event.pixels is not None:
            self._directory.write_frame(event.number, event.pixels)
        leave_if_asked(self._heart, self._stop)

    def _finish(self, frames: int, shape: tuple[int, int] | None, **more: float) -> None:
        self._heart.report(now=True, step=frames, seconds=self._seconds, notes=self._notes)
        self._directory.finish_film(
            Finished(frames, None, self._seconds, tuple(self._notes)),
            size=None if shape is None else list(shape),
            **more,
        )

    def _redacted(self, lines: Iterable[str]) -> list[str]:
        redacted = [redact_paths(line, self._folder, self._job) for line in lines]
        return [line for line in redacted if line not in self._notes]
