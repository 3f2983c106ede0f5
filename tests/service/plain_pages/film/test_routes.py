"""The page of films over HTTP: what it knows, and its headers."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("gradio", reason="the extra web is not installed")

from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service import film_probe
from impasto.service.http import problems
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.http.state import AppState, Limits
from impasto.service.jobs.store import Store
from impasto.service.plain_pages.film.routes import routes
from tests.studio import HERE


@pytest.fixture
def http(store: Store) -> TestClient:
    app = FastAPI()
    app.state.studio = AppState(store, Limits(max_film_mb=1.5, max_film_seconds=20))
    problems.install(app)
    app.include_router(routes())
    app.add_middleware(AccessMiddleware)
    return TestClient(app, base_url=HERE)


def test_the_page_knows_the_limits(http: TestClient) -> None:
    contents = http.get("/film/contents.json").json()
    assert contents["limits"]["bytes"] == 1_500_000
    assert contents["limits"]["seconds"] == 20


def test_a_studio_without_the_extra_says_that_it_is_not_ready(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ready() -> Any:
        return http.get("/film/contents.json").json()["ready"]

    monkeypatch.setattr(film_probe, "find_spec", lambda _name: object())
    assert ready() is True
    monkeypatch.setattr(film_probe, "find_spec", lambda _name: None)
    assert ready() is False


def test_the_page_runs_its_own_scripts_alone_and_speaks_to_its_own_host(http: TestClient) -> None:
    policy = http.get("/film").headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "media-src 'self' blob:" in policy
    assert http.get("/film").headers["permissions-policy"].startswith("camera=()")
