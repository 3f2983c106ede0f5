"""A job's events as a stream (WHATWG HTML, 9.2 Server-sent events) that can be taken up again.

`Tail` follows the file that the worker writes; `stream` sends what it reads.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool

from impasto.errors import UnknownJobError
from impasto.service.contract import JobEvent
from impasto.service.http.state import AppState
from impasto.service.jobs.tables import Job

__all__ = ["MEDIA", "Tail", "events_so_far", "has_all_events", "last_id", "stream"]

MEDIA = "text/event-stream"
POLL_S, LOOK_S, BEAT_S = 0.2, 1.0, 15.0
RETRY_MS = 2000
READ_BYTES = 256 * 1024


class Tail:
    """Reads events.jsonl as it grows.

    A worker that takes a job up again cuts the file back to its checkpoint and then repeats
    itself. What a reader knows already is passed over then: no step number comes twice.

    Args:
        path: of the file; it may not be there yet.
        after: number of the last line that the reader knows.

    Attributes:
        number: of the last line read.
        ended: whether the last line read is an end, of this look or an earlier one.
    """

    def __init__(self, path: Path, after: int = 0) -> None:
        self._path, self._after = path, after
        self._file, self._place, self.number = 0, 0, 0
        self._last_step: dict[str, int] = {}  # that was read, by event
        self.ended = False

    def read(self) -> list[JobEvent]:
        """What has come since the last time; empty when there is nothing new."""
        try:
            with self._path.open("rb") as file:
                status = os.fstat(file.fileno())
                if self._is_other(status.st_ino, status.st_size):
                    self._rewind(status.st_ino)
                file.seek(max(0, self._place - 1))
                data = file.read(READ_BYTES)
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
        repeats = not line.ends and number <= self._last_step.get(name, -1)
        self._last_step[name] = max(number, self._last_step.get(name, -1))
        return not repeats and line.id > self._after


def _parsed(raw: bytes) -> JobEvent | None:
    try:
        return JobEvent.parse(raw)
    except ValueError:
        return None


def last_id(header: str | None) -> int:
    """The number in a Last-Event-ID header; 0 if there is none that one of our lines could have.

    Example:
        >>> last_id("41"), last_id("x"), last_id(None)
        (41, 0, 0)
    """
    is_ours = header is not None and header.isascii() and header.isdigit() and len(header) < 16
    return int(header) if is_ours and header else 0


def has_all_events(app_state: AppState, job: Job, after: int) -> bool:
    """Whether a listener that knows the events up to `after` needs no more: the job has ended.

    A browser comes again after the end of every stream, until it is told that there is nothing.
    """
    if not (after and job.state.ended):
        return False
    tail = Tail(_file(app_state, job.id))
    while tail.read():
        pass
    return after >= tail.number + (not tail.ended)


def events_so_far(app_state: AppState, job: Job, after: int) -> bytes:
    """The events of a job after a line that there are by now, in the form of `stream`."""
    tail = Tail(_file(app_state, job.id), after)
    parts = []
    while lines := tail.read():
        parts += [_event(line) for line in lines]
    if job.state.ended and not tail.ended and after <= tail.number:
        parts.append(_event(JobEvent(tail.number + 1, job.state, _end(job))))
    return b"".join(parts)


async def stream(app_state: AppState, id: str, after: int) -> AsyncIterator[bytes]:
    """The events of a job after a line, as they come, up to its end.

    Args:
        app_state: whose store and folder.
        id: of a job that there is.
        after: the last line the listener knows.

    Yields:
        Events whose ids are line numbers of events.jsonl; a comment when nothing came for 15
        seconds. An end that no worker wrote (of a job cancelled while it waited) comes as if it
        were the next line.
    """
    app_state.streams += 1
    try:
        yield format_sse_event(retry=RETRY_MS)
        async for part in _parts(app_state, id, Tail(_file(app_state, id), after)):
            yield part
    except UnknownJobError:  # removed while somebody listened
        return
    finally:
        app_state.streams -= 1


async def _parts(app_state: AppState, id: str, tail: Tail) -> AsyncIterator[bytes]:
    beaten, looked = time.monotonic(), 0.0
    over: Job | None = None
    while not app_state.closing.is_set():
        lines = tail.read()
        for line in lines:
            if line.ends:
                await _stored_end(app_state, id)
            yield _event(line)
        if tail.ended:
            return
        if lines:
            beaten = time.monotonic()
            continue
        if over is not None:  # its last lines were read after that was known
            yield _event(JobEvent(tail.number + 1, over.state, _end(over)))
            return
        if time.monotonic() - looked >= LOOK_S:
            looked = time.monotonic()
            job = await run_in_threadpool(app_state.store.get, id)
            if job.state.ended:
                over = job
                continue
        if time.monotonic() - beaten >= BEAT_S:
            beaten = time.monotonic()
            yield KEEPALIVE_COMMENT
        await asyncio.sleep(POLL_S)


async def _stored_end(app_state: AppState, id: str) -> None:
    """Wait until the store knows of an end too, so that whoever hears of it finds the picture."""
    while not (await run_in_threadpool(app_state.store.get, id)).state.ended:
        if app_state.closing.is_set():
            return
        await asyncio.sleep(POLL_S / 2)


def _event(line: JobEvent) -> bytes:
    return format_sse_event(data_str=json.dumps(line.data), event=line.event, id=str(line.id))


def _end(job: Job) -> dict[str, object]:
    end: dict[str, object] = {"step": job.step, "seconds": job.seconds}
    return end | ({"error": job.error} if job.error else {})


def _file(app_state: AppState, id: str) -> Path:
    return app_state.store.folder.job(id) / "events.jsonl"
