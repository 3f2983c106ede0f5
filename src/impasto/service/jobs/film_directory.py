"""What lies in the folder of a film's job while it is painted, and when it is done.

Beside the events and the preview of any job: `result.mp4` at the end, and until then the journal
and the segments that `impasto.workflows.film` keeps beside its output.
"""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import CheckpointError
from impasto.events import Event
from impasto.service.contract import JobEvent
from impasto.service.jobs.film_work import RESULT
from impasto.service.jobs.job_directory import JobDirectory
from impasto.service.jobs.log import EventLog
from impasto.workflows.film.paths import journal_path, lock_path, segments_folder

if TYPE_CHECKING:
    from impasto.workflows.film.manifest import Journal

__all__ = ["FilmDirectory"]

TOLD_S = 0.5  # between two events of progress


class FilmDirectory(JobDirectory):
    """Writes everything about one film, each file whole or not at all.

    Args:
        folder: of the job.

    Attributes:
        result: where the film comes to be.
        frames: painted so far, of earlier attempts too.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.result = folder / RESULT
        self.frames = 0
        self._journal = journal_path(self.result)
        self._told_at = 0.0
        self._has_start = False

    @property
    def step(self) -> int:
        """The last frame done."""
        return self.frames

    @property
    def lock(self) -> Path:
        """Held by whoever paints the film."""
        return lock_path(self._journal)

    def load_journal(self) -> Journal | None:
        """How far an earlier attempt was; None if there is none that can be used."""
        from impasto.workflows.film.manifest import Journal

        if not self._journal.exists():
            return None
        try:
            return Journal.load(self._journal)
        except CheckpointError:  # damaged, or the data folder has moved: anew
            return None

    @property
    def is_painted(self) -> bool:
        """Whether an earlier attempt died after the film was whole."""
        return self.result.exists() and not self._journal.exists()

    def open_film_log(self) -> None:
        """Make ready for events; those of an earlier attempt stay."""
        self.close()
        path = self._folder / "events.jsonl"
        kept = _whole_events(path)
        self._log = EventLog(path, len(kept))
        self._has_start = any(event.event == "started" for event in kept)

    def write_start(self, event: Event, **more: Any) -> None:
        """Write that painting begins, but for one that an earlier attempt wrote."""
        if not self._has_start:
            self._opened_log().add_event(event, **more)
        self._has_start = True

    def write_progress(self, event: Event, *, now: bool = False, **more: Any) -> None:
        """Write how far it is, if the last time is long enough ago.

        Args:
            event: of the progress.
            now: write it in any case.
            **more: what else its data shall hold.
        """
        if now or time.monotonic() - self._told_at >= TOLD_S:
            self._told_at = time.monotonic()
            self._opened_log().add_event(event, **more)

    def write_frame(self, number: int, pixels: Any) -> None:
        """Show a painted frame.

        Args:
            number: of the frame, from 1.
            pixels: (H, W, 3), uint8, sRGB.
        """
        from PIL import Image

        with suppress(OSError):  # a full disk: the end of the job will say so
            self._write_preview(Image.fromarray(pixels))
            self._opened_log().add("preview", {"step": number})

    def finish_film(self, event: Event, **more: Any) -> None:
        """Write the end of a film that is there to the log.

        Raises:
            OutputError: it cannot be written.
        """
        self._opened_log().add_event(event, **more)
        self._opened_log().sync()

    def remove_checkpoint(self) -> None:
        """Remove the journal and the segments, if there are any."""
        with suppress(OSError):
            self._journal.unlink(missing_ok=True)
        shutil.rmtree(segments_folder(self._journal), ignore_errors=True)


def _whole_events(path: Path) -> list[JobEvent]:
    """The events that an earlier attempt wrote, up to a line that is none."""
    events: list[JobEvent] = []
    if not path.exists():
        return events
    for line in path.read_bytes().splitlines(keepends=True):
        try:
            event = JobEvent.parse(line)
        except ValueError:
            break
        if not line.endswith(b"\n") or event.id != len(events) + 1 or event.ends:
            break
        events.append(event)
    return events
