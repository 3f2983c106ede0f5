"""A job's events as a stream (WHATWG HTML, 9.2 Server-sent events) that can be taken up again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from impasto.errors import UnknownJobError
from impasto.service.contract import JobEvent
from impasto.service.http.state import Studio
from impasto.service.http.tail import Tail
from impasto.service.jobs.tables import Job

__all__ = ["MEDIA", "events_so_far", "knows_all", "last_id", "stream"]

MEDIA = "text/event-stream"
POLL_S, LOOK_S, BEAT_S = 0.2, 1.0, 15.0
RETRY_MS = 2000


def last_id(header: str | None) -> int:
    """The number in a Last-Event-ID header; 0 if there is none that one of our lines could have.

    Example:
        >>> last_id("41"), last_id("x"), last_id(None)
        (41, 0, 0)
    """
    known = header is not None and header.isascii() and header.isdigit() and len(header) < 16
    return int(header) if known and header else 0


def knows_all(studio: Studio, job: Job, after: int) -> bool:
    """Whether a listener that knows the events up to `after` needs no more: the job has ended.

    A browser comes again after the end of every stream, until it is told that there is nothing.
    """
    if not (after and job.state.ended):
        return False
    tail = Tail(_file(studio, job.id))
    while tail.read():
        pass
    return after >= tail.number + (not tail.ended)


def events_so_far(studio: Studio, job: Job, after: int) -> bytes:
    """The events of a job after a line that there are by now, in the form of `stream`."""
    tail = Tail(_file(studio, job.id), after)
    parts = []
    while lines := tail.read():
        parts += [_event(line) for line in lines]
    if job.state.ended and not tail.ended and after <= tail.number:
        parts.append(_event(JobEvent(tail.number + 1, job.state, _end(job))))
    return b"".join(parts)


async def stream(studio: Studio, id: str, after: int) -> AsyncIterator[bytes]:
    """The events of a job after a line, as they come, up to its end.

    Args:
        studio: whose store and folder.
        id: of a job that there is.
        after: the last line the listener knows.

    Yields:
        Events whose ids are line numbers of events.jsonl; a comment when nothing came for 15
        seconds. An end that no worker wrote (of a job cancelled while it waited) comes as if it
        were the next line.
    """
    studio.streams += 1
    try:
        yield f"retry: {RETRY_MS}\n\n".encode()
        async for part in _parts(studio, id, Tail(_file(studio, id), after)):
            yield part
    except UnknownJobError:  # removed while somebody listened
        return
    finally:
        studio.streams -= 1


async def _parts(studio: Studio, id: str, tail: Tail) -> AsyncIterator[bytes]:
    beaten, looked = time.monotonic(), 0.0
    over: Job | None = None
    while not studio.closing.is_set():
        lines = tail.read()
        for line in lines:
            if line.ends:
                await _settled(studio, id)
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
            job = await run_in_threadpool(studio.store.get, id)
            if job.state.ended:
                over = job
                continue
        if time.monotonic() - beaten >= BEAT_S:
            beaten = time.monotonic()
            yield b": still here\n\n"
        await asyncio.sleep(POLL_S)


async def _settled(studio: Studio, id: str) -> None:
    """Wait until the store knows of an end too, so that whoever hears of it finds the picture."""
    while not (await run_in_threadpool(studio.store.get, id)).state.ended:
        if studio.closing.is_set():
            return
        await asyncio.sleep(POLL_S / 2)


def _event(line: JobEvent) -> bytes:
    return f"id: {line.id}\nevent: {line.event}\ndata: {json.dumps(line.data)}\n\n".encode()


def _end(job: Job) -> dict[str, object]:
    end: dict[str, object] = {"step": job.step, "seconds": job.seconds}
    return end | ({"error": job.error} if job.error else {})


def _file(studio: Studio, id: str) -> Path:
    return studio.store.folder.job(id) / "events.jsonl"
