from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from impasto.errors import ServerError, SettingError
from impasto.words import Plan, plan_of
from impasto.words.language_model import KEY_VARIABLE, LARGEST_ANSWER, LanguageModel, plan_by_model

KEY = "sk-very-secret-key"
GOOD = {"styles": [{"source": "great-wave", "share": 0.7}, {"source": "woodcut", "share": 0.3}]}
WORDS = "三分木刻七分浮世绘,偏冷"


def answered(content: Any) -> httpx.Response:
    text = content if isinstance(content, str) else json.dumps(content)
    return httpx.Response(200, json={"choices": [{"message": {"content": text}}]})


class Fake:
    """Answers one after the other, the last one again and again, and what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers, self.requests = list(answers), list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers[min(len(self.requests), len(self._answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answered(answer)

    def asked(self, number: int = 0) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.requests[number].content)
        return told


def model(*answers: Any, **more: Any) -> tuple[LanguageModel, Fake]:
    fake = Fake(*answers)
    transport = httpx.MockTransport(fake)
    return LanguageModel("http://host/v1", "small", KEY, transport=transport, **more), fake


def test_a_good_answer_is_the_plan_and_the_request_says_what_fits() -> None:
    language_model, fake = model({**GOOD, "tone": {"cold": 0.5}, "style_scale": 0.6})
    plan = plan_by_model("like Hokusai, a bit cold, fine", language_model)
    assert plan.sources() == ["great-wave", "woodcut"]
    wished = {"style_blend": (0.7, 0.3), "style_scale": 0.6, "tone": {"cold": 0.5}}
    assert plan.settings() == wished
    assert plan.notes == ("read by the language model small at host",)
    assert plan.text == "like Hokusai, a bit cold, fine"
    (request,) = fake.requests
    assert request.url == "http://host/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    asked = fake.asked()
    assert (asked["model"], asked["stream"]) == ("small", False)
    assert asked["messages"][-1] == {"role": "user", "content": plan.text}
    assert "great-wave: " in asked["messages"][0]["content"]
    schema = asked["response_format"]["json_schema"]["schema"]
    assert {"styles", "tone", "palette"} <= schema["properties"].keys()
    assert KEY not in request.content.decode()


@pytest.mark.parametrize(
    "dressed",
    [
        "```json\n{}\n```",
        "Here it is: {} Enjoy!",
        "<think>maybe {{'a': 1}}?</think>\n{}",
    ],
)
def test_thoughts_and_fences_around_a_plan_are_left_out(dressed: str) -> None:
    text = dressed.replace("{}", json.dumps(GOOD)).replace("{{", "{").replace("}}", "}", 1)
    assert plan_by_model(WORDS, model(text)[0]).sources() == ["great-wave", "woodcut"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("I cannot paint", "it holds no JSON object"),
        ('{"styles": [', "it holds no JSON object"),
        ('{"styles": [}', "Invalid JSON"),
        ({"styles": [{"source": "great-wave", "share": 0.2}]}, "let them be 1"),
        ({"style_scale": 99}, "style_scale: Input should be less than or equal to 4"),
        ({"weights_file": "/etc/passwd"}, "weights_file: Extra inputs are not permitted"),
        ({"styles": [{"source": "/etc/passwd", "share": 1}]}, "styles.0.source: String should"),
        ({"styles": [{"source": "monet-himself", "share": 1}]}, "'monet-himself' is not a style"),
        ({"styles": [{"source": "paint:moon", "share": 1}]}, "paint:moon is none of the styles"),
        ({}, "the answer wishes nothing"),
    ],
)
def test_what_is_no_plan_is_asked_once_more_with_the_reason(wrong: Any, told: str) -> None:
    language_model, fake = model(wrong, GOOD)
    plan = plan_by_model(WORDS, language_model)
    assert plan.sources() == ["great-wave", "woodcut"]
    *_, before, last = fake.asked(1)["messages"]
    assert before["role"] == "assistant"
    assert told in last["content"]
    assert len(fake.requests) == 2


def read_by_vocabulary(plan: Plan, why: str) -> None:
    """The vocabulary's own plan, with a note that says why."""
    own = plan_of(WORDS)
    assert plan.model_copy(update={"notes": own.notes}) == own
    assert plan.notes[:-1] == own.notes
    assert plan.notes[-1].startswith("read by the vocabulary, as the language model made no plan")
    assert why in plan.notes[-1]
    assert KEY not in str(plan)


