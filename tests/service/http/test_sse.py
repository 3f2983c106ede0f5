from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.client.stream import Told, parsed
from impasto.service.http import sse
from impasto.service.http.state import Studio
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from tests.studio import FakeWorker


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks in quick succession; nothing here depends on how quick."""
    monkeypatch.setattr(sse, "POLL_S", 0.002)
    monkeypatch.setattr(sse, "LOOK_S", 0.01)


@pytest.fixture
def studio(app: FastAPI) -> Studio:
    found: Studio = app.state.studio
    return found


class Listener:
    """Takes one event after another."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def next(self) -> Told | None:
        async for part in self._stream:
            for told in parsed(part.decode().split("\n")):
                return told
        return None

    async def all(self) -> list[Told]:
        found = []
        while (told := await self.next()) is not None:
            found.append(told)
        return found


def listening(studio: Studio, id: str, after: int, body: Callable[[Listener], Any]) -> None:
    async def run() -> None:
        async with asyncio.timeout(20):
            await body(Listener(sse.stream(studio, id, after)))

    asyncio.run(run())


def test_events_come_as_they_happen_and_end_with_the_job(
    studio: Studio, worker: FakeWorker
) -> None:
    async def body(listener: Listener) -> None:
        worker.start()
        first = await listener.next()
        assert first is not None
        assert (first.id, first.event, first.data["steps"]) == ("1", "started", 4)
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)  # the listener waits before there is anything
        worker.step(1)
        told = await waiting
        assert told is not None
        assert (told.id, told.event, told.data["step"]) == ("2", "step", 1)
        worker.finish()
        last = await listener.next()
        assert last is not None
        assert (last.id, last.event) == ("3", "finished")
        assert await listener.next() is None

    listening(studio, worker.id, 0, body)


def test_a_listener_goes_on_where_it_was(api: TestClient, worker: FakeWorker) -> None:
    worker.paint()
    address = f"/api/jobs/{worker.id}/events"
    whole = list(parsed(api.get(address).iter_lines()))
    assert [told.id for told in whole] == [str(n) for n in range(1, 8)]
    assert [told.event for told in whole] == ["started", *["step"] * 4, "preview", "finished"]
    rest = list(parsed(api.get(address, headers={"Last-Event-ID": "4"}).iter_lines()))
    assert rest == whole[4:]


def test_who_knows_all_of_an_ended_job_is_not_called_again(
    api: TestClient, worker: FakeWorker
) -> None:
    worker.paint()
    address = f"/api/jobs/{worker.id}/events"
    assert api.get(address, headers={"Last-Event-ID": "7"}).status_code == 204
    assert api.get(address, headers={"Last-Event-ID": "6"}).status_code == 200


def test_a_job_repeated_from_its_checkpoint_tells_no_step_twice(
    studio: Studio, worker: FakeWorker
) -> None:
    async def body(listener: Listener) -> None:
        worker.start()
        for number in (1, 2, 3):
            worker.step(number)
        before = [await listener.next() for _ in range(4)]
        worker.cut(keep=2)
        for number in (2, 3, 4):
            worker.step(number)
        worker.finish()
        after = await listener.all()
        told = [*before, *after]
        assert [one.data["step"] for one in told if one and one.event == "step"] == [1, 2, 3, 4]
        assert after[-1].event == "finished"

    listening(studio, worker.id, 0, body)


def test_who_hears_of_the_end_finds_the_picture(studio: Studio, worker: FakeWorker) -> None:
    async def body(listener: Listener) -> None:
        worker.tell("finished", step=4, seconds=1.0)  # the store does not know yet
        waiting = asyncio.create_task(listener.next())
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
        worker.store.finish(worker.id, "fake", seconds=1.0)
        last = await waiting
        assert last is not None
        assert last.event == "finished"

    listening(studio, worker.id, 0, body)


def test_an_end_that_no_worker_wrote_is_told_too(api: TestClient, store: Store, job: Job) -> None:
    store.cancel(job.id)
    address = f"/api/jobs/{job.id}/events"
    (told,) = parsed(api.get(address).iter_lines())
    assert (told.id, told.event) == ("1", "cancelled")
    assert api.get(address, headers={"Last-Event-ID": "1"}).status_code == 204


def test_a_failed_job_says_why(api: TestClient, worker: FakeWorker) -> None:
    worker.fail("the content image is cut short after 9 bytes: export it again")
    (told,) = parsed(api.get(f"/api/jobs/{worker.id}/events").iter_lines())
    assert told.event == "failed"
    assert "cut short after 9 bytes" in told.data["error"]


def test_a_silent_stream_shows_that_it_lives(
    studio: Studio, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "BEAT_S", 0.01)

    async def run() -> list[bytes]:
        stream = sse.stream(studio, job.id, 0)
        return [await anext(stream) for _ in range(3)]

    assert asyncio.run(asyncio.wait_for(run(), 20))[1:] == [b": still here\n\n"] * 2


def test_streams_end_when_the_studio_closes(studio: Studio, job: Job) -> None:
    async def body(listener: Listener) -> None:
        waiting = asyncio.create_task(listener.all())
        await asyncio.sleep(0)
        studio.closing.set()
        assert await waiting == []

    listening(studio, job.id, 0, body)
    assert studio.streams == 0


def test_a_job_removed_meanwhile_ends_its_stream(studio: Studio, store: Store, job: Job) -> None:
    async def body(listener: Listener) -> None:
        waiting = asyncio.create_task(listener.all())
        await asyncio.sleep(0)
        store.cancel(job.id)
        store.purge(job.id)
        assert [told.event for told in await waiting] in ([], ["cancelled"])

    listening(studio, job.id, 0, body)


def test_more_listeners_than_there_is_room_for_are_refused(
    api: TestClient, studio: Studio, job: Job
) -> None:
    studio.streams = studio.limits.streams
    answer = api.get(f"/api/jobs/{job.id}/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")


@pytest.mark.parametrize("header", ["x", "-1", "²", "9" * 99, "1.5", ""])
def test_a_last_event_that_none_can_be_is_the_beginning(header: str) -> None:
    assert sse.last_id(header) == 0
