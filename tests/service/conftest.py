"""A studio on a store of its own, and a worker that does what it is told and paints nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.film_probe import FilmFacts, film_facts
from impasto.service.http import films
from impasto.service.http.app import create_app
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from tests.studio import HERE, FakeWorker, png


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.delenv("IMPASTO_DATABASE_URL", raising=False)
    opened = Store(data=tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def app(store: Store) -> FastAPI:
    return create_app(store, page=False)


@pytest.fixture
def api(app: FastAPI) -> TestClient:
    """The API as a program on this machine sees it."""
    return TestClient(app, base_url=HERE)


LOOKED_AT: dict[str, FilmFacts] = {}


@pytest.fixture
def looks_at_a_film_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that looks at a film finds the same each time, and is started for each once."""

    def remembered(path: Path) -> FilmFacts:
        if path.name not in LOOKED_AT:  # named by what is in it
            LOOKED_AT[path.name] = film_facts(path)
        return LOOKED_AT[path.name]

    monkeypatch.setattr(films, "film_facts", remembered)


Post = Callable[..., Any]


@pytest.fixture
def post(api: TestClient) -> Post:
    """Posts a job; everything but `settings` is a field's file, or a list of files."""

    def send(settings: str = '{"size": 64, "steps": 4}', **fields: Any) -> Any:
        fields = {"content": png(), "styles": png(colour="red"), **fields}
        files = []
        for name, value in fields.items():
            for data in value if isinstance(value, list) else [value]:
                files.append((name, data if isinstance(data, tuple) else (name, data)))
        return api.post("/api/jobs", files=files, data={"settings": settings})

    return send


@pytest.fixture
def job(store: Store) -> Job:
    """One that waits."""
    inputs = {"content": png(), "style": png(colour="red")}
    hashes = {role: store.folder.keep_upload(data) for role, data in inputs.items()}
    return store.add(StyleSettings(size=64, steps=4), hashes)


@pytest.fixture
def worker(store: Store, job: Job) -> FakeWorker:
    """It has the job."""
    return FakeWorker(store, job).claim()
