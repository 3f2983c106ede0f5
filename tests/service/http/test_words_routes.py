"""Words about a painting over HTTP: shown as a plan, and painted."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from impasto import samples
from impasto.errors import QueueFullError
from impasto.service.http.app import create_app
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from impasto.service.try_on.painter import Refusal
from impasto.service.try_on.process import Refused, Unavailable
from impasto.words.language_model import LanguageModel
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
    (unknown,) = client.post("/api/plan", json={"text": "watercolor, mosaique"}).json()["unknown"]
    assert unknown["words"] == "mosaique"
    assert unknown["nearest"][0] == "mosaic"


def test_styles_beside_the_words_stand_first(client: TestClient) -> None:
    plan = client.post("/api/plan", json={"text": "a little woodcut", "styles": 1}).json()
    assert "photo.jpg style-1.jpg woodcut --style-blend" in plan["command_line"]


@pytest.mark.parametrize(
    ("asked", "kind", "sentence"),
    [
        ({"text": "qqqq"}, "setting", "says nothing that is known here"),
        ({"text": "cold " * 20}, "input", "100 characters, above the limit of 40"),
        ({"text": "cold", "styles": 9}, "parameter", "styles"),
        ({"text": "cold", "endpoint": "http://x"}, "parameter", "endpoint has no meaning here"),
        ({"text": "cold \x1b[31m"}, "input", "the character U+001B"),
        ({}, "parameter", "text is missing: give it"),
        ([], "parameter", "has to be a JSON object"),
    ],
)
def test_what_does_not_fit_is_refused(
    client: TestClient, asked: dict[str, Any], kind: str, sentence: str
) -> None:
    assert sentence in problem(client.post("/api/plan", json=asked), 422, kind)


def test_half_a_character_is_refused_and_breaks_no_list(client: TestClient) -> None:
    half = {"Content-Type": "application/json"}
    answer = client.post("/api/plan", content='{"text": "cold \\ud800"}', headers=half)
    assert "the character U+D800" in problem(answer, 422, "input")
    plan = '{"styles": [{"source": "great-wave", "share": 1}], "text": "\\ud800"}'
    answer = client.post("/api/jobs", files={"content": ("a", png())}, data={"plan": plan})
    assert "the character U+D800" in problem(answer, 422, "input")
    assert client.get("/api/jobs").json()["jobs"] == []


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ("{", 422, "the request is not JSON"),
        ('{"text": "cold", "styles": 1%s}' % ("0" * 5000), 400, "JSON cannot be read"),
    ],
)
def test_what_is_no_json_is_told_so(
    client: TestClient, sent: str, status: int, sentence: str
) -> None:
    answer = client.post("/api/plan", content=sent, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert sentence in answer.json()["detail"]


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


ANSWER = {"styles": [{"source": "great-wave", "share": 1.0}], "style_scale": 0.5}


def reading(store: Store, answer: httpx.Response) -> tuple[TestClient, list[httpx.Request]]:
    """A studio with a language model, and what that was asked."""
    asked: list[httpx.Request] = []

    def model(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answer

    reader = LanguageModel(
        "http://secret-host/v1",
        "small",
        "sk-secret",
        called="its endpoint",
        transport=httpx.MockTransport(model),
    )
    app = create_app(store, page=False, try_on=FakeTryOn(), reader=reader)
    return TestClient(app, base_url=HERE), asked


def answered(content: object) -> httpx.Response:
    message = {"content": json.dumps(content)}
    return httpx.Response(200, json={"choices": [{"message": message}]})


def test_a_language_model_is_asked_by_who_asks_for_it_alone(store: Store) -> None:
    client, asked = reading(store, answered(ANSWER))
    described = {"text": "a sea that is angry", "described": True}
    plan = client.post("/api/plan", json=described).json()
    assert [style["source"] for style in plan["styles"]] == ["great-wave"]
    assert plan["notes"] == ["read by the language model small at its endpoint"]
    assert len(asked) == 1
    assert client.post("/api/plan", json={"text": WORDS}).status_code == 200
    assert post(client).status_code == 202
    assert len(asked) == 1


def test_a_plan_that_was_shown_is_painted_without_asking_again(store: Store) -> None:
    client, asked = reading(store, answered(ANSWER))
    described = {"text": "a sea that is angry", "described": True}
    shown = client.post("/api/plan", json=described).json()
    form = {"plan": json.dumps(shown), "settings": '{"size": 64}'}
    job = client.post("/api/jobs", files={"content": png()}, data=form).json()
    assert job["settings"]["style_scale"] == 0.5
    assert [style["source"] for style in job["plan"]["styles"]] == ["great-wave"]
    assert job["plan"]["text"] == "a sea that is angry"
    assert set(job["inputs"]) == {"content", "style"}
    assert len(asked) == 1


def test_where_the_model_fails_nothing_of_it_is_told_but_that(store: Store) -> None:
    client, _ = reading(store, httpx.Response(429, text="sk-secret"))
    plan = client.post("/api/plan", json={"text": WORDS, "described": True})
    assert "its endpoint has too much to do (429)" in plan.json()["notes"][-1]
    unread = client.post("/api/plan", json={"text": "qqqq", "described": True})
    assert "no language model helps" in problem(unread, 422, "setting")
    assert "secret" not in plan.text + unread.text


def test_a_model_that_nobody_named_cannot_be_asked(client: TestClient) -> None:
    refused = client.post("/api/plan", json={"text": "cold", "described": True})
    assert "nobody has named a language model here" in problem(refused, 422, "setting")


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        ("[1]", "plan has to be a JSON object"),
        ('{"style_scale": 99}', "style_scale is 99: give a number"),
        ('{"weights_file": "/etc/passwd"}', "'weights_file' is not a part of a plan"),
        ('{"styles": [{"source": "/etc/passwd", "share": 1}]}', "styles"),
        ('{"styles": [{"source": "aunt", "share": 1}]}', "'aunt' is not a style"),
        ('{"styles": [{"source": "great-wave", "share": 0.1}]}', "let them be 1"),
        ('{"text": "%s"}' % ("x" * 41), "41 characters, above the limit of 40"),
        ("{}", "no style is given"),
    ],
)
def test_a_plan_that_is_none_is_refused(plan: str, sentence: str, client: TestClient) -> None:
    answer = client.post("/api/jobs", files={"content": png()}, data={"plan": plan})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


@pytest.fixture
def seeing() -> FakeTryOn:
    return FakeTryOn("models/secret-clip")


@pytest.fixture
def guiding(store: Store, seeing: FakeTryOn) -> TestClient:
    """A studio with a CLIP model."""
    app = create_app(
        store, page=False, try_on=seeing, guides=True, limits=Limits(max_text_crops=16)
    )
    return TestClient(app, base_url=HERE)


def test_clip_chooses_styles_where_words_name_none(guiding: TestClient, seeing: FakeTryOn) -> None:
    plan = guiding.post("/api/plan", json={"text": "like qwertz, cold"}).json()
    assert [(style["source"], style["share"]) for style in plan["styles"]] == [
        ("great-wave", 0.75),
        ("swirls", 0.25),
    ]
    assert plan["tone"] == {"cold": 1.0}
    form = {"text": "qwertz"}
    job = guiding.post("/api/jobs", files={"content": png()}, data=form).json()
    assert list(job["inputs"]) == ["content", "style", "style 2"]
    assert seeing.words == ["like qwertz, cold", "qwertz"]


def test_clip_is_not_asked_where_words_name_a_style(guiding: TestClient, seeing: FakeTryOn) -> None:
    assert guiding.post("/api/plan", json={"text": WORDS}).status_code == 200
    assert post(guiding).status_code == 202
    assert seeing.words == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (Refused(Refusal(422, "weights", "/home/ada/secret-clip is broken")), "cannot rank"),
        (QueueFullError("16 are waiting"), "does not answer now"),
        (Unavailable(), "does not answer now"),
    ],
)
def test_where_clip_does_not_answer_the_vocabulary_chooses_and_says_so(
    guiding: TestClient, seeing: FakeTryOn, error: Exception, told: str
) -> None:
    def fail(_: object) -> None:
        raise error

    seeing.before = fail
    answer = guiding.post("/api/plan", json={"text": "broad, warm"})
    assert answer.json()["styles"]
    assert told in answer.json()["notes"][-1]
    assert "secret" not in answer.text
    unread = problem(guiding.post("/api/plan", json={"text": "qqqq"}), 422, "setting")
    assert unread.startswith("CLIP ")
    assert told in unread
    assert "and 'qqqq' says nothing that is known here" in unread


def test_words_guide_a_job_that_is_painted_by_a_model_of_the_server_s(guiding: TestClient) -> None:
    body = post(guiding, settings='{"text_weight": 0.5, "text_crops": 4}').json()
    assert (body["settings"]["text_weight"], body["settings"]["clip"]) == (0.5, None)
    assert body["plan"]["text"] == WORDS
    assert post(guiding, "drafts", settings='{"text_weight": 0.5}').status_code == 200


def test_words_that_only_guide_stand_beside_a_style_and_need_no_vocabulary(
    guiding: TestClient, seeing: FakeTryOn
) -> None:
    files = {"content": png(), "styles": png(colour="red")}
    for words in ({"text": "qwertz"}, {"plan": '{"text": "qwertz"}'}):
        form = {"settings": '{"text_weight": 1}', **words}
        job = guiding.post("/api/jobs", files=files, data=form).json()
        assert list(job["inputs"]) == ["content", "style"]
        assert job["plan"]["text"] == "qwertz"
    assert seeing.words == []


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ('{"text_weight": 1}', "there are no words to follow: send them as text"),
        ('{"text_weight": 1, "clip": "/etc"}', "clip is '/etc', but it is for who runs the server"),
        ('{"text_weight": -1}', "text_weight is -1"),
        ('{"text_crops": 17}', "above the server's limit of 16"),
        (r'{"text_source": "\ud800"}', "text_source has the character U+D800, which nothing"),
        (r'{"text_templates": "{} \u0000"}', "text_templates has the character U+0000, which"),
        (json.dumps({"text_source": "x" * 501}), "text_source has 501 characters, above the limit"),
        ('{"text_weight": 1, "method": "one-pass"}', "text_weight means nothing to the method"),
    ],
)
def test_a_guide_that_cannot_be_is_refused(
    guiding: TestClient, settings: str, sentence: str
) -> None:
    files = {"content": png(), "styles": png(colour="red")}
    answer = guiding.post("/api/jobs", files=files, data={"settings": settings})
    assert answer.status_code == 422
    assert sentence in answer.json()["detail"]


def test_without_a_model_words_do_not_guide(client: TestClient) -> None:
    answer = post(client, settings='{"text_weight": 1}')
    assert "here no CLIP model reads words and looks" in problem(answer, 422, "setting")


@pytest.mark.parametrize(
    ("to", "inputs"),
    [
        ("letters", ["styles"]),
        ("portraits", ["content", "styles"]),
        ("doodles", ["content", "styles", "labels"]),
        ("films", ["film", "styles"]),
    ],
)
def test_only_paintings_are_guided(guiding: TestClient, to: str, inputs: list[str]) -> None:
    form = {"settings": '{"text_weight": 1}', "options": "{}"}
    answer = guiding.post(f"/api/{to}", files=dict.fromkeys(inputs, png()), data=form)
    assert "here no CLIP model reads words and looks" in problem(answer, 422, "setting")


def test_pictures_without_words_wait_for_nobody_who_reads(guiding: TestClient) -> None:
    guiding.app.state.studio.reading = object()  # whoever waits for a language model fails
    files = {"content": png(), "styles": png(colour="red")}
    assert guiding.post("/api/jobs", files=files).status_code == 202
    assert post(guiding).status_code == 202


def test_words_and_a_plan_are_one_too_many(client: TestClient) -> None:
    form = {"plan": json.dumps(ANSWER), "text": WORDS}
    answer = client.post("/api/jobs", files={"content": png()}, data=form)
    assert "text and plan both say what is painted" in problem(answer, 422, "input")
