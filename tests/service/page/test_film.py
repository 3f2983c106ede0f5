"""The page of films in a real browser: a clip goes in, and comes back painted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("av", reason="the extra video is not installed")

from impasto.service.contract import State
from impasto.service.film_probe import film_facts
from impasto.service.http import films
from impasto.service.plain_pages.film.texts import CHINESE, ENGLISH
from tests.films import make_film
from tests.service.page.conftest import (
    NOTICE,
    PlainPage,
    Served,
    holds,
    shoot,
    stands,
    until,
    waiting_jobs,
)
from tests.service.page.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Page

Film = Callable[..., Any]


@pytest.fixture
def film(plain_page: PlainPage) -> Film:
    """Opens the page of films."""

    def open(query: str = "", **more: Any) -> Page:
        page = plain_page(f"film{query}", **more)
        holds(page, "document.querySelector('#styles .pick') !== null")
        return page

    return open


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of 64 x 48 px with sound."""
    return make_film(tmp_path_factory.mktemp("clip") / "clip.mp4", count=50, sounds=("aac",))


def give(page: Page, clip: Path) -> None:
    page.set_input_files("#clip", clip)
    stands(page, "clip")


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_clip_is_painted_and_shown(
    film: Film, served: Served, clip: Path, locale: str, words: dict[str, str]
) -> None:
    page = film(locale=locale)
    assert page.title() == words["title"]
    assert violations(page) == [], "empty"
    shoot(page, f"film-empty-{locale}")
    give(page, clip)
    page.check("[name=side][value='']", force=True)
    page.click("#paint")
    stands(page, "work")
    until(lambda: page.evaluate("document.querySelector('#frame').naturalWidth"), "a frame")
    assert violations(page) == [], "painting"
    shoot(page, f"film-work-{locale}")
    stands(page, "film")
    assert words["done"].partition("{")[0] in page.inner_text("#facts")
    wide = "document.querySelector('#shown').videoWidth"
    until(lambda: page.evaluate(wide), "the film")
    assert (page.evaluate(wide), page.evaluate("document.querySelector('#shown').videoHeight")) == (
        64,
        48,
    )
    assert violations(page) == [], "done"
    shoot(page, f"film-done-{locale}")
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename.endswith(".mp4")
    # The address keeps the film: another visit shows it again.
    (job,) = served.store.jobs(limit=1)
    again = film(f"?job={job.id}", locale=locale)
    stands(again, "film")
    page.click("#remove")
    until(lambda: page.evaluate(NOTICE) == words["removed"], "the end of it")
    assert job.id not in [one.id for one in served.store.jobs()]
    gone = film(f"?job={job.id}", locale=locale)
    until(lambda: gone.evaluate(NOTICE) == words["gone"], "that it is gone")


@pytest.mark.usefixtures("worker")
def test_limits_hold_for_the_clip_when_it_is_painted_again(
    film: Film, served: Served, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = replace(served.app.state.studio.limits, max_film_seconds=1.5)
    monkeypatch.setattr(served.app.state.studio, "limits", limits)
    page = film()
    give(page, clip)  # two seconds
    page.fill("#end", "0.2")
    page.click("#paint")
    stands(page, "film")
    before = [job.id for job in served.store.jobs()]
    page.fill("#end", "")
    page.click("#paint")
    until(lambda: page.evaluate(NOTICE), "a refusal")
    assert page.evaluate(NOTICE) == ENGLISH["long"].format(seconds="2", most="1.5")
    assert [job.id for job in served.store.jobs()] == before


@pytest.mark.usefixtures("worker")
def test_a_painted_film_stays_until_another_follows_or_a_clip_is_chosen(
    film: Film, clip: Path
) -> None:
    page = film()
    give(page, clip)
    page.fill("#end", "0.2")
    page.click("#paint")
    stands(page, "film")
    painted, said = page.evaluate("document.querySelector('#shown').src"), page.inner_text("#facts")
    page.route("**/api/films", lambda route: route.fulfill(status=503, body='{"detail": "no"}'))
    page.click("#paint")
    until(lambda: page.evaluate(NOTICE), "a refusal")
    stood = "document.querySelector('#easel').dataset.stands"
    assert page.evaluate(stood) == "film"
    assert page.evaluate("document.querySelector('#shown').src") == painted
    assert page.inner_text("#facts") == said
    give(page, clip)
    assert page.evaluate("document.querySelector('#shown').src").startswith("blob:")
    assert "job=" not in page.evaluate("location.search")
    assert page.is_hidden("#save")
    assert page.is_hidden("#remove")


@pytest.mark.usefixtures("worker")
def test_a_second_painting_takes_the_first_one_s_notes_away_and_stopped_leaves_the_clip(
    film: Film, tmp_path: Path, served: Served
) -> None:
    page = film()
    give(page, make_film(tmp_path / "long.mp4", count=1500))
    page.fill("#end", "0.2")
    page.click("#paint")
    stands(page, "film")
    (first,) = served.store.jobs(limit=1)
    page.evaluate("document.querySelector('#notes').append('of the first')")
    page.fill("#end", "")
    page.click("#paint")
    until(lambda: first.id not in page.evaluate("location.search"), "the second job")
    assert page.inner_text("#notes") == ""
    page.click("#stop")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["cancelled"], "the stop")
    assert page.evaluate("document.querySelector('#shown').src").startswith("blob:")