@pytest.mark.parametrize(
    ("answer", "why", "tries"),
    [
        ("nonsense", "small at host gives no plan (it holds no JSON object)", 2),
        (f'{{"styles": [{{"source": "{KEY}", "share": 1}}]}}', "gives no plan ('…' is not a", 2),
        (httpx.Response(429, text=KEY), "host has too much to do (429): try again later", 1),
        (httpx.Response(401), f"lets nobody in with this key (401): check {KEY_VARIABLE}", 1),
        (httpx.Response(404), "knows no such model or path (404)", 1),
        (httpx.Response(500, text=KEY), "host refuses (500)", 1),
        (httpx.Response(302, headers={"Location": f"http://evil/{KEY}"}), "sends elsewhere", 1),
        (httpx.Response(200, text="<html>"), "otherwise than an OpenAI-compatible endpoint", 1),
        (httpx.Response(200, json={"choices": []}), "otherwise than an OpenAI-compatible", 1),
        (httpx.Response(200, json=[[1] * 3]), "otherwise than an OpenAI-compatible", 1),
        (httpx.Response(200, text="[" * 200_000), "otherwise than an OpenAI-compatible", 1),
        (answered("x" * LARGEST_ANSWER), "more than 1,000,000 bytes, which is no plan", 1),
        (httpx.ConnectError(f"no way with {KEY}"), "cannot be asked (no way with …)", 1),
        (httpx.ReadTimeout("late"), "did not answer within 60 s", 1),
    ],
)
def test_without_a_plan_the_vocabulary_reads_the_words(answer: Any, why: str, tries: int) -> None:
    language_model, fake = model(answer)
    read_by_vocabulary(plan_by_model(WORDS, language_model), why)
    assert len(fake.requests) == tries


def test_an_endpoint_without_schemas_is_asked_without() -> None:
    language_model, fake = model(httpx.Response(400), GOOD)
    assert plan_by_model(WORDS, language_model).sources() == ["great-wave", "woodcut"]
    assert fake.asked(1).keys() == {"model", "messages", "stream"}
    read_by_vocabulary(plan_by_model(WORDS, model(httpx.Response(400))[0]), "host refuses (400)")


def test_a_plan_without_a_style_takes_that_of_the_vocabulary_where_none_is_given() -> None:
    cold = {"tone": {"cold": 1.0}}
    plan = plan_by_model("cold", model(cold)[0])
    assert plan.sources() == plan_of("cold").sources()
    assert "no style is named" in plan.notes[0]
    beside, fake = model(cold)
    assert plan_by_model("cold", beside, given=2).sources() == []
    assert "2 pictures to learn from are given" in fake.asked()["messages"][1]["content"]


def test_painters_and_pictures_that_are_offered_may_be_chosen() -> None:
    styles = {"paint:watercolour": "washes", "my-aunt": "blue flowers"}
    wished = [
        {"source": "paint:watercolour?seed=3", "share": 0.5},
        {"source": "my-aunt", "share": 0.5},
    ]
    language_model, fake = model({"styles": wished})
    plan = plan_by_model("aunt's flowers", language_model, styles=styles)
    assert plan.sources() == ["paint:watercolour?seed=3", "my-aunt"]
    assert "my-aunt: blue flowers" in fake.asked()["messages"][0]["content"]
    assert "great-wave" not in fake.asked()["messages"][0]["content"]


