"""The page in every state, in both languages, as axe-core reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
import pytest

from impasto.service.page.texts import ENGLISH
from tests.service.page.conftest import Open, advanced, choose, holds, shoot

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("worker")
AXE = next(Path(axe_playwright_python.__file__).parent.glob("axe*.js"))


def violations(page: Page) -> list[Any]:
    """What axe-core finds, as rule and the elements it is broken by."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def headings(page: Page) -> list[str]:
    return page.locator("h1, h2").evaluate_all("all => all.map((h) => h.textContent)")


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_axe_finds_nothing_in_any_state(visit: Open, locale: str) -> None:
    page = visit(width=1366, height=768, locale=locale)
    shoot(page, f"laptop-empty-{locale}")
    assert violations(page) == [], "empty"
    assert len(headings(page)) >= 4
    page.click("#start")
    page.wait_for_selector("#notice-start .notice")
    assert violations(page) == [], "what is missing"

    choose(page)
    page.click("#mask > button")
    page.locator("#brush .layers").wait_for()
    advanced(page, steps=0, size=96)
    for panel in page.locator("#advanced .group > button").all()[1:]:
        panel.click()
        holds(page, "!document.querySelector('#advanced [inert]')")
    shoot(page, f"laptop-panels-{locale}")
    assert violations(page) == [], "every panel"
    page.click("#start")
    page.wait_for_selector(".wrong")
    assert violations(page) == [], "a wrong setting"

    advanced(page, steps=20_000)
    page.click("#start")
    page.wait_for_selector(".easel.running [data-step]:not([data-step='0'])")
    assert violations(page) == [], "painting"
    page.click("#verb-cancel")
    page.wait_for_selector(".easel.cancelled")
    assert violations(page) == [], "stopped"
    first = page.get_attribute(".easel", "data-job")
    advanced(page, steps=4)
    page.click("#start")
    page.wait_for_selector(f".easel.finished:not([data-job='{first}']) .compare")
    assert violations(page) == [], "finished"
    page.click("[data-choose]")
    page.click(f".card[data-open='{first}']")
    page.wait_for_selector(".easel.beside .pair")
    assert page.locator(".pair figure").count() == 2
    assert page.locator(".differences tr").count() == 1  # the steps
    shoot(page, f"laptop-beside-{locale}")
    assert violations(page) == [], "side by side"
    page.click(".easel.beside .verbs button")
    page.wait_for_selector(".easel.finished .compare")
    page.click("#verb-remove")
    page.wait_for_selector("[data-undo]")
    assert violations(page) == [], "removed"

    phone = visit(width=390, height=844, locale=locale, touch=True)
    phone.wait_for_selector(".card")
    shoot(phone, f"phone-empty-{locale}")
    assert violations(phone) == [], "phone"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_places_for_pictures_have_names_of_their_own(visit: Open) -> None:
    page = visit()
    for name in (ENGLISH["photograph"], ENGLISH["style"]):
        assert page.get_by_role("button", name=f"{name}: Drop a").count() == 1
