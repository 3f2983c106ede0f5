from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from impasto.service.http.middleware import AccessMiddleware, security_headers
from impasto.service.http.state import Limits

TOKEN = "a token of some length"
MINE = {"Authorization": f"Bearer {TOKEN}"}
HERE = "http://127.0.0.1"
SMALL = Limits(max_upload_mb=0.001, idle_s=0.05, answer_s=0.05)


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Reads all it gets, and tells how much it was."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def request(
    access: AccessMiddleware, messages: Iterable[Message], **scope: Any
) -> tuple[int, dict[str, Any]]:
    """Status and JSON of an answer to a request whose body comes in these parts, then never."""
    parts, sent = iter(messages), []

    async def receive() -> Message:
        for message in parts:
            return message
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    full = {"type": "http", "method": "POST", "path": "/api/jobs", "client": ("1.2.3.4", 5)}
    full |= {"headers": [(b"host", b"localhost")], "query_string": b"", **scope}
    asyncio.run(access(full, receive, send))
    return sent[0]["status"], json.loads(b"".join(m.get("body", b"") for m in sent[1:]))


def part(size: int, more: bool = True) -> Message:
    return {"type": "http.request", "body": bytes(size), "more_body": more}


def test_what_is_within_limits_passes() -> None:
    assert request(AccessMiddleware(echo, limits=SMALL), [part(600), part(400, more=False)]) == (
        200,
        1000,
    )


def test_a_declared_length_above_the_limit_is_refused_unread() -> None:
    length = [(b"host", b"localhost"), (b"content-length", b"2000000000")]
    status, body = request(AccessMiddleware(echo, limits=SMALL), [], headers=length)
    assert status == 413
    assert "2,000,000,000 bytes or more, above the limit of 0.001 MB" in body["detail"]


def test_a_body_that_grows_above_the_limit_is_refused_then() -> None:
    status, body = request(AccessMiddleware(echo, limits=SMALL), [part(600), part(401), part(1)])
    assert (status, body["status"]) == (413, 413)


@pytest.mark.parametrize("length", [b"-1", b"1e9", b"x", b"9" * 19, "²".encode()])
def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    headers = [(b"host", b"localhost"), (b"content-length", length)]
    assert request(AccessMiddleware(echo), [], headers=headers)[0] == 400


def test_a_body_that_stalls_is_not_waited_for() -> None:
    assert request(AccessMiddleware(echo, limits=SMALL), [part(10)])[0] == 408


