"""What lies in a job's folder while it is painted, and when it is done."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import CheckpointError, OutputError
from impasto.events import Finished, Preview, Started, Step
from impasto.files import replacing
from impasto.methods.optimization import checkpoint as checkpoints
from impasto.methods.optimization.checkpoint import Checkpoint
from impasto.reports import plot_losses
from impasto.service.jobs.log import EventLog

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.methods.protocol import Run

__all__ = ["Desk"]

PREVIEW_S = 0.7
PREVIEW_PX = 1024
CHECKPOINT_S, CHECKPOINT_STEPS = 10.0, 25
# A checkpoint of a large picture is gigabytes: it takes at most a tenth of the time.
CHECKPOINT_SHARE = 0.1
EVENTS = "events"


class Desk:
    """Writes everything about one job, each file whole or not at all.

    Args:
        folder: of the job.

    Attributes:
        steps: all steps so far, of earlier attempts too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checkpoint = folder / "checkpoint.safetensors"
        self._log: EventLog | None = None
        self.steps: list[Step] = []
        self._kept_step, self._kept_at, self._keeping_s = 0, time.monotonic(), 0.0
        self._shown_at = 0.0

    def checkpoint(self) -> Checkpoint | None:
        """The last state of an earlier attempt; None if there is none that can be used."""
        if not self._checkpoint.exists():
            return None
        try:
            state = checkpoints.load(self._checkpoint)
        except CheckpointError:
            return None
        return state if isinstance(state.outputs.get(EVENTS), int) else None

    def open(self, painting: Run, state: Checkpoint | None) -> None:
        """Make ready for a painting, and forget what came after its checkpoint.

        Args:
            painting: before its first event.
            state: what it goes on from.
        """
        self.close()
        self.steps = [event for event in painting.past_events() if isinstance(event, Step)]
        self._kept_step, self._kept_at = len(self.steps), time.monotonic()
        keep = 0 if state is None else state.outputs[EVENTS]
        self._log = EventLog(self._folder / "events.jsonl", keep, painting.past_events())

    def started(self, event: Started) -> None:
        """Tell the start, unless it was told by an earlier attempt."""
        if self._events().count == 0:
            self._events().tell(event)

    def step(self, event: Step) -> None:
        """Tell a step."""
        self.steps.append(event)
        self._events().tell(event)

    def preview(self, event: Preview) -> None:
        """Show the picture so far, if the last time is long enough ago."""
        if time.monotonic() - self._shown_at < PREVIEW_S:
            return
        with suppress(OSError):  # a full disk: the end of the job will say so
            self._show(event.picture)
            self._events().add("preview", {"step": event.step})
        self._shown_at = time.monotonic()

    def _show(self, picture: Image) -> None:
        picture.thumbnail((PREVIEW_PX, PREVIEW_PX))
        with replacing(self._folder / "preview.png") as draft:
            picture.save(draft, format="PNG", compress_level=1)

    def keep_if_due(self, painting: Run) -> None:
        """Write a checkpoint, if the last one is long enough ago."""
        ago = time.monotonic() - self._kept_at
        many = len(self.steps) - self._kept_step >= CHECKPOINT_STEPS
        if (many or ago >= CHECKPOINT_S) and ago >= self._keeping_s / CHECKPOINT_SHARE:
            self.keep(painting)

    def keep(self, painting: Run) -> None:
        """Write a checkpoint. If that fails the one before stays, and the painting goes on."""
        begun = time.monotonic()
        with suppress(OutputError):
            self._events().sync()  # what the checkpoint counts on is there
            state = painting.checkpoint({EVENTS: self._events().count})
            checkpoints.save(state, self._checkpoint)
        self._kept_step, self._kept_at = len(self.steps), time.monotonic()
        self._keeping_s = self._kept_at - begun

    def finish(self, painting: Run, event: Finished) -> None:
        """Write the picture and its loss curves, then tell the end.

        Raises:
            OutputError: they cannot be written.
        """
        result = painting.result()
        result.save(self._folder / "result.png")
        if self.steps:
            plot_losses(self.steps, self._folder / "losses.png")
        self._events().tell(event, size=[result.content.height, result.content.width])
        self._events().sync()

    def rescue(self, picture: Image) -> None:
        """Show the last good picture of a painting that failed."""
        with suppress(OSError):
            self._show(picture.convert("RGB"))

    def end(self, event: str, data: dict[str, Any]) -> None:
        """Tell an end without a picture; the checkpoint is of no more use."""
        with suppress(OutputError):  # the store is told too
            if self._log is None:
                self._log = EventLog(self._folder / "events.jsonl")
            self._log.add(event, data)
            self._log.sync()
        self.forget()

    def forget(self) -> None:
        """Remove the checkpoint."""
        with suppress(OSError):
            self._checkpoint.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the log."""
        if self._log is not None:
            self._log.close()
            self._log = None

    def _events(self) -> EventLog:
        assert self._log is not None, "a painting is opened before its events are told"
        return self._log
