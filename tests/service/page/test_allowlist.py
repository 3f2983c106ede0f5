"""Which of Gradio's routes can be reached, and which files calls may name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from impasto.service.page.allowlist import LARGEST_CALL, LARGEST_DRAWING, AllowList


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(b"inside " + body[:200])(scope, receive, send)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    place = tmp_path / "cache"
    place.mkdir()
    (place / "a.png").write_bytes(b"x")
    (tmp_path / "secret.txt").write_bytes(b"x")
    return place


@pytest.fixture
def guarded(cache: Path) -> TestClient:
    return TestClient(AllowList(inner, cache, drawn=[8]))


@pytest.mark.parametrize(
    "path",
    ["/", "/config", "/theme.css", "/assets/a.js", "/static/x", "/gradio_api/heartbeat/abc1"],
)
def test_what_the_page_needs_passes(guarded: TestClient, path: str) -> None:
    assert guarded.get(path).text == "inside "


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/file=http://example.org/",
        "/gradio_api/info",
        "/gradio_api/deep_link",
        "/gradio_api/stream/a/b/1/playlist.m3u8",
        "/monitoring",
        "/login",
        "/api/nothing",
        "/gradio_api/file/etc/passwd",
    ],
)
def test_everything_else_is_not_there(guarded: TestClient, path: str) -> None:
    assert guarded.get(path).status_code == 404
    assert guarded.post(path, json={}).status_code == 404


def test_files_of_the_cache_are_given_and_run_nothing(guarded: TestClient, cache: Path) -> None:
    answer = guarded.get(f"/gradio_api/file={cache}/a.png")
    assert answer.text == "inside "
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "name", ["{0}/../secret.txt", "/etc/passwd", "a.png", "", "{0}/a\0.png", "{0}x/a.png"]
)
def test_no_other_file_is_given_or_taken(guarded: TestClient, cache: Path, name: str) -> None:
    name = name.format(cache)
    if "\0" not in name:
        assert guarded.get(f"/gradio_api/file={name}").status_code == 404
    call = {"data": [[{"deep": {"path": name, "meta": {"_type": "gradio.FileData"}}}]]}
    assert guarded.post("/gradio_api/run/predict", json=call).status_code == 403
    assert guarded.post("/gradio_api/queue/join", json=call).status_code == 403


def test_a_link_out_of_the_cache_leads_nowhere(guarded: TestClient, cache: Path) -> None:
    (cache / "link").symlink_to(cache.parent / "secret.txt")
    assert guarded.get(f"/gradio_api/file={cache}/link").status_code == 404


@pytest.mark.parametrize("path", ["http://169.254.169.254/", "https://example.org/a.png", 7, []])
def test_no_address_is_taken_for_a_file(guarded: TestClient, path: Any) -> None:
    call = {"data": [{"path": path, "meta": {"_type": "gradio.FileData"}}]}
    assert guarded.post("/gradio_api/run/predict", json=call).status_code == 403


def test_a_call_about_files_of_the_cache_arrives_whole(guarded: TestClient, cache: Path) -> None:
    call = json.dumps({"data": [{"path": f"{cache}/a.png"}, {"path": None}, "text"]})
    answer = guarded.post("/gradio_api/run/predict", content=call)
    assert answer.text == f"inside {call[:200]}"


def test_a_call_that_is_not_json_or_too_large_is_refused(guarded: TestClient) -> None:
    assert guarded.post("/gradio_api/run/predict", content="{").status_code == 400
    assert guarded.post("/gradio_api/run/predict", content="[" * 100_000).status_code == 400
    large = b'"' + b"a" * LARGEST_DRAWING + b'"'
    assert guarded.post("/gradio_api/run/predict", content=large).status_code == 413


def test_only_what_gets_a_drawing_is_called_with_much(guarded: TestClient) -> None:
    much = "a" * (LARGEST_CALL + 1)
    calls = [{"fn_index": 8, "data": [much]}, {"fn_index": 9, "data": [much]}, {"data": [much]}]
    answers = [guarded.post("/gradio_api/run/predict", json=call).status_code for call in calls]
    assert answers == [200, 413, 413]
    assert guarded.post("/gradio_api/run/predict", json=[much]).status_code == 413
