"""A drawing, words or a face over HTTP: posted, it is a job as any other."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.contract import State
from impasto.service.http import api as jobs
from impasto.service.http import problems
from impasto.service.http.arranged import ArrangedForm
from impasto.service.http.arranged_routes import routes
from impasto.service.http.state import AppState, Limits
from impasto.service.jobs.store import Store
from tests import toys
from tests.service.http.test_api import problem
from tests.studio import HERE, png

FORM = ArrangedForm(
    toys.KIND, {"content": "The drawing.", "style": "The painting.", "labels": "The map."}
)
SETTINGS = '{"recipe": "default", "size": 64, "steps": 4}'


@pytest.fixture
def api(store: Store, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    toys.install(monkeypatch)
    app = FastAPI()
    app.state.studio = AppState(store, Limits(max_megapixels=0.001, max_styles=1, max_queued=1))
    problems.install(app)
    app.include_router(routes(FORM, "Queue a toy"))
    app.include_router(jobs.router)
    return TestClient(app, base_url=HERE)


def post(api: TestClient, options: str = "{}", settings: str = SETTINGS, **more: Any) -> Any:
    fields: dict[str, Any] = {"content": png(), "styles": png(colour="red"), **more}
    files = [
        (name, (name, one))
        for name, data in fields.items()
        for one in (data if isinstance(data, list) else [data])
    ]
    return api.post("/api/toys", files=files, data={"options": options, "settings": settings})


def test_a_posted_kind_waits_with_its_options_and_its_pictures(
    api: TestClient, store: Store
) -> None:
    answer = post(api, '{"upside_down": true}', labels=png(5, 5))
    assert answer.status_code == 202
    body = answer.json()
    assert answer.headers["location"] == f"/api/jobs/{body['id']}"
    assert (body["kind"], body["state"]) == (toys.KIND, "queued")
    assert body["options"] == {"upside_down": True, "title": "", "font": None}
    assert list(body["inputs"]) == ["content", "style", "labels"]
    assert store.folder.upload(body["inputs"]["labels"]).read_bytes() == png(5, 5)
    shown = api.get(f"/api/jobs/{body['id']}").json()
    assert shown["options"]["upside_down"] is True
    assert api.delete(f"/api/jobs/{body['id']}").json()["state"] == State.CANCELLED


def test_a_full_queue_refuses_before_the_pictures_are_kept(api: TestClient, store: Store) -> None:
    assert post(api).status_code == 202
    kept = len(list((store.folder.path / "uploads").rglob("*")))
    assert "jobs are waiting" in problem(post(api, labels=png(6, 6)), 429, "queue-full")
    assert len(list((store.folder.path / "uploads").rglob("*"))) == kept


@pytest.mark.parametrize(
    ("asked", "status", "kind", "sentence"),
    [
        ({"content": []}, 422, "input", "0 content images are given: send exactly one"),
        ({"styles": []}, 422, "input", "the style image is missing: give one"),
        ({"styles": [png(), png()]}, 422, "input", "2 styles are above the limit of 1"),
        ({"labels": [png(), png()]}, 422, "input", "labels has 2 files: send one"),
        ({"masks": png()}, 422, "unknown-name", "'masks' is not a field of the form"),
        ({"content": png(40, 40)}, 413, "picture", "0.001"),
        ({"styles": b"no picture"}, 415, "picture", "style image"),
        ({"options": "["}, 422, "setting", "options is not JSON"),
        ({"options": '{"font": "a.ttf"}'}, 422, "setting", "for who runs the server to choose"),
        ({"settings": '{"model": "m.onnx"}'}, 422, "setting", "for who runs the server"),
    ],
)
def test_what_does_not_fit_is_refused_and_makes_no_job(
    api: TestClient, store: Store, asked: dict[str, Any], status: int, kind: str, sentence: str
) -> None:
    if "settings" in asked:
        asked = {**asked, "settings": asked["settings"].replace("{", '{"recipe": "default", ')}
    assert sentence in problem(post(api, **asked), status, kind)
    assert store.jobs() == []
