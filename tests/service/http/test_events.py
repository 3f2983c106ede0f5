from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.client.stream import ServerSentEvent, received
from impasto.service.http import events
from impasto.service.http.events import Tail
from impasto.service.http.state import AppState
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from tests.studio import FakeWorker


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks in quick succession; nothing here depends on how quick."""
    monkeypatch.setattr(events, "POLL_S", 0.002)
    monkeypatch.setattr(events, "LOOK_S", 0.01)


@pytest.fixture
def app_state(app: FastAPI) -> AppState:
    state: AppState = app.state.studio
    return state


class Listener:
    """Takes one event after another."""

    def __init__(self, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream

    async def next(self) -> ServerSentEvent | None:
        async for part in self._stream:
            kind = {"Content-Type": events.MEDIA}
            for message in received(httpx.Response(200, headers=kind, content=part)):
                return message
        return None

    async def all(self) -> list[ServerSentEvent]:
        messages = []
        while (message := await self.next()) is not None:
            messages.append(message)
        return messages


def listening(app_state: AppState, id: str, after: int, body: Callable[[Listener], Any]) -> None:
    async def run() -> None:
        async with asyncio.timeout(20):
            await body(Listener(events.stream(app_state, id, after)))

    asyncio.run(run())


def test_events_come_as_they_happen_and_end_with_the_job(
    app_state: AppState, worker: FakeWorker
) -> None:
    async def body(listener: Listener) -> None:
        worker.start()
        first = await listener.next()
        assert first is not None
        assert (first.id, first.event, first.data["steps"]) == ("1", "started", 4)
        waiting = asyncio.create_task(listener.next())
        await asyncio.sleep(0)  # the listener waits before there is anything
        worker.step(1)
        message = await waiting
        assert message is not None
        assert (message.id, message.event, message.data["step"]) == ("2", "step", 1)
        worker.finish()
        last = await listener.next()
        assert last is not None
        assert (last.id, last.event) == ("3", "finished")
        assert await listener.next() is None

    listening(app_state, worker.id, 0, body)


def test_a_listener_goes_on_where_it_was(api: TestClient, worker: FakeWorker) -> None:
    worker.paint()
    address = f"/api/jobs/{worker.id}/events"
    whole = list(received(api.get(address)))
    assert [message.id for message in whole] == [str(n) for n in range(1, 8)]
    assert [message.event for message in whole] == ["started", *["step"] * 4, "preview", "finished"]
    rest = list(received(api.get(address, headers={"Last-Event-ID": "4"})))
    assert rest == whole[4:]


def test_who_knows_all_of_an_ended_job_is_not_called_again(
    api: TestClient, worker: FakeWorker
) -> None:
    worker.paint()
    address = f"/api/jobs/{worker.id}/events"
    assert api.get(address, headers={"Last-Event-ID": "7"}).status_code == 204
    assert api.get(address, headers={"Last-Event-ID": "6"}).status_code == 200


def test_a_job_repeated_from_its_checkpoint_tells_no_step_twice(
    app_state: AppState, worker: FakeWorker
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
        messages = [*before, *after]
        assert [one.data["step"] for one in messages if one and one.event == "step"] == [1, 2, 3, 4]
        assert after[-1].event == "finished"

    listening(app_state, worker.id, 0, body)


def test_who_hears_of_the_end_finds_the_picture(app_state: AppState, worker: FakeWorker) -> None:
    async def body(listener: Listener) -> None:
        worker.tell("finished", step=4, seconds=1.0)  # the store does not know yet
        waiting = asyncio.create_task(listener.next())
        done, _ = await asyncio.wait([waiting], timeout=0.1)
        assert not done
        worker.store.finish(worker.id, "fake", seconds=1.0)
        last = await waiting
        assert last is not None
        assert last.event == "finished"

    listening(app_state, worker.id, 0, body)


def test_an_end_that_no_worker_wrote_is_told_too(api: TestClient, store: Store, job: Job) -> None:
    store.cancel(job.id)
    address = f"/api/jobs/{job.id}/events"
    (message,) = received(api.get(address))
    assert (message.id, message.event) == ("1", "cancelled")
    assert api.get(address, headers={"Last-Event-ID": "1"}).status_code == 204


def test_a_failed_job_says_why(api: TestClient, worker: FakeWorker) -> None:
    worker.fail("the content image is cut short after 9 bytes: export it again")
    (message,) = received(api.get(f"/api/jobs/{worker.id}/events"))
    assert message.event == "failed"
    assert "cut short after 9 bytes" in message.data["error"]


def test_a_silent_stream_shows_that_it_lives(
    app_state: AppState, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BEAT_S", 0.01)

    async def run() -> list[bytes]:
        stream = events.stream(app_state, job.id, 0)
        return [await anext(stream) for _ in range(3)]

    assert asyncio.run(asyncio.wait_for(run(), 20))[1:] == [b": ping\n\n"] * 2


def test_streams_end_when_the_studio_closes(app_state: AppState, job: Job) -> None:
    async def body(listener: Listener) -> None:
        waiting = asyncio.create_task(listener.all())
        await asyncio.sleep(0)
        app_state.closing.set()
        assert await waiting == []

    listening(app_state, job.id, 0, body)
    assert app_state.streams == 0


def test_a_job_removed_meanwhile_ends_its_stream(
    app_state: AppState, store: Store, job: Job
) -> None:
    async def body(listener: Listener) -> None:
        waiting = asyncio.create_task(listener.all())
        await asyncio.sleep(0)
        store.cancel(job.id)
        store.purge(job.id)
        assert [message.event for message in await waiting] in ([], ["cancelled"])

    listening(app_state, job.id, 0, body)


def test_more_listeners_than_there_is_room_for_are_refused(
    api: TestClient, app_state: AppState, job: Job
) -> None:
    app_state.streams = app_state.limits.streams
    answer = api.get(f"/api/jobs/{job.id}/events")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "10")


@pytest.mark.parametrize("header", ["x", "-1", "²", "9" * 99, "1.5", ""])
def test_a_last_event_that_none_can_be_is_the_beginning(header: str) -> None:
    assert events.last_id(header) == 0


def line(id: int, event: str = "step", **data: object) -> str:
    return json.dumps({"id": id, "event": event, "data": data}) + "\n"


def steps(first: int, last: int, shift: int = 0) -> str:
    return "".join(line(n + shift, step=n) for n in range(first, last + 1))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.jsonl"


def read_steps(tail: Tail) -> list[tuple[int, int]]:
    return [(event.id, event.data["step"]) for event in tail.read()]


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def cut(path: Path, lines: int) -> None:
    beginning = "".join(path.read_text().splitlines(keepends=True)[:lines])
    with path.open("r+") as file:
        file.truncate(len(beginning))


def test_a_file_that_is_not_there_yet_has_no_news(path: Path) -> None:
    tail = Tail(path)
    assert tail.read() == []
    path.write_text(steps(1, 2))
    assert read_steps(tail) == [(1, 1), (2, 2)]


def test_each_line_is_told_once_when_it_is_whole(path: Path) -> None:
    tail = Tail(path)
    text = steps(1, 3)
    path.write_text(text[:-5])
    assert read_steps(tail) == [(1, 1), (2, 2)]
    append(path, text[-5:])
    assert read_steps(tail) == [(3, 3)]
    assert tail.read() == []


def test_a_reader_goes_on_after_the_line_it_knows(path: Path) -> None:
    path.write_text(steps(1, 5))
    assert read_steps(Tail(path, after=3)) == [(4, 4), (5, 5)]
    assert read_steps(Tail(path, after=99)) == []


def test_what_is_repeated_after_a_cut_is_not_told_again(path: Path) -> None:
    path.write_text(steps(1, 5))
    tail = Tail(path)
    tail.read()
    cut(path, 2)
    assert tail.read() == []
    append(path, steps(3, 5))
    assert tail.read() == []
    append(path, steps(6, 7))
    assert read_steps(tail) == [(6, 6), (7, 7)]


def test_a_cut_file_that_grew_past_the_place_is_seen_through(path: Path) -> None:
    path.write_text(steps(1, 5))
    tail = Tail(path)
    tail.read()
    cut(path, 2)
    append(path, line(3, "preview", step=2) + steps(3, 9, shift=1))  # longer than before
    assert [(n, event) for n, event in read_steps(tail) if event > 5] == [
        (n + 1, n) for n in range(6, 10)
    ]


def test_a_file_written_anew_in_its_place_is_read_from_its_beginning(path: Path) -> None:
    path.write_text(steps(1, 3))
    tail = Tail(path)
    tail.read()
    other = path.with_suffix(".part")
    other.write_text(steps(1, 5))
    other.replace(path)
    assert read_steps(tail) == [(4, 4), (5, 5)]


def test_the_start_is_told_once_and_the_end_always(path: Path) -> None:
    path.write_text(line(1, "started") + line(2, step=1))
    tail = Tail(path)
    assert [event.event for event in tail.read()] == ["started", "step"]
    assert not tail.ended
    cut(path, 0)
    append(path, line(1, "started") + line(2, step=1) + line(3, "finished", step=1))
    rest = tail.read() + tail.read()
    assert [one.event for one in rest] == ["finished"]
    assert tail.ended


def test_a_large_file_comes_in_parts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "READ_BYTES", 300)
    path.write_text(steps(1, 50))
    tail, numbers = Tail(path), []
    while part := read_steps(tail):
        numbers += part
    assert numbers == [(n, n) for n in range(1, 51)]


@pytest.mark.parametrize("noise", ["\n", "[]\n", "{\n", '{"id": 9, "event": "step", "data": {}}\n'])
def test_what_is_no_event_is_waited_out(noise: str, path: Path) -> None:
    path.write_text(steps(1, 1) + noise)
    tail = Tail(path)
    assert read_steps(tail) == [(1, 1)]
    assert tail.read() == []
    cut(path, 1)
    append(path, steps(2, 2))
    assert read_steps(tail) == [(2, 2)]
