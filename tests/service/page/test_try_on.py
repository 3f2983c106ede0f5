"""Trying on in a real browser: the strip, and drafts on the easel; what paints is a stand-in."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from impasto import samples
from impasto.service.page.texts import CHINESE, ENGLISH
from impasto.service.try_on.process import Unavailable
from tests.service.page.conftest import Open, Served, choose, drop, holds, paint, shoot, until
from tests.service.page.test_accessibility import violations
from tests.studio import FakeWorker
from tests.tried import FakeTryOn

if TYPE_CHECKING:
    from playwright.sync_api import Page

STYLES = len(samples.names("style"))


@pytest.fixture(scope="module")
def trying(data: Path) -> Iterator[Served]:
    """A studio that tries on."""
    server = Served(data / "trying", try_on=FakeTryOn())
    yield server
    server.close()


@pytest.fixture
def studio(trying: Served) -> FakeTryOn:
    """What paints there, as if it had never been asked."""
    painter = trying.app.state.studio.try_on
    assert isinstance(painter, FakeTryOn)
    painter.strips.clear()
    painter.drafts.clear()
    painter.before = lambda _: None
    return painter


def all_are_tried(page: Page) -> None:
    holds(page, f"document.querySelectorAll('.pick.tried .worn[src^=data]').length === {STYLES}")


def none_is_tried(page: Page) -> None:
    holds(page, "!document.querySelector('.pick.tried, .worn, .strip[aria-busy]')")


def fail(_: threading.Event) -> None:
    raise Unavailable


def test_the_strip_shows_the_photograph_in_each_style_with_the_style_in_a_corner(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    page = visit(served=trying)
    none_is_tried(page)
    drop(page, "content", samples.content("chelsea"))
    all_are_tried(page)
    pick = page.locator('[data-pick="style:swirls"]')
    corner, worn = pick.locator("img").first.bounding_box(), pick.locator(".worn").bounding_box()
    assert corner is not None
    assert worn is not None
    assert corner["width"] < 0.5 * worn["width"]
    assert pick.locator("img").first.get_attribute("alt") == samples.caption("style", "swirls")
    assert len(studio.strips) == 1
    with Image.open(io.BytesIO(studio.strips[0])) as sent:
        assert (sent.format, max(sent.size) <= 512) == ("JPEG", True)
    shoot(page, "tried")
    page.locator("#content .icon-button-wrapper button, #content button[aria-label]").first.click()
    none_is_tried(page)


@pytest.mark.parametrize("width", [1366, 390])
def test_the_photograph_is_seen_in_each_style_at_96_px_or_more(
    visit: Open, trying: Served, studio: FakeTryOn, width: int
) -> None:
    del studio
    page = visit(served=trying, width=width, height=768)
    drop(page, "content", samples.content("chelsea"))
    all_are_tried(page)
    pictures = page.locator(".wall img" if width > 640 else ".worn")
    boxes = [box for one in pictures.all() if (box := one.bounding_box())]
    assert len(boxes) == STYLES
    assert min(min(box["width"], box["height"]) for box in boxes) >= 96
    if width > 640:
        assert max(box["y"] + box["height"] for box in boxes) <= 768
        assert page.locator(".wall p").inner_text() == ENGLISH["tried_hint"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    shoot(page, f"wall-{width}")


def test_a_style_is_chosen_on_the_easel_whose_draft_hangs_there_then(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    page = visit(served=trying)
    drop(page, "content", samples.content("chelsea"))
    page.wait_for_selector(".wall")
    caption = samples.caption("style", "swirls")
    page.click(f'.wall [title="{caption}"]')
    page.wait_for_selector("#style-1 img")
    page.wait_for_selector(".easel.empty .draft")
    assert page.locator(".wall").count() == 0
    assert studio.drafts
    page.locator("#style-1 button[aria-label]").first.click()
    page.wait_for_selector(".wall")
    page.locator("#content .icon-button-wrapper button, #content button[aria-label]").first.click()
    holds(page, "!document.querySelector('.wall')")
    assert page.locator(".easel.empty h2").is_visible()


def test_another_photograph_ends_what_is_painted_of_the_first(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    left: list[bool] = []
    studio.before = lambda gone: len(studio.strips) > 1 or left.append(gone.wait(60))
    page = visit(served=trying)
    drop(page, "content", samples.content("chelsea"))
    until(lambda: studio.strips, "the first photograph")
    drop(page, "content", samples.content("coffee"))
    all_are_tried(page)
    until(lambda: left == [True], "the end of the first")
    assert len(studio.strips) == 2


def test_the_old_thumbnails_stay_where_nothing_can_be_tried_on(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    studio.before = fail
    page = visit(served=trying)
    choose(page)
    until(lambda: studio.strips and studio.drafts, "the questions")
    none_is_tried(page)
    assert page.locator(".easel.empty h2").is_visible()
    assert page.locator(".notice.error").count() == 0


def test_a_studio_that_tries_nothing_on_is_not_asked(visit: Open) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    choose(page)
    holds(page, "document.querySelector('#style-1 img').complete")
    none_is_tried(page)
    assert not [url for url in asked if "try-on" in url or "drafts" in url]


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_draft_stands_on_the_empty_easel_for_who_has_chosen(
    visit: Open, trying: Served, studio: FakeTryOn, locale: str, words: dict[str, str]
) -> None:
    page = visit(served=trying, locale=locale)
    drop(page, "content", samples.content("coffee"))
    all_are_tried(page)
    assert page.locator(".draft").count() == 0, "a photograph alone is no draft"
    drop(page, "style-1", samples.style("swirls"))
    page.wait_for_selector(".easel.empty .draft")
    assert page.inner_text(".draft figcaption") == words["draft_before"]
    assert not page.locator(".easel.empty h2").is_visible()
    (inputs, settings), *_ = studio.drafts
    assert (set(inputs), settings.strength) == ({"content", "style"}, 0.5)
    page.locator("#setting-strength input[type=number]").fill("0.8")
    page.locator("#setting-strength input[type=number]").blur()
    until(lambda: studio.drafts[-1][1].strength == 0.8, "the draft of another strength")
    page.locator("#style-1 button[aria-label]").first.click()
    holds(page, "!document.querySelector('.draft')")
    assert page.locator(".easel.empty .wall").is_visible()


def test_a_job_has_its_draft_on_the_easel_until_it_has_painted_something(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    page = visit(served=trying)
    choose(page)
    page.wait_for_selector(".easel.empty .draft")
    asked = len(studio.drafts)
    id = paint(page)
    page.wait_for_selector(".easel.queued .draft.there")
    assert page.inner_text(".draft figcaption") == ENGLISH["draft_coming"]
    until(lambda: len(studio.drafts) > asked, "the job's own draft")
    job = trying.store.get(id)
    assert set(studio.drafts[-1][0]) == set(job.inputs)
    worker = FakeWorker(trying.store, job).claim()
    worker.start()
    worker.step(1)
    page.wait_for_selector(".easel.running .draft.there")
    shoot(page, "draft")
    worker.preview(1)
    page.wait_for_selector(".easel.running .canvas:not(.draft) img")
    assert page.locator(".draft").count() == 0
    worker.finish()
    page.wait_for_selector(".easel.finished")


def test_a_draft_that_does_not_come_leaves_the_wet_canvas(
    visit: Open, trying: Served, studio: FakeTryOn
) -> None:
    studio.before = fail
    page = visit(served=trying)
    choose(page)
    id = paint(page)
    page.wait_for_selector(".easel.queued")
    worker = FakeWorker(trying.store, trying.store.get(id)).claim()
    worker.start()
    worker.step(1)
    page.wait_for_selector(".easel.running .draft")
    holds(page, "document.querySelector('.draft img')?.complete")
    assert page.locator(".draft").is_visible()
    assert not page.locator(".draft :is(img, figcaption)").locator("visible=true").count()
    worker.finish()
    page.wait_for_selector(".easel.finished")
