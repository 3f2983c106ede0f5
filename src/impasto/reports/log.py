"""The log of a run: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from impasto.errors import OutputError
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.text import format_path

__all__ = ["Log", "as_record"]


def as_record(event: Event) -> dict[str, Any] | None:
    """An event as JSON knows it; None for previews, which are pictures.

    Example:
        >>> as_record(Step(1, 500, (300, 450), {"total": 2.0}, 0.5))["scale"]
        [300, 450]
    """
    if isinstance(event, Started):
        return {
            "event": "started",
            "steps": event.steps,
            "scales": [{"scale": list(size), "steps": steps} for size, steps in event.scales],
            "backbone": event.backbone,
            "device": event.device,
            "threads": event.threads,
            "predicted_bytes": event.predicted_bytes,
        }
    if isinstance(event, Step):
        record: dict[str, Any] = {
            "event": "step",
            "step": event.step,
            "steps": event.steps,
            "scale": list(event.scale),
            "losses": event.losses,
            "seconds": round(event.seconds, 3),
        }
        return record | ({"retries": event.retries} if event.retries else {})
    if isinstance(event, Finished):
        return {"event": "finished", "step": event.step, "seconds": round(event.seconds, 3)}
    assert isinstance(event, Preview)
    return None


class Log:
    """Writes every event to a file as it comes.

    Args:
        path: the file; written anew.
        earlier: events of the run before it was interrupted, so that the log of a resumed run
            has neither gap nor repeat.

    Raises:
        OutputError: if the file cannot be written.
    """

    def __init__(self, path: str | Path, earlier: Iterable[Event] = ()) -> None:
        self._path = path = Path(path)
        self._told = False
        try:
            self._file = path.open("w", encoding="utf-8")
        except OSError as error:
            raise _unwritable(path, error) from None
        for event in earlier:
            self(event)

    def __call__(self, event: Event) -> None:
        """Write one event and flush, so that a reader follows the run."""
        if isinstance(event, Started):
            if self._told:
                return
            self._told = True
        record = as_record(event)
        if record is None:
            return
        try:
            self._file.write(json.dumps(record) + "\n")
            self._file.flush()
        except OSError as error:
            raise _unwritable(self._path, error) from None

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # what could not be written was told when it was written
            self._file.close()


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(
        f"the log {format_path(path)} cannot be written ({error.strerror}): name a file you can "
        "write to"
    )
