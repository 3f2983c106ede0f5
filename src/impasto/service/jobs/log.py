"""The events of a job, one JSON object a line, written by its worker and read by whoever watches.

`{"id": 3, "event": "step", "data": {…}}`; ids count from 1 without gaps. The events are started,
step, preview, and one of finished, failed, cancelled at the end; but a job that no worker holds
when it ends (cancelled while it waited, failed because its workers died) has no line for its end.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from impasto.errors import OutputError, reason_of
from impasto.events import Event
from impasto.service.contract import JobEvent
from impasto.text import format_path

__all__ = ["EventLog"]


class EventLog:
    """Appends events to a file, each of them whole and at once.

    Args:
        path: of the file; made if it is missing.
        keep: how many events of an earlier run stand; what follows them is cut off.
        earlier: those events, in case the file does not have them all (a machine that lost its
            power may lose what was written last); then the file is written anew from them.

    Raises:
        OutputError: the file cannot be written.

    Attributes:
        count: events written, which is also the id of the last one.
    """

    def __init__(self, path: Path, keep: int = 0, earlier: Iterable[Event] = ()) -> None:
        self._path, self.count = path, 0
        try:
            self._file = path.open("a+b")
            length = _length(path, keep)
            self._file.truncate(length or 0)
            if length is not None:
                self.count = keep
        except OSError as error:
            raise self._unwritable(error) from None
        if length is None:
            for event in earlier:
                self.add_event(event)

    def add_event(self, event: Event, **more: Any) -> None:
        """Write an event of a run.

        Args:
            event: of the run.
            more: what else its data shall hold.
        """
        self._write(JobEvent.of(self.count + 1, event, **more))

    def add(self, event: str, data: dict[str, Any]) -> None:
        """Write an event that no run tells.

        Args:
            event: its name, as in `JobEvent`.
            data: as JSON knows it.

        Raises:
            OutputError: the file cannot be written.
        """
        self._write(JobEvent(self.count + 1, event, data))

    def _write(self, event: JobEvent) -> None:
        try:
            self._file.write(f"{event.line()}\n".encode())
            self._file.flush()
        except OSError as error:
            raise self._unwritable(error) from None
        self.count += 1

    def sync(self) -> None:
        """See that what is written outlives a loss of power."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise self._unwritable(error) from None

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # writing has raised already where there was no room
            self._file.close()

    def _unwritable(self, error: OSError) -> OutputError:
        return OutputError(
            f"the events {format_path(self._path)} cannot be written "
            f"({reason_of(error)}): make room in the data folder"
        )


def _length(path: Path, lines: int) -> int | None:
    """Bytes of the first so many lines; None if there are not so many."""
    length = 0
    with path.open("rb") as file:
        for _ in range(lines):
            line = file.readline()
            if not line.endswith(b"\n"):
                return None
            length += len(line)
    return length
