"""Films sent to a server, and the painted ones kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")
pytest.importorskip("av", reason="the extra video is not installed")

from fastapi import FastAPI

from impasto.errors import FilmError, JobStateError, SettingError
from impasto.service.client import Client
from impasto.service.jobs.film_work import RESULT
from impasto.service.jobs.store import Store
from impasto.settings import StyleSettings
from tests.films import make_film
from tests.service.client.test_client import Through
from tests.studio import HERE, png

pytestmark = pytest.mark.usefixtures("looks_at_a_film_once")


@pytest.fixture
def client(app: FastAPI) -> Iterator[Client]:
    with Client(HERE, transport=Through(app)) as opened:
        yield opened


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_film(tmp_path / "clip.mp4", count=6)


def test_a_film_is_sent_with_what_was_said_and_no_more(client: Client, clip: Path) -> None:
    job = client.submit_film(clip, [png(), png(colour="red")], end=0.1, sound=False, strength=0.7)
    assert (job.kind, list(job.inputs)) == ("video", ["film", "style", "style 2"])
    assert job.film is not None
    assert (job.film.start, job.film.end, job.film.sound) == (0.0, 0.1, False)
    assert (job.settings["method"], job.settings["strength"]) == ("one-pass", 0.7)


def test_a_size_is_sent_where_somebody_gave_one(client: Client, store: Store, clip: Path) -> None:
    for settings, sized in ((None, []), (StyleSettings(size=32), ["size"])):
        job = client.submit_film(clip, png(), settings)
        work = store.get(job.id).film_work
        assert work is not None
        assert work["sized"] == sized


def test_masks_are_sent_with_their_roles(client: Client, clip: Path) -> None:
    masks = {"masks": [png(), png(colour="red")], "style_masks": [png(), png()], "keep": png()}
    job = client.submit_film(clip, [png(), png(colour="red")], **masks)
    assert list(job.inputs) == [
        *("film", "style", "style 2", "mask", "mask 2", "style mask", "style mask 2", "keep")
    ]
    with pytest.raises(SettingError, match="1 mask for 2 styles"):
        client.submit_film(clip, [png(), png()], masks=[png()])


def test_what_the_server_refuses_is_the_same_error_as_at_home(
    client: Client, clip: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(FilmError, match="the film is no film"):
        client.submit_film(tmp_path / "text.mp4", png())
    with pytest.raises(FilmError, match="cannot be read"):
        client.submit_film(tmp_path / "missing.mp4", png())
    with pytest.raises(SettingError, match="steps means nothing to the method one-pass"):
        client.submit_film(clip, png(), steps=4)


def test_a_painted_film_is_kept_whole_or_not_at_all(
    client: Client, store: Store, clip: Path, tmp_path: Path
) -> None:
    job, place = client.submit_film(clip, png()), tmp_path / "painted.mp4"
    with pytest.raises(JobStateError, match="only of a finished job"):
        client.save_film(job.id, place)
    assert not place.exists()
    assert store.claim("fake") is not None
    (store.folder.job(job.id) / RESULT).write_bytes(b"painted" * 1000)
    store.finish(job.id, "fake", seconds=1.0)
    client.save_film(job.id, place)
    assert place.read_bytes() == b"painted" * 1000
    assert {path.name for path in tmp_path.glob("*.mp4*")} == {"clip.mp4", "painted.mp4"}
