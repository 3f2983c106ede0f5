"""The parts of a painting as colours, and a drawing painted at once; what paints is a stand-in."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from tests.service.http.test_api import problem
from tests.studio import HERE, png
from tests.tried import COLOURS, FakeTryOn, jpeg


@pytest.fixture
def studio() -> FakeTryOn:
    return FakeTryOn()


@pytest.fixture
def client(store: Store, studio: FakeTryOn) -> TestClient:
    limits = Limits(max_draft_megapixels=0.001)
    return TestClient(create_app(store, page=False, try_on=studio, limits=limits), base_url=HERE)


def form(**fields: bytes) -> dict[str, Any]:
    return {"files": [(name, (f"{name}.png", data)) for name, data in fields.items()]}


def test_the_parts_of_a_painting_are_colours_with_a_place(
    client: TestClient, studio: FakeTryOn
) -> None:
    answer = client.post("/api/doodles/palette", **form(styles=png(), labels=png(5, 5)))
    assert answer.status_code == 200
    assert answer.json() == {"colours": COLOURS}
    assert studio.palettes == [{"style": png(), "labels": png(5, 5)}]


def test_a_preview_is_a_draft_of_the_drawing_and_no_job(
    client: TestClient, studio: FakeTryOn, store: Store
) -> None:
    asked = form(content=png(), styles=png(colour="red"))
    answer = client.post("/api/doodles/preview", **asked)
    assert (answer.status_code, answer.content) == (200, jpeg(96, 64, "gold"))
    ((inputs, settings),) = studio.drafts
    assert inputs == {"content": png(), "style": png(colour="red")}
    assert settings.recipe == "doodle"
    assert [kind for kind, _ in studio.kinds] == ["doodle"]
    assert store.jobs() == []


def test_what_is_too_large_to_wait_for_is_refused(client: TestClient) -> None:
    large = form(content=png(), styles=png(40, 40))
    for route in ("palette", "preview"):
        asked = large if route == "preview" else {"files": large["files"][1:]}
        problem(client.post(f"/api/doodles/{route}", **asked), 413, "picture")


def test_a_palette_wants_a_painting(client: TestClient) -> None:
    assert "0 style images" in problem(
        client.post("/api/doodles/palette", **form(labels=png())), 422, "input"
    )


def test_a_studio_may_do_without(store: Store) -> None:
    client = TestClient(create_app(store, page=False), base_url=HERE)
    for route in ("palette", "preview"):
        asked = form(content=png(), styles=png())
        problem(client.post(f"/api/doodles/{route}", **asked), 503, "no-try-on")