def test_words_that_nobody_reads_tell_both_reasons() -> None:
    with pytest.raises(SettingError, match=r"says nothing that is known .* helps: host has too mu"):
        plan_by_model("qwertyuiop", model(httpx.Response(429))[0])
    language_model, fake = model(GOOD)
    with pytest.raises(SettingError, match="give 1 to"):
        plan_by_model(" ", language_model)
    assert not fake.requests


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("https://host/v1/", "https://host/v1/chat/completions"),
        ("https://host/api/v3", "https://host/api/v3/chat/completions"),
        ("https://host/v1/chat/completions", "https://host/v1/chat/completions"),
    ],
)
def test_an_endpoint_is_the_base_of_the_address(endpoint: str, url: str) -> None:
    assert LanguageModel(endpoint, "small").url == url


@pytest.mark.parametrize(
    ("endpoint", "name", "key", "message"),
    [
        ("ftp://host", "m", None, "is no endpoint of a language model"),
        ("host:80", "m", None, "is no endpoint"),
        ("http://", "m", None, "is no endpoint"),
        ("http://host:99999999", "m", None, "is no endpoint"),
        ("http://host/v1?x=1", "m", None, "is no endpoint"),
        (f"http://me:{KEY}@host/v1", "m", None, "has a password in its address"),
        ("http://host", " ", None, "no language model is named"),
        ("http://host", "m", f"{KEY}\n", f"{KEY_VARIABLE} has letters no header can carry"),
        ("http://host", "m", f"{KEY}钥", f"{KEY_VARIABLE} has letters no header can carry"),
    ],
)
def test_what_cannot_be_asked_is_refused_without_showing_a_key(
    endpoint: str, name: str, key: str | None, message: str
) -> None:
    with pytest.raises(SettingError, match=message) as caught:
        LanguageModel(endpoint, name, key)
    assert KEY not in str(caught.value)


def test_options_name_it_and_the_environment_has_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    named = LanguageModel.named("http://host", "small")
    assert named is not None
    assert named.key == KEY
    assert KEY not in repr(named)
    assert LanguageModel.named(None, None) is None
    with pytest.raises(SettingError, match="language_model is small, and nobody knows where"):
        LanguageModel.named(None, "small")
    with pytest.raises(SettingError, match="give --language-model NAME"):
        LanguageModel.named("http://host", None)


Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A real server on the loopback, which answers as it is told."""
    stops = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                answer(self)

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        stops.append(lambda: (server.shutdown(), thread.join(), server.server_close()))
        return f"http://127.0.0.1:{server.server_port}/v1"

    yield start
    for stop in stops:
        stop()


@pytest.mark.usefixtures("own_folders")
def test_an_answer_that_is_cut_short_is_told(serve: Serve) -> None:
    def cut(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b'{"choices": [')

    language_model = LanguageModel(serve(cut), "small", KEY)
    with pytest.raises(ServerError, match="cannot be asked") as caught:
        language_model.ask([])
    assert KEY not in str(caught.value)
    read_by_vocabulary(plan_by_model(WORDS, language_model), "cannot be asked")


@pytest.mark.usefixtures("own_folders")
def test_an_answer_that_never_comes_is_not_waited_for(serve: Serve) -> None:
    done = threading.Event()
    language_model = LanguageModel(serve(lambda _: done.wait(60)), "small", timeout_s=0.1)
    try:
        read_by_vocabulary(plan_by_model(WORDS, language_model), "did not answer within 0.1 s")
    finally:
        done.set()


@pytest.mark.usefixtures("own_folders")
def test_an_answer_that_drips_is_not_waited_for(serve: Serve) -> None:
    done = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not done.wait(0.02):
            handler.wfile.write(b" ")

    language_model = LanguageModel(serve(drip), "small", timeout_s=0.2)
    try:
        read_by_vocabulary(plan_by_model(WORDS, language_model), "did not answer within 0.2 s")
    finally:
        done.set()


@pytest.mark.usefixtures("own_folders")
def test_no_key_follows_a_redirect(serve: Serve) -> None:
    asked = []
    other = serve(lambda handler: asked.append(handler.headers["Authorization"]))

    def move(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", other)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    read_by_vocabulary(plan_by_model(WORDS, LanguageModel(serve(move), "small", KEY)), "elsewhere")
    assert asked == []
