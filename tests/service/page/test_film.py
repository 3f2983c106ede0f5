"""The page of films in a real browser: a clip goes in, and comes back painted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("av", reason="the extra video is not installed")

from impasto.service.contract import State
from impasto.service.film.texts import CHINESE, ENGLISH
from tests.films import make_film
from tests.service.page.conftest import Served, shoot, until
from tests.service.page.test_accessibility import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Film = Callable[..., Any]
NOTICE = "document.querySelector('#notice').textContent"


@pytest.fixture
def film(served: Served, browser: Browser) -> Iterator[Film]:
    """Opens the page; at the end nothing may have gone wrong or left this host."""
    contexts, wrong = [], []

    def asked(request: Any) -> None:
        if not request.url.startswith(("data:", "blob:", served.url)):
            wrong.append(f"asked {request.url}")

    def heard(message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def open(query: str = "", *, locale: str = "en-US", width: int = 1280) -> Page:
        size = {"width": width, "height": 900}
        contexts.append(browser.new_context(locale=locale, viewport=size, accept_downloads=True))
        page: Page = contexts[-1].new_page()
        page.on("request", asked)
        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{served.url}/film{query}")
        until(lambda: page.evaluate("document.querySelector('#styles .pick') !== null"), "samples")
        return page

    yield open
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of 64 x 48 px with sound."""
    return make_film(tmp_path_factory.mktemp("clip") / "clip.mp4", count=50, sounds=("aac",))


def stands(page: Page, what: str) -> None:
    """Wait for what stands on the easel; a sentence of what went wrong ends the waiting."""

    def look() -> bool:
        now = page.evaluate("document.querySelector('#easel').dataset.stands")
        wrong = page.evaluate("document.querySelector('#notice .error')?.textContent")
        assert now == what or not wrong, wrong
        return bool(now == what)

    until(look, what)


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
