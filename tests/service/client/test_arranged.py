"""What is to be arranged, sent to a server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from fastapi import FastAPI

from impasto import samples
from impasto.asked import Asked
from impasto.errors import InputError, SettingError
from impasto.service.client import Client
from impasto.service.http.arranged import ArrangedForm
from impasto.service.http.arranged_routes import routes
from impasto.service.jobs.store import Store
from impasto.settings import StyleSettings
from tests import toys
from tests.service.client.test_client import Through
from tests.studio import HERE, png

WORDS = {"content": "The drawing.", "style": "The painting.", "labels": "The map."}


@pytest.fixture
def client(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    toys.install(monkeypatch)
    app.include_router(routes(ArrangedForm(toys.KIND, WORDS), "Queue a toy"))
    with Client(HERE, transport=Through(app)) as opened:
        yield opened


def test_pictures_and_options_are_sent_and_samples_by_name(client: Client, store: Store) -> None:
    pictures = {"content": png(), "style": "swirls", "labels": png(5, 5)}
    asked = Asked(toys.KIND, {"title": "Spring"}, pictures)
    job = client.submit_asked(asked, StyleSettings(size=64), steps=3)
    assert (job.kind, list(job.inputs)) == (toys.KIND, ["content", "style", "labels"])
    assert job.options is not None
    assert job.options["title"] == "Spring"
    assert (job.settings["size"], job.settings["steps"]) == (64, 3)
    sent = store.folder.upload(job.inputs["style"])
    assert sent.read_bytes() == samples.style("swirls").read_bytes()


def test_a_painting_is_asked_for_in_words_and_its_plan_is_seen_before(client: Client) -> None:
    plan = client.plan("三分水彩七分浮世绘")
    assert [style["source"] for style in plan["styles"]] == ["ukiyo-e", "watercolour"]
    job = client.submit(png(), text="三分水彩七分浮世绘", size=64)
    assert list(job.inputs) == ["content", "style", "style 2"]
    assert job.plan is not None
    assert job.plan["command_line"] == plan["command_line"]
    assert (job.settings["size"], job.settings["style_blend"]) == (64, [0.7, 0.3])
    with pytest.raises(SettingError, match="says nothing that is known here"):
        client.plan("qqqq")


def test_what_does_not_fit_is_refused_before_anything_is_sent(client: Client) -> None:
    pictures = {"content": png(), "style": png()}
    with pytest.raises(InputError, match="the style image is missing"):
        client.submit_asked(Asked(toys.KIND, {}, {"content": png()}), StyleSettings())
    with pytest.raises(SettingError, match="did you mean 'title'"):
        client.submit_asked(Asked(toys.KIND, {"titel": ""}, pictures), StyleSettings())
    with pytest.raises(SettingError, match=r"font is .*, but it is for who runs the server"):
        client.submit_asked(Asked(toys.KIND, {"font": "a.ttf"}, pictures), StyleSettings())


def test_all_faces_of_a_photograph_are_several_jobs_and_refused_as_one(app: FastAPI) -> None:
    asked = Asked("portrait", {"face": "all"}, {"content": png(), "style": png()})
    with (
        Client(HERE, transport=Through(app)) as client,
        pytest.raises(SettingError, match="face is all, and those are several paintings"),
    ):
        client.submit_asked(asked, StyleSettings())