def test_what_is_wrong_is_said_before_anything_is_sent(film: Film, clip: Path) -> None:
    page = film(width=390)
    page.click("#paint")
    assert page.evaluate(NOTICE) == ENGLISH["no_film"]
    give(page, clip)
    page.fill("#start", "2")
    page.fill("#end", "1")
    page.click("#paint")
    assert page.evaluate(NOTICE) == ENGLISH["no_part"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_the_studio_refuses_is_said(film: Film, tmp_path: Path, clip: Path) -> None:
    page = film()
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clip.read_bytes()[:400])
    give(page, broken)
    page.click("#paint")
    until(lambda: "The studio does not take the film" in page.evaluate(NOTICE), "a refusal")
    assert "index" in page.evaluate(NOTICE)


@pytest.mark.usefixtures("worker")
def test_a_film_under_way_can_be_stopped(film: Film, served: Served, tmp_path: Path) -> None:
    page = film()
    give(page, make_film(tmp_path / "long.mp4", count=1500))
    page.click("#paint")
    until(lambda: "job=" in page.evaluate("location.search"), "the job")
    page.click("#stop")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["cancelled"], "the stop")
    (job,) = served.store.jobs(limit=1)
    assert job.state is State.CANCELLED


@pytest.mark.usefixtures("worker")
def test_a_film_that_is_stopped_while_the_studio_looks_at_it_is_not_painted(
    film: Film, served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, may_go_on = threading.Event(), threading.Event()

    def slow_facts(path: Path) -> Any:
        looks.set()
        assert may_go_on.wait(60)
        return film_facts(path)

    monkeypatch.setattr(films, "film_facts", slow_facts)
    page = film()
    give(page, make_film(tmp_path / "long.mp4", count=1500))
    before = {job.id for job in served.store.jobs()}
    page.click("#paint")
    until(looks.is_set, "the look")
    holds(page, "document.querySelector('#bar').value === 1")
    page.click("#stop")
    assert page.inner_text("#facts") == ENGLISH["stopping"]
    may_go_on.set()
    until(lambda: page.evaluate(NOTICE) == ENGLISH["cancelled"], "the stop")
    (job,) = [job for job in served.store.jobs() if job.id not in before]
    assert job.state is State.CANCELLED


def test_a_stop_before_anything_is_sent_touches_no_job(film: Film, clip: Path) -> None:
    page = film()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/live/samples/style/*", lambda _route: None)  # is never answered
    give(page, clip)
    page.click("#paint")
    until(lambda: any("/live/samples/style/" in url for url in asked), "the style")
    page.click("#stop")
    stands(page, "clip")
    assert page.evaluate(NOTICE) == ""
    assert not [url for url in asked if "/api/" in url]


def test_a_style_that_does_not_come_is_said_and_nothing_is_sent(film: Film, clip: Path) -> None:
    page = film()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = json.dumps({"detail": "the picture is lost"})
    page.route("**/live/samples/style/*", lambda route: route.fulfill(status=503, body=answer))
    give(page, clip)
    page.click("#paint")
    until(lambda: "the picture is lost" in page.evaluate(NOTICE), "the refusal")
    assert not [url for url in asked if "/api/" in url]


def test_a_style_that_is_too_large_is_told_as_a_picture(
    film: Film, served: Served, tmp_path: Path
) -> None:
    page = film()
    heavy = tmp_path / "heavy.png"
    with heavy.open("wb") as file:
        file.truncate(served.app.state.studio.limits.max_upload_bytes + 1)
    page.set_input_files("#own", heavy)
    until(lambda: page.evaluate(NOTICE), "a refusal")
    assert "for a style: choose a smaller picture" in page.evaluate(NOTICE)


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_film_of_which_the_studio_tells_nothing_keeps_its_address(
    film: Film, served: Served, locale: str, words: dict[str, str]
) -> None:
    page = film(locale=locale)
    answer = json.dumps({"detail": "the database rests"})
    page.route("**/api/jobs/*", lambda route: route.fulfill(status=503, body=answer))
    page.goto(f"{served.url}/film?job=abc")
    said = words["answer"].format(reason="the database rests")
    until(lambda: page.evaluate(NOTICE) == said, "the answer")
    page.unroute("**/api/jobs/*")
    page.route("**/api/jobs/*", lambda route: route.abort())
    page.reload()
    until(lambda: page.evaluate(NOTICE) == words["unreachable"], "that no answer came")
    assert "job=abc" in page.evaluate("location.search")


def test_the_job_of_a_picture_is_no_film(film: Film, served: Served) -> None:
    (id,) = waiting_jobs(served.store, 1)
    served.store.cancel(id)
    page = film(f"?job={id}")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["gone"], "that it is gone")
    assert "job=" not in page.evaluate("location.search")


def test_an_id_stays_one_part_of_an_address(film: Film, served: Served) -> None:
    page = film()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.url}/film?job=..%2F..%2Flive")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["gone"], "that there is none")
    assert f"{served.url}/api/jobs/..%2F..%2Flive" in asked


def test_what_the_page_did_not_foresee_is_said(film: Film, clip: Path) -> None:
    page = film()
    give(page, clip)
    page.evaluate("FormData.prototype.append = () => { throw new RangeError('no room') }; 0")
    page.evaluate("console.error = () => {}; 0")  # else the provoked error fails this test
    page.click("#paint")
    until(lambda: page.evaluate(NOTICE), "a sentence")
    assert page.evaluate(NOTICE) == ENGLISH["broken"].format(reason="no room")
    assert page.evaluate("document.querySelector('#easel').dataset.stands") == "clip"
