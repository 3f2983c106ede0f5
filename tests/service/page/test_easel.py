"""The easel, the wall and the form in a real browser: undoing, reloading, what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from impasto import samples
from impasto.service.contract import State
from impasto.service.page.texts import CHINESE, ENGLISH
from tests.service.page.conftest import (
    Open,
    Served,
    advanced,
    choose,
    drop,
    holds,
    shoot,
    until,
    waiting_jobs,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def jobs(served: Served) -> list[str]:
    """Three jobs that were stopped, the newest first; nothing else is there."""
    for job in served.store.jobs():
        served.store.purge(job.id)
    ids = waiting_jobs(served.store, 3)
    for id in ids:
        served.store.cancel(id)
    return ids


def shown(page: Page) -> list[str]:
    cards: list[str] = page.locator(".card:visible").evaluate_all(
        "all => all.map((c) => c.dataset.open)"
    )
    return cards


def end_of_waiting(page: Page) -> None:
    """Let the time for an undo pass at once: the page's clock is ours."""
    page.clock.fast_forward(60_000)


def test_a_painting_that_is_removed_comes_back_when_somebody_undoes_it(
    visit: Open, served: Served, jobs: list[str]
) -> None:
    page = visit(f"/?job={jobs[0]}")
    page.click("#verb-remove")
    page.wait_for_selector("[data-undo]")
    holds(page, "!document.querySelector('.easel').dataset.job")
    assert shown(page) == jobs[1:]
    page.click("[data-undo]")
    page.wait_for_selector(f".easel[data-job='{jobs[0]}']")
    assert shown(page) == jobs
    assert len(served.store.jobs()) == 3


def test_what_failed_or_was_stopped_is_cleared_after_a_while(
    visit: Open, served: Served, jobs: list[str]
) -> None:
    page = visit(clock=True)
    assert shown(page) == jobs
    written = "getComputedStyle(document.querySelector('#cards .cards'), '::before').content"
    assert page.evaluate(written) == "none"
    page.click("#clear")
    page.wait_for_selector("[data-undo]")
    assert ENGLISH["removed_all"].format(number=3) in page.inner_text("#notice-wall")
    holds(page, "!document.querySelector('.card:not([hidden])')")
    assert page.evaluate(written) == f'"{ENGLISH["history_empty"]}"'
    page.click("[data-undo]")
    holds(page, "document.querySelectorAll('.card:not([hidden])').length === 3")
    page.click("#clear")
    page.wait_for_selector("[data-undo]")
    assert len(served.store.jobs()) == 3
    end_of_waiting(page)
    until(lambda: not served.store.jobs(), "the removal")
    page.wait_for_selector(".cards.none")
    page.locator("#clear").wait_for(state="hidden")


def test_a_reload_keeps_the_pictures(visit: Open) -> None:
    page = visit()
    choose(page, "chelsea", "mosaic")
    page.click("#add-style")
    page.wait_for_selector("#style-2 button")
    drop(page, "style-2", samples.style("woodcut"))
    page.wait_for_selector("#style-2 img")
    holds(page, "Object.keys(JSON.parse(sessionStorage['impasto-pictures'])).length === 3")
    page.reload()
    for place, name in (("content", "chelsea"), ("style-1", "mosaic"), ("style-2", "woodcut")):
        page.wait_for_selector(f"#{place} img")
        assert name in str(page.get_attribute(f"#{place} img", "src"))


def test_what_is_missing_is_outlined_until_it_is_there(visit: Open) -> None:
    page = visit()
    page.click("#start")
    page.wait_for_selector("#content.wanted")
    page.wait_for_selector("#notice-start .notice")
    choose(page)
    holds(page, "!document.querySelector('.wanted')")
    assert not page.locator("#notice-start .notice").is_visible()


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_what_is_no_picture_or_too_heavy_is_said_by_the_page_itself(
    visit: Open, tmp_path: Path, locale: str, words: dict[str, str]
) -> None:
    page = visit(locale=locale)
    notes = tmp_path / "notes.txt"
    notes.write_text("no picture")
    drop(page, "content", notes, kind="text/plain")
    sentence = words["no_picture"].format(name="notes.txt")
    holds(page, f"document.querySelector('#complaint').innerText === {json.dumps(sentence)}")
    assert page.locator(".toast-body").count() == 0
    page.set_input_files("#style-1 input[type=file]", notes)
    holds(page, f"document.querySelector('#complaint').innerText === {json.dumps(sentence)}")
    assert page.locator("#content img, #style-1 img").count() == 0


