"""Following a job's events as the worker writes them, wherever a reader left off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from impasto.service.contract import JobEvent

__all__ = ["Tail"]

_AT_ONCE = 256 * 1024  # bytes


class Tail:
    """Reads events.jsonl as it grows.

    A worker that takes a job up again cuts the file back to its checkpoint and then repeats
    itself. What a reader has been told already is not told again: no step number comes twice.

    Args:
        path: of the file; it may not be there yet.
        after: number of the last line that the reader knows.

    Attributes:
        number: of the last line read.
        ended: whether the last line read is an end, told now or before.
    """

    def __init__(self, path: Path, after: int = 0) -> None:
        self._path, self._after = path, after
        self._file, self._place, self.number = 0, 0, 0
        self._told: dict[str, int] = {}  # the last step told, by event
        self.ended = False

    def read(self) -> list[JobEvent]:
        """What has come since the last time; empty when there is nothing new."""
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                if self._is_other(status.st_ino, status.st_size):
                    self._rewind(status.st_ino)
                file.seek(max(0, self._place - 1))
                data = file.read(_AT_ONCE)
        except FileNotFoundError:
            return []
        if self._place:
            if data[:1] != b"\n":  # cut and grown again between two looks
                self._rewind(self._file)
                return self.read()
            data = data[1:]
        return list(self._lines(data))

    def _is_other(self, file: int, size: int) -> bool:
        return file != self._file or size < self._place

    def _rewind(self, file: int) -> None:
        # The file that is first found is no other one: what the reader knows still counts.
        self._after = self._after if self._file == 0 else 0
        self._file, self._place, self.number, self.ended = file, 0, 0, False

    def _lines(self, data: bytes) -> Iterator[JobEvent]:
        whole = data[: data.rfind(b"\n") + 1]  # the rest of a line is still being written
        for raw in whole.splitlines(keepends=True):
            line = _parsed(raw)
            if line is None or line.id != self.number + 1:
                self._rewind(self._file)
                return
            self._place += len(raw)
            self.number = line.id
            self.ended = line.ends
            if self._is_news(line):
                yield line

    def _is_news(self, line: JobEvent) -> bool:
        # Parts of several kinds count each for itself, and steps by their own number.
        data = line.data
        name = f"{line.event} {data.get('kind', '')}"
        number = int(data.get("step", data.get("number", 0)))
        known = not line.ends and number <= self._told.get(name, -1)
        self._told[name] = max(number, self._told.get(name, -1))
        return not known and line.id > self._after


def _parsed(raw: bytes) -> JobEvent | None:
    try:
        return JobEvent.parse(raw)
    except ValueError:
        return None
