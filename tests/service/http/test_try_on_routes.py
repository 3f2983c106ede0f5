"""Thumbnails and drafts over HTTP; what paints them is a stand-in."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from typing import Any

import anyio
import httpx
import pytest
from starlette.testclient import TestClient

from impasto import samples
from impasto.errors import QueueFullError
from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.service.try_on.painter import Refusal
from impasto.service.try_on.process import Refused, Unavailable
from tests.studio import HERE, png
from tests.tried import FakeTryOn, jpeg


@pytest.fixture
def studio() -> FakeTryOn:
    return FakeTryOn()


@pytest.fixture
def client(store: Store, studio: FakeTryOn) -> TestClient:
    limits = Limits(max_draft_megapixels=0.01)
    return TestClient(create_app(store, page=False, try_on=studio, limits=limits), base_url=HERE)


def form(**fields: bytes) -> dict[str, Any]:
    return {"files": [(name, (f"{name}.png", data)) for name, data in fields.items()]}


def test_a_photograph_comes_back_in_every_sample_style(
    client: TestClient, studio: FakeTryOn
) -> None:
    answer = client.post("/api/try-on", **form(content=png()))
    assert answer.status_code == 200
    told = answer.json()
    assert told["side"] == 112
    assert tuple(one["style"] for one in told["pictures"]) == samples.names("style")
    head, _, data = told["pictures"][0]["image"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(data) == jpeg(112, 112, "teal")
    assert studio.strips == [png()]
    assert studio.clients == ["testclient"]


def test_a_draft_is_a_jpeg_of_what_would_be_a_job(
    client: TestClient, studio: FakeTryOn, store: Store
) -> None:
    asked = form(content=png(), styles=png(colour="red"), keep=png(colour="black"))
    answer = client.post("/api/drafts", data={"settings": '{"strength": 0.8}'}, **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.content == jpeg(96, 64, "gold")
    ((inputs, settings),) = studio.drafts
    assert inputs == {"content": png(), "style": png(colour="red"), "keep": png(colour="black")}
    assert settings.strength == 0.8
    assert store.jobs() == []


def test_the_draft_of_a_job_is_made_of_its_uploads_and_kept_by_browsers(
    client: TestClient, studio: FakeTryOn, store: Store, job: Job
) -> None:
    answer = client.get(f"/api/jobs/{job.id}/draft")
    assert (answer.status_code, answer.content) == (200, jpeg(96, 64, "gold"))
    assert answer.headers["cache-control"] == "private, max-age=3600"
    ((inputs, settings),) = studio.drafts
    assert inputs == {role: store.folder.upload(name) for role, name in job.inputs.items()}
    assert settings.steps == 4


Ask = Callable[[TestClient], httpx.Response]


@pytest.mark.parametrize(
    ("ask", "status", "words"),
    [
        (lambda c: c.post("/api/try-on", json={}), 415, "the request is no form"),
        (lambda c: c.post("/api/try-on", **form(styles=png())), 422, "0 content images"),
        (lambda c: c.post("/api/try-on", **form(content=png(), styles=png())), 422, "alone"),
        (
            lambda c: c.post("/api/try-on", data={"settings": "{}"}, **form(content=png())),
            422,
            "alone",
        ),
        (lambda c: c.post("/api/try-on", **form(content=png(), model=png())), 422, "model"),
        (lambda c: c.post("/api/try-on", **form(content=b"")), 422, "the content image is empty"),
        (lambda c: c.post("/api/try-on", **form(content=b"?" * 99)), 415, "not a picture"),
        (lambda c: c.post("/api/try-on", **form(content=png(200, 100))), 413, "above the limit"),
        (lambda c: c.post("/api/drafts", **form(content=png())), 422, "style"),
        (
            lambda c: c.post("/api/drafts", **form(content=png(), styles=png(200, 100))),
            413,
            "the style image is 200 x 100 px",
        ),
        (
            lambda c: c.post(
                "/api/drafts",
                data={"settings": '{"model": "mine.safetensors"}'},
                **form(content=png(), styles=png()),
            ),
            422,
            "model is 'mine.safetensors', but it is for who runs the server to choose",
        ),
        (lambda c: c.get(f"/api/jobs/{'0' * 32}/draft"), 404, "there is no job"),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_painted(
    client: TestClient, studio: FakeTryOn, ask: Ask, status: int, words: str
) -> None:
    answer = ask(client)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
    assert not studio.strips
    assert not studio.drafts


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (Refused(Refusal(422, "picture", "it is cut short: send it again")), 422, "picture"),
        (QueueFullError("4 drafts of yours are waiting: try again later"), 429, "queue-full"),
        (Unavailable(), 503, "busy"),
        (RuntimeError("nobody foresaw that"), 500, "internal"),
    ],
)
def test_what_goes_wrong_later_is_a_problem_too(
    client: TestClient, studio: FakeTryOn, error: Exception, status: int, kind: str
) -> None:
    def fail(_: threading.Event) -> None:
        raise error

    studio.before = fail
    for path, fields in (
        ("/api/try-on", {"content": png()}),
        ("/api/drafts", {"content": png(), "styles": png()}),
    ):
        answer = client.post(path, **form(**fields))
        assert answer.status_code == status
        assert answer.json()["type"] == f"urn:impasto:problem:{kind}"
        assert ("retry-after" in answer.headers) == (status in (429, 503))


def test_a_studio_without_a_try_on_refuses_by_name(api: TestClient, job: Job) -> None:
    for answer in (
        api.post("/api/try-on", **form(content=png())),
        api.post("/api/drafts", **form(content=png(), styles=png())),
        api.get(f"/api/jobs/{job.id}/draft"),
    ):
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:impasto:problem:no-try-on"


def test_a_token_is_asked_for(store: Store, studio: FakeTryOn) -> None:
    app = create_app(store, page=False, try_on=studio, token="correct horse battery")
    answer = TestClient(app, base_url=HERE).post("/api/try-on", **form(content=png()))
    assert answer.status_code == 401
    assert not studio.strips


def test_who_leaves_is_noticed_while_it_is_painted(store: Store, studio: FakeTryOn) -> None:
    app = create_app(store, page=False, try_on=studio)
    noticed: list[bool] = []
    studio.before = lambda gone: noticed.append(gone.wait(60))
    request = httpx.Request("POST", f"{HERE}/api/try-on", **form(content=png()))
    messages = [{"type": "http.request", "body": request.read()}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/try-on",
        "query_string": b"",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
    }

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        del message

    anyio.run(app, scope, receive, send)
    assert noticed == [True]