def is_in_sight(place: str) -> str:
    """In JavaScript: whether all of an element stands in the window, or as much as fits."""
    box = f"document.querySelector('{place}')?.getBoundingClientRect()"
    return f"(({{ top, bottom }}) => top >= 0 && bottom <= innerHeight)({box} ?? {{}})"


def test_on_a_phone_a_link_shows_its_painting_and_its_settings_are_seen_to_be_taken_over(
    visit: Open, jobs: list[str]
) -> None:
    page = visit(f"/?job={jobs[0]}", width=390, height=844, touch=True)
    top = "document.querySelector('#result').getBoundingClientRect().top"
    holds(page, f"Math.abs({top}) < innerHeight / 3")
    for _ in range(2):  # the second time nothing is said that is not there already
        page.click("#verb-again")
        holds(page, is_in_sight("#notice-start .notice.good"))
        assert page.evaluate(is_in_sight("#start"))
        page.evaluate("scrollTo(0, document.body.scrollHeight)")


def test_a_picture_that_the_browser_cannot_read_is_told_at_once(
    visit: Open, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.png"
    whole = samples.content("coffee").read_bytes()
    broken.write_bytes(
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40\x08\x02\0\0\0" + whole[:99]
    )
    page = visit()
    drop(page, "content", broken, kind="image/png")
    holds(page, "document.querySelector('#complaint').innerText.includes('seems damaged')")


def test_a_picture_that_falls_onto_another_takes_its_place(visit: Open) -> None:
    page = visit()
    choose(page)
    before = page.get_attribute("#content img", "src")
    drop(page, "content", samples.content("chelsea"))
    holds(page, f"(document.querySelector('#content img')?.src ?? '{before}') !== '{before}'")
    assert page.locator("#content img").count() == 1


def test_a_wrong_setting_is_shown_where_it_stands(visit: Open) -> None:
    page = visit()
    choose(page)
    advanced(page)
    page.locator("#advanced .group > button", has_text="Optimizer").click()
    history = page.locator("#setting-lbfgs_history input").first
    history.fill("0")
    history.blur()
    page.click("#advanced > button")
    page.click("#start")
    page.wait_for_selector("#setting-lbfgs_history.wanted .wrong")
    assert "L-BFGS history" in page.inner_text("#setting-lbfgs_history .wrong")
    shoot(page, "desktop-wrong-setting")
    history.fill("10")
    holds(page, "!document.querySelector('.wrong')")


def test_a_link_chooses_the_other_language_and_it_stays(visit: Open) -> None:
    page = visit()
    page.click("[data-language]")
    holds(page, f"document.querySelector('#start')?.innerText === {json.dumps(CHINESE['start'])}")
    easel = "document.querySelector('.easel').innerText"
    holds(page, f"{easel}.includes({json.dumps(CHINESE['empty_title'])})")
    page.goto(page.url.partition("?")[0])
    holds(page, f"document.querySelector('#start')?.innerText === {json.dumps(CHINESE['start'])}")
    assert page.get_attribute("html", "lang") == "zh"


def test_a_link_to_no_language_changes_nothing(visit: Open) -> None:
    page = visit("/?lang=constructor")
    assert page.inner_text("#start") == ENGLISH["start"]
    assert page.evaluate("document.cookie") == ""


def test_the_language_link_keeps_the_painting(visit: Open, jobs: list[str]) -> None:
    page = visit()
    page.click(f".card[data-open='{jobs[1]}']")
    page.wait_for_selector(f".easel[data-job='{jobs[1]}']")
    holds(page, f"document.querySelector('[data-language]').href.includes('job={jobs[1]}')")


def test_a_painting_that_is_removed_goes_with_the_page(
    visit: Open, served: Served, jobs: list[str]
) -> None:
    page = visit(f"/?job={jobs[0]}")
    page.click("#verb-remove")
    page.wait_for_selector("[data-undo]")
    page.goto("about:blank")
    until(lambda: len(served.store.jobs()) == 2, "the removal")


def test_a_few_sample_styles_are_tried_on_one_photograph(
    visit: Open, served: Served, jobs: list[str]
) -> None:
    page = visit()
    assert str(len(samples.HIGHLIGHTS)) in page.inner_text("#try-all")
    page.click("#try-all")
    page.wait_for_selector("#content.wanted")
    drop(page, "content", samples.content("coffee"))
    page.wait_for_selector("#content img")
    page.click("#try-all")
    page.wait_for_selector("#notice-start .notice.good")
    waiting = served.store.jobs(state=State.QUEUED)
    assert len(waiting) == len(samples.HIGHLIGHTS)
    assert len(shown(page)) == len(waiting) + len(jobs)
    for job in waiting:
        served.store.cancel(job.id)