def test_an_answer_that_does_not_begin_is_not_waited_for() -> None:
    async def sleeper(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()
        await asyncio.Event().wait()

    status, body = request(AccessMiddleware(sleeper, limits=SMALL), [part(1, more=False)])
    assert (status, body["type"]) == (503, "urn:impasto:problem:busy")


def test_a_stream_may_last_longer_than_an_answer_may_take() -> None:
    async def slow(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        loop = asyncio.get_running_loop()
        late = loop.create_future()
        loop.call_later(3 * SMALL.answer_s, late.set_result, None)
        await late
        await send({"type": "http.response.body", "body": b"1"})

    assert request(AccessMiddleware(slow, limits=SMALL), [part(1, more=False)]) == (200, 1)


def test_a_stream_behind_it_ends_when_the_studio_closes() -> None:
    closing = threading.Event()

    async def stream(_scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        closing.set()
        message = await receive()  # from a listener who never leaves
        await send({"type": "http.response.body", "body": json.dumps(message).encode()})

    body = request(AccessMiddleware(stream, closing=closing), [part(1, more=False)])
    assert body == (200, {"type": "http.disconnect"})


def test_an_error_behind_it_is_one_sentence_without_a_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("secret %s {0}")

    status, body = request(AccessMiddleware(broken), [part(1, more=False)], path="/a%s{0}\n")
    assert (status, body["type"]) == (500, "urn:impasto:problem:internal")
    assert "secret" not in json.dumps(body)
    assert "RuntimeError: secret" in caplog.text


@pytest.fixture
def guarded() -> TestClient:
    return TestClient(AccessMiddleware(echo, token=TOKEN), base_url="http://studio.example")


def test_without_the_token_nothing_is_told(guarded: TestClient) -> None:
    for path in ("/", "/api/jobs", "/metrics", "/openapi.json", "/gradio_api/queue/join"):
        answer = guarded.get(path)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Basic ")  # browsers ask then
        assert "default-src" in answer.headers["content-security-policy"]


def test_with_the_token_under_any_name_everything_is(guarded: TestClient) -> None:
    assert guarded.get("/", headers=MINE).status_code == 200
    assert guarded.get("/", auth=("anybody", TOKEN)).status_code == 200


def test_health_needs_no_token(guarded: TestClient) -> None:
    assert [guarded.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


def test_who_guesses_tokens_has_to_wait() -> None:
    access = AccessMiddleware(echo, token=TOKEN, limits=Limits(wrong_tokens=2))
    client = TestClient(access, base_url=HERE)
    assert [client.get("/").status_code for _ in range(3)] == [401, 401, 429]
    answer = client.get("/", headers=MINE)  # even the right one, or a guess would still show
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10


def test_one_client_cannot_ask_without_end() -> None:
    client = TestClient(
        AccessMiddleware(echo, limits=Limits(requests_per_s=0.5, burst=2)), base_url=HERE
    )
    answers = [client.get("/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "2"


def test_without_a_token_other_names_are_refused() -> None:
    client = TestClient(AccessMiddleware(echo), base_url="http://evil.example")
    assert client.get("/").status_code == 403
    assert client.get("/healthz").status_code == 403


def test_no_other_site_may_change_anything_unless_it_was_allowed() -> None:
    site = {"Origin": "https://site.example"}
    closed = TestClient(AccessMiddleware(echo, token=TOKEN), base_url=HERE)
    assert closed.post("/api/jobs", headers=MINE | site).status_code == 403
    access = AccessMiddleware(echo, token=TOKEN, origins=["https://site.example"])
    opened = TestClient(access, base_url=HERE)
    assert opened.post("/api/jobs", headers=MINE | site).status_code == 200
    other = {"Origin": "https://b.example"}
    assert opened.post("/api/jobs", headers=MINE | other).status_code == 403


def test_sockets_of_another_kind_are_closed() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(AccessMiddleware(echo)({"type": "websocket", "path": "/"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_the_observer_hears_of_refusals_too() -> None:
    heard = []
    access = AccessMiddleware(
        echo, observer=lambda scope, status, _s: heard.append((scope["path"], status))
    )
    TestClient(access, base_url=HERE).get("/a")
    TestClient(access, base_url="http://evil.example").get("/b")
    assert heard == [("/a", 200), ("/b", 403)]


@pytest.mark.parametrize("path", ["/api/jobs", "/metrics", "/healthz", "/openapi.json"])
def test_an_answer_of_the_api_may_do_nothing_in_a_browser(path: str) -> None:
    headers = security_headers(path)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/apiary"])
def test_the_page_takes_everything_from_this_host(path: str) -> None:
    policy = security_headers(path)["Content-Security-Policy"]
    sources = {word for part in policy.split("; ") for word in part.split()[1:]}
    assert sources == {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}


@pytest.mark.parametrize("path", ["/live", "/live/worker.js"])
def test_the_live_page_compiles_webassembly_apart_from_other_pages(path: str) -> None:
    headers = security_headers(path)
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    sources = {word for part in policy.split("; ") for word in part.split()[1:]}
    assert sources == {"'self'", "'none'", "'wasm-unsafe-eval'", "blob:"}
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.mark.parametrize("path", ["/", "/lively", "/api/live", "/gradio_api/live", "/a/live"])
def test_no_other_page_gets_what_the_live_page_needs(path: str) -> None:
    headers = security_headers(path)
    assert "Cross-Origin-Embedder-Policy" not in headers
    assert "wasm" not in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_the_camera_is_for_the_live_page_alone() -> None:
    with_camera = [
        path
        for path in ("/", "/live", "/live/", "/live/live.js", "/api/jobs")
        if "camera=(self)" in security_headers(path)["Permissions-Policy"]
    ]
    assert with_camera == ["/live"]


def test_no_answer_is_framed_or_guessed_at() -> None:
    for path in ("/", "/api/jobs", "/live"):
        headers = security_headers(path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
