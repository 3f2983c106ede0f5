"""Words about a painting over HTTP: shown as a plan, and painted."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from impasto import samples
from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from tests.service.http.test_api import problem
from tests.studio import HERE, png
from tests.tried import FakeTryOn

WORDS = "三分水彩七分浮世绘，细笔触"


@pytest.fixture
def studio() -> FakeTryOn:
    return FakeTryOn()


@pytest.fixture
def client(store: Store, studio: FakeTryOn) -> TestClient:
    app = create_app(store, page=False, try_on=studio, limits=Limits(max_phrase=40))
    return TestClient(app, base_url=HERE)


def post(client: TestClient, to: str = "jobs", settings: str = "{}", **fields: Any) -> Any:
    files = [(name, (name, data)) for name, data in ({"content": png()} | fields).items()]
    return client.post(f"/api/{to}", files=files, data={"text": WORDS, "settings": settings})


def test_a_plan_shows_styles_shares_and_the_command_line(client: TestClient) -> None:
    plan = client.post("/api/plan", json={"text": WORDS}).json()
    assert [(style["source"], style["share"]) for style in plan["styles"]] == [
        ("ukiyo-e", 0.7),
        ("watercolour", 0.3),
    ]
    assert plan["style_scale"] < 1
    assert plan["command_line"].startswith("impasto stylize photo.jpg ukiyo-e watercolour --style-")
    assert plan["unknown"] == []


def test_words_that_are_unknown_are_named_with_their_nearest(client: TestClient) -> None:
    (unknown,) = client.post("/api/plan", json={"text": "watercolor, dapled"}).json()["unknown"]
    assert unknown["words"] == "dapled"


def test_styles_beside_the_words_stand_first(client: TestClient) -> None:
    plan = client.post("/api/plan", json={"text": "a little woodcut", "styles": 1}).json()
    assert "photo.jpg style-1.jpg woodcut --style-blend" in plan["command_line"]


@pytest.mark.parametrize(
    ("asked", "kind", "sentence"),
    [
        ({"text": "qqqq"}, "setting", "says nothing that is known here"),
        ({"text": "cold " * 20}, "input", "100 characters, above the limit of 40"),
        ({"text": "cold", "styles": 9}, "parameter", "styles"),
        ({"text": "cold", "endpoint": "http://x"}, "parameter", "endpoint"),
    ],
)
def test_what_does_not_fit_is_refused(
    client: TestClient, asked: dict[str, Any], kind: str, sentence: str
) -> None:
    assert sentence in problem(client.post("/api/plan", json=asked), 422, kind)


def test_the_vocabulary_is_listed_in_both_languages(client: TestClient) -> None:
    words = client.get("/api/words").json()["words"]
    assert len(words) > 200
    (watercolour,) = [word for word in words if word["zh"] == "水彩"]
    assert (watercolour["kind"], watercolour["en"]) == ("medium", "watercolour")


def test_a_painting_in_words_has_the_styles_of_its_plan_as_uploads(
    client: TestClient, store: Store
) -> None:
    answer = post(client)
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert list(body["inputs"]) == ["content", "style", "style 2"]
    for role, name in (("style", "ukiyo-e"), ("style 2", "watercolour")):
        kept = store.folder.upload(body["inputs"][role])
        assert kept.read_bytes() == samples.style(name).read_bytes()
    assert body["settings"]["style_blend"] == [0.7, 0.3]
    assert body["plan"]["text"] == WORDS
    assert "--style-blend 0.7,0.3" in body["plan"]["command_line"]
    assert store.get(body["id"]).to_out().plan == body["plan"]


def test_settings_count_before_words(client: TestClient) -> None:
    body = post(client, settings='{"style_scale": 2, "style_blend": [1, 1]}').json()
    assert (body["settings"]["style_scale"], body["settings"]["style_blend"]) == (2, [1, 1])


def test_a_style_that_is_sent_stands_before_those_of_the_words(client: TestClient) -> None:
    body = post(client, styles=png(colour="red")).json()
    assert list(body["inputs"]) == ["content", "style", "style 2", "style 3"]
    assert len(body["settings"]["style_blend"]) == 3


def test_a_draft_of_words_has_their_styles(client: TestClient, studio: FakeTryOn) -> None:
    assert post(client, "drafts").status_code == 200
    ((inputs, _),) = studio.drafts
    assert inputs["style"] == samples.style("ukiyo-e")


def test_neither_words_nor_a_style_are_refused(client: TestClient) -> None:
    answer = client.post("/api/jobs", files=[("content", ("a", png()))], data={"text": " "})
    assert "no style is given" in problem(answer, 422, "input")
