"""The client against the real API, over a transport that stays in this process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.errors import (
    PictureError,
    ServerError,
    SettingError,
    UnknownJobError,
    UnknownNameError,
)
from impasto.events import Event, Finished, Preview, Started, Step
from impasto.service.client import Client
from impasto.service.client import client as module
from impasto.service.contract import JobOut
from impasto.service.http import events as server_events
from impasto.service.http.app import create_app
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings, from_stored, load_settings
from tests.studio import HERE, LOSSES, FakeWorker, png

TOKEN = "a token of some length"


class Through(httpx.BaseTransport):
    """Hands requests to an application; its answers come whole."""

    def __init__(self, app: FastAPI) -> None:
        self._client = TestClient(app, base_url=HERE)
        self.requests: list[httpx.Request] = []
        self.spoil: Callable[[httpx.Request, bytes], bytes] = lambda _request, body: body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._client.request(
            request.method, str(request.url), content=request.read(), headers=dict(request.headers)
        )
        body = self.spoil(request, answer.content)
        return httpx.Response(answer.status_code, headers=dict(answer.headers), content=body)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_events, "POLL_S", 0.002)
    monkeypatch.setattr(server_events, "LOOK_S", 0.01)
    monkeypatch.setattr(module.time, "sleep", lambda _seconds: None)


@pytest.fixture
def through(app: FastAPI) -> Through:
    return Through(app)


@pytest.fixture
def client(through: Through) -> Iterator[Client]:
    with Client(HERE, transport=through) as opened:
        yield opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(png())
    return path


def test_a_job_is_sent_with_all_its_settings(client: Client, store: Store, photo: Path) -> None:
    sent = client.submit(photo, [photo, png(colour="red")], size=64, masks=[png(), png()])
    assert isinstance(sent, JobOut)
    assert (sent.state, sent.ended, sent.step) == ("queued", False, 0)
    row = store.get(sent.id)
    assert from_stored(row.settings) == StyleSettings(size=64)
    assert list(row.inputs) == ["content", "style", "style 2", "mask", "mask 2"]
    assert client.job(sent.id) == sent
    assert [job.id for job in client.jobs(limit=1)] == [sent.id]
    assert client.jobs(state="failed") == []


def test_what_is_kept_is_sent_too(client: Client, store: Store, photo: Path) -> None:
    sent = client.submit(photo, photo, keep=png())
    assert list(store.get(sent.id).inputs) == ["content", "style", "keep"]


def test_words_that_only_guide_are_sent_beside_a_style(
    client: Client, app: FastAPI, store: Store, photo: Path
) -> None:
    app.state.studio.guides = True
    job = client.submit(photo, png(), prompt="a stormy sea", text_weight=0.5, size=64)
    kept = store.get(job.id)
    assert kept.plan is not None
    assert kept.plan["text"] == "a stormy sea"
    assert list(kept.inputs) == ["content", "style"]
    assert kept.settings["text_weight"] == 0.5
    with pytest.raises(SettingError, match="prompt is 'calm', and text says what is painted"):
        client.submit(photo, png(), text="woodcut", prompt="calm", text_weight=0.5)


def test_settings_and_single_ones_go_together(client: Client, photo: Path) -> None:
    sent = client.submit(photo, str(photo), StyleSettings(recipe="gatys"), steps=9)
    assert (sent.settings["recipe"], sent.settings["steps"]) == ("gatys", 9)


def test_what_the_method_does_not_heed_is_refused_if_it_was_given_and_left_if_a_recipe_says_it(
    client: Client, store: Store, photo: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match="steps means nothing to the method one-pass"):
        client.submit(photo, photo, method="one-pass", steps=20)
    assert not store.jobs()
    own = tmp_path / "own.toml"
    own.write_text("recipe = 'default'\nsteps = 20\ncontent_weight = 2\nstyle_scale = 0.5\n")
    there = client.submit(photo, photo, load_settings({"recipe": str(own), "method": "one-pass"}))
    assert (there.settings["method"], there.settings["style_scale"]) == ("one-pass", 0.5)


def test_events_are_those_of_a_run_at_home(client: Client, worker: FakeWorker) -> None:
    worker.paint()
    events = list(client.events(worker.id))
    assert [type(event) for event in events] == [Started, *[Step] * 4, Preview, Finished]
    assert events[1] == Step(1, 4, (43, 64), LOSSES, 0.5)
    assert client.image(worker.id) == png(64, 43, "orange")
    assert client.image(worker.id, "webp")[8:12] == b"WEBP"
    assert client.preview(worker.id) == png(6, 4, "gold")
    assert client.losses(worker.id)["step"] == [1, 2, 3, 4]
    finished = client.job(worker.id)
    assert (finished.state, finished.seconds, finished.ended) == ("finished", 2.0, True)
    client.purge(worker.id)
    with pytest.raises(UnknownJobError):
        client.job(worker.id)


def test_a_broken_stream_is_taken_up_where_it_broke(
    client: Client, through: Through, worker: FakeWorker
) -> None:
    worker.paint()

    def broken(request: httpx.Request, body: bytes) -> bytes:
        if not request.url.path.endswith("/events"):
            return body
        return body[: body.find(b"\n\n", 20) + 9]  # one event, and the beginning of another

    through.spoil = broken
    assert [type(event) for event in client.events(worker.id)] == [
        Started, *[Step] * 4, Preview, Finished,
    ]  # fmt: skip
    last_ids = [request.headers.get("last-event-id") for request in through.requests]
    assert last_ids[1] is None
    assert last_ids[2:] == sorted(last_ids[2:], key=int)


def test_a_repeated_job_tells_no_step_twice(client: Client, worker: FakeWorker) -> None:
    events: list[Event] = []
    worker.start()
    for number in (1, 2, 3):
        worker.step(number)

    def hear() -> None:
        for event in client.events(worker.id):
            events.append(event)

    # The answers come whole here, so the stream has to end before anything is heard of it.
    listener = threading.Thread(target=hear)
    listener.start()
    worker.cut(keep=2)
    for number in (2, 3, 4):
        worker.step(number)
    worker.finish()
    listener.join(60)
    assert [event.step for event in events if isinstance(event, Step)] == [1, 2, 3, 4]
    assert isinstance(events[-1], Finished)


def test_a_failed_job_raises_what_a_run_at_home_would(client: Client, worker: FakeWorker) -> None:
    worker.fail("the content image is cut short after 9 bytes", kind="PictureError")
    with pytest.raises(PictureError, match=r"^the content image is cut short after 9 bytes$"):
        list(client.events(worker.id))


def test_a_cancelled_job_is_told(client: Client, job: Job) -> None:
    assert client.cancel(job.id).state == "cancelled"
    with pytest.raises(ServerError, match=f"job {job.id} was cancelled on {HERE}"):
        list(client.events(job.id))


def test_painting_there_gives_the_picture_and_tells_the_way(
    client: Client, store: Store, photo: Path
) -> None:
    def paint() -> None:
        while not (waiting := store.jobs()):
            pass
        FakeWorker(store, waiting[0]).claim().paint()

    painter = threading.Thread(target=paint)
    painter.start()
    events: list[Event] = []
    assert client.stylize(photo, photo, size=64, on_event=events.append) == png(64, 43, "orange")
    painter.join(60)
    assert len(events) == 7


def test_who_stops_to_wait_cancels(client: Client, store: Store, photo: Path) -> None:
    def enough(_event: Event) -> None:
        raise KeyboardInterrupt

    def begin() -> None:
        while not (waiting := store.jobs()):
            pass
        FakeWorker(store, waiting[0]).claim().paint()

    painter = threading.Thread(target=begin)
    painter.start()
    with pytest.raises(KeyboardInterrupt):
        client.stylize(photo, photo, size=64, on_event=enough)
    painter.join(60)


def test_refusals_are_the_errors_of_home(client: Client, photo: Path, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="the content image is empty"):
        client.submit(b"", photo)
    with pytest.raises(SettingError, match="device is 'cuda:1'"):
        client.submit(photo, photo, device="cuda:1")
    with pytest.raises(PictureError, match=r"nowhere\.jpg cannot be read"):
        client.submit(tmp_path / "nowhere.jpg", photo)
    with pytest.raises(UnknownNameError, match="'sise' is not a setting"):
        client.submit(photo, photo, sise=64)
    with pytest.raises(UnknownJobError):
        client.cancel("0" * 32)
    with pytest.raises(SettingError, match="is not a job's id"):
        client.image("../../recipes")


def test_recipes_are_those_of_the_server(client: Client) -> None:
    by_name = client.recipes()
    assert StyleSettings(**by_name["chapter"]["settings"]) == StyleSettings(recipe="chapter")


def test_the_token_is_sent(store: Store) -> None:
    guarded = Through(create_app(store, token=TOKEN, page=False))
    assert Client(HERE, TOKEN, transport=guarded).jobs() == []
    with pytest.raises(ServerError, match="wants its token") as caught:
        Client(HERE, "another", transport=guarded).jobs()
    assert caught.value.status == 401


@pytest.mark.parametrize(
    "url", ["", "studio:8000", "ftp://a", "http://", "http://a:x", "file:///a"]
)
def test_what_is_no_address_is_told(url: str) -> None:
    with pytest.raises(SettingError, match="is no address of a server"):
        Client(url)


def test_a_token_no_header_can_carry_is_told() -> None:
    with pytest.raises(SettingError, match="letters no header can carry"):
        Client(HERE, "ge\nheim")


def test_a_server_that_is_not_there_is_one_sentence() -> None:
    # Port 9 discards, and nothing listens there.
    with Client("http://127.0.0.1:9") as client, pytest.raises(ServerError) as caught:
        client.jobs()
    assert "http://127.0.0.1:9 cannot be reached" in str(caught.value)
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", json.dumps({"id": "x"}).encode()])
def test_another_server_is_told_apart(body: bytes) -> None:
    other = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    with Client(HERE, transport=other) as client, pytest.raises(ServerError, match="impasto's"):
        client.job("0" * 32)
