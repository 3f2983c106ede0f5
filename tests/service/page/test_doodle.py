"""The page of drawings in a real browser: the parts of a painting are brushes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from impasto.service.plain_pages.doodle.texts import CHINESE, ENGLISH
from tests.service.page.conftest import (
    NOTICE,
    PlainPage,
    Served,
    holds,
    shoot,
    stands,
    tiny,
    until,
)
from tests.service.page.test_accessibility import violations
from tests.tried import COLOURS, FakeTryOn

if TYPE_CHECKING:
    from playwright.sync_api import Page

TOP, BOTTOM = (tuple(bytes.fromhex(str(colour["hex"])[1:])) for colour in COLOURS)


@pytest.fixture
def studio(served: Served, monkeypatch: pytest.MonkeyPatch) -> FakeTryOn:
    """Finds two parts in every painting, and paints first looks of one colour."""
    fake = FakeTryOn()
    monkeypatch.setattr(served.app.state.studio, "try_on", fake)
    return fake


def drawn_at(page: Page, x: int, y: int) -> tuple[int, ...]:
    """The colour of a place in the drawing."""
    look = f"document.querySelector('#canvas').getContext('2d').getImageData({x}, {y}, 1, 1).data"
    return tuple(page.evaluate(f"[...{look}]"))[:3]


def opened(plain_page: PlainPage, **more: Any) -> Page:
    page: Page = plain_page("doodle", **more)
    holds(page, "document.querySelectorAll('#palette label').length === 2")
    stands(page, "ready")
    return page


@pytest.mark.usefixtures("studio")
@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_drawing_is_seen_at_once(
    plain_page: PlainPage, locale: str, words: dict[str, str]
) -> None:
    page = opened(plain_page, locale=locale)
    assert page.title() == words["title"]
    assert page.inner_text("#facts") == words["looked"]
    assert violations(page) == [], "a first look"
    shoot(page, f"doodle-{locale}")


@pytest.mark.usefixtures("worker", "studio")
def test_a_drawing_is_painted_and_can_be_kept(plain_page: PlainPage, served: Served) -> None:
    page = opened(plain_page)
    tiny(page)
    page.click("#paint")
    stands(page, "work")
    assert violations(page) == [], "painting"
    stands(page, "done")
    assert ENGLISH["done"].partition("{")[0] in page.inner_text("#facts")
    assert violations(page) == [], "done"
    (job,) = served.store.jobs(limit=1)
    assert (job.kind, job.size) == ("doodle", (48, 64))
    with page.expect_download() as download:
        page.click("#save")
    assert download.value.suggested_filename == f"impasto-{job.id[:8]}.png"
    again = plain_page(f"doodle?job={job.id}")
    stands(again, "done")
    again.click("#remove")
    until(lambda: again.evaluate(NOTICE) == ENGLISH["removed"], "the end of it")


def test_brush_bucket_and_keys_draw_and_a_step_is_taken_back(
    plain_page: PlainPage, studio: FakeTryOn
) -> None:
    page = opened(plain_page)
    looks = len(studio.drafts)
    assert drawn_at(page, 320, 20) == TOP
    page.check("[name=colour][value='1']", force=True)
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 24
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across + 30, down)
    page.mouse.up()
    assert drawn_at(page, 320, 20) == BOTTOM
    until(lambda: len(studio.drafts) == looks + 1, "a first look at the stroke")
    page.click("#undo")
    assert drawn_at(page, 320, 20) == TOP
    page.keyboard.press("Control+Shift+Z")
    assert drawn_at(page, 320, 20) == BOTTOM
    page.check("[name=tool][value=fill]", force=True)
    page.locator("#canvas").click(position={"x": 4, "y": 4})
    assert drawn_at(page, 2, 2) == BOTTOM
    page.focus("#canvas")
    page.keyboard.press("1")
    page.keyboard.press("Enter")  # in the middle
    assert drawn_at(page, 320, 240) == TOP


@pytest.mark.usefixtures("studio")
def test_a_drawing_of_one_s_own_is_brought_to_the_palette(
    plain_page: PlainPage, tmp_path: Path
) -> None:
    page = opened(plain_page, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture = Image.new("RGB", (64, 48), (250, 240, 230))
    picture.paste((0, 0, 90), (0, 0, 32, 48))
    picture.save(tmp_path / "own.png")
    page.set_input_files("#drawn", tmp_path / "own.png")
    until(lambda: drawn_at(page, 40, 240) == TOP, "the dark half, where the coast was light")
    assert drawn_at(page, 600, 240) == BOTTOM
    (tmp_path / "text.png").write_text("no picture")
    page.set_input_files("#drawn", tmp_path / "text.png")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["unread"].format(name="text.png"), "a refusal")


@pytest.mark.usefixtures("studio")
def test_another_painting_s_parts_take_the_place_of_the_first_one_s(
    plain_page: PlainPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(plain_page)
    other = [COLOURS[0] | {"hex": "#ff0000"}, COLOURS[1] | {"hex": "#00ff00"}]
    answer = json.dumps(other).encode()
    monkeypatch.setattr(FakeTryOn, "palette", lambda *_: answer)
    page.check("[name=style][value=great-wave]", force=True)
    until(lambda: drawn_at(page, 320, 20) == (255, 0, 0), "the other painting's colours")


def test_a_studio_without_first_looks_says_so(plain_page: PlainPage) -> None:
    page = plain_page("doodle")
    until(lambda: page.evaluate(NOTICE) == ENGLISH["no_palette"], "the sentence")
