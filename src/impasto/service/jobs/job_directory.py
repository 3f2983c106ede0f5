"""What lies in a job's folder while it is painted, and when it is done."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import CheckpointError, OutputError
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.files import replacing
from impasto.methods import checkpoint as checkpoints
from impasto.methods.checkpoint import Checkpoint
from impasto.reports import plot_losses
from impasto.service.jobs.files import CHECKPOINT
from impasto.service.jobs.log import EventLog

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.protocol import Run

__all__ = ["JobDirectory"]

PREVIEW_S = 0.7
PREVIEW_PX = 1024
CHECKPOINT_S, CHECKPOINT_STEPS = 10.0, 25
# A checkpoint of a large picture is gigabytes: it takes at most a tenth of the time.
CHECKPOINT_SHARE = 0.1
EVENTS = "events"


class JobDirectory:
    """Writes everything about one job, each file whole or not at all.

    Args:
        folder: of the job.

    Attributes:
        steps: all steps so far, of earlier attempts too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checkpoint = folder / CHECKPOINT
        self._log: EventLog | None = None
        self.steps: list[Step] = []
        self._saved_step, self._saved_at, self._saving_s = 0, time.monotonic(), 0.0
        self._shown_at = 0.0

    @property
    def step(self) -> int:
        """The last step done."""
        return len(self.steps)

    def load_checkpoint(self) -> Checkpoint | None:
        """The last state of an earlier attempt; None if there is none that can be used."""
        if not self._checkpoint.exists():
            return None
        try:
            state = checkpoints.load(self._checkpoint)
        except CheckpointError:
            return None
        return state if isinstance(state.outputs.get(EVENTS), int) else None

    def open_log(self, run: Run, state: Checkpoint | None) -> None:
        """Make ready for a run, and cut off what came after its checkpoint.

        Args:
            run: before its first event.
            state: what it goes on from.
        """
        self.close()
        self.steps = [event for event in run.past_events() if isinstance(event, Step)]
        self._saved_step, self._saved_at = len(self.steps), time.monotonic()
        keep = 0 if state is None else state.outputs[EVENTS]
        self._log = EventLog(self._folder / "events.jsonl", keep, run.past_events())

    def write_event(self, event: Event) -> None:
        """Write an event to the log, but for a start that an earlier attempt wrote."""
        if isinstance(event, Started) and self._opened_log().count > 0:
            return
        if isinstance(event, Step):
            self.steps.append(event)
        self._opened_log().add_event(event)

    def write_preview(self, event: Preview) -> None:
        """Show the picture so far, if the last one is long enough ago."""
        if time.monotonic() - self._shown_at < PREVIEW_S:
            return
        with suppress(OSError):  # a full disk: the end of the job will say so
            self._write_preview(event.picture)
            self._opened_log().add_event(event)
        self._shown_at = time.monotonic()

    def _write_preview(self, picture: Image) -> None:
        picture.thumbnail((PREVIEW_PX, PREVIEW_PX))
        with replacing(self._folder / "preview.png") as draft:
            picture.save(draft, format="PNG", compress_level=1)

    def save_checkpoint_if_due(self, run: Run) -> None:
        """Write a checkpoint, if the last one is long enough ago."""
        ago = time.monotonic() - self._saved_at
        many = len(self.steps) - self._saved_step >= CHECKPOINT_STEPS
        if (many or ago >= CHECKPOINT_S) and ago >= self._saving_s / CHECKPOINT_SHARE:
            self.save_checkpoint(run)

    def save_checkpoint(self, run: Run) -> None:
        """Write a checkpoint. If that fails the one before stays, and the painting goes on."""
        start = time.monotonic()
        with suppress(OutputError, CheckpointError):  # a method may keep no state
            self._opened_log().sync()  # what the checkpoint counts on is there
            state = run.checkpoint({EVENTS: self._opened_log().count})
            checkpoints.save(state, self._checkpoint)
        self._saved_step, self._saved_at = len(self.steps), time.monotonic()
        self._saving_s = self._saved_at - start

    def finish(self, run: Run, event: Finished) -> None:
        """Write the picture and its loss curves, then the end to the log.

        Raises:
            OutputError: they cannot be written.
        """
        run.result().save(self._folder / "result.png")
        if self.steps:
            plot_losses(self.steps, self._folder / "losses.png")
        self._opened_log().add_event(event, size=list(run.shape))
        self._opened_log().sync()

    def show_last_good(self, picture: Image) -> None:
        """Show the last good picture of a painting that failed."""
        with suppress(OSError):
            self._write_preview(picture.convert("RGB"))

    def end(self, event: str, data: dict[str, Any]) -> None:
        """Write an end without a picture to the log; the checkpoint is of no more use."""
        with suppress(OutputError):  # the store knows the end too
            if self._log is None:
                self._log = EventLog(self._folder / "events.jsonl")
            self._log.add(event, data)
            self._log.sync()
        self.remove_checkpoint()

    def remove_checkpoint(self) -> None:
        """Remove the checkpoint, if there is one."""
        with suppress(OSError):
            self._checkpoint.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def _opened_log(self) -> EventLog:
        assert self._log is not None, "the log is opened before events are written to it"
        return self._log
