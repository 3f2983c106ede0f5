"""The page of portraits in a real browser: several photographs hang on a wall, and are painted."""

from __future__ import annotations

import pytest

from impasto import samples
from impasto.service.contract import State
from impasto.service.plain_pages.portrait.texts import CHINESE, ENGLISH
from tests.service.page.conftest import NOTICE, PlainPage, Served, holds, shoot, stands, tiny, until
from tests.service.page.test_accessibility import violations

PHOTOGRAPHS = [samples.content(name) for name in ("astronaut", "coffee")]


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_photographs_hang_on_a_wall(
    plain_page: PlainPage, locale: str, words: dict[str, str]
) -> None:
    page = plain_page("portrait", locale=locale)
    assert page.title() == words["title"]
    assert violations(page) == [], "empty"
    page.click("#paint")
    assert page.evaluate(NOTICE) == words["no_photograph"]
    page.set_input_files("#photographs", PHOTOGRAPHS)
    stands(page, "ready")
    assert page.locator("#wall button").count() == 2
    assert violations(page) == [], "a wall"


@pytest.mark.usefixtures("worker")
def test_photographs_are_painted_one_after_the_other(plain_page: PlainPage, served: Served) -> None:
    page = plain_page("portrait")
    page.set_input_files("#photographs", PHOTOGRAPHS)
    stands(page, "ready")
    before = {job.id for job in served.store.jobs()}
    tiny(page)
    page.click("#paint")
    stands(page, "done")
    assert violations(page) == [], "done"
    shoot(page, "portrait")
    assert page.is_visible("#photograph"), "the photograph stands beside its portrait"

    def ended() -> bool:
        jobs = [job for job in served.store.jobs() if job.id not in before]
        return len(jobs) == 2 and all(job.state is State.FINISHED for job in jobs)

    until(ended, "both")
    holds(page, "document.querySelectorAll('#wall img[src*=\"/image\"]').length === 2")
    first = page.get_attribute("#shown", "src")
    page.click("#wall button:nth-child(2)")
    stands(page, "done")
    assert page.get_attribute("#shown", "src") != first


def test_the_page_fits_a_phone(plain_page: PlainPage) -> None:
    page = plain_page("portrait", width=390)
    page.click("#samples button")
    stands(page, "ready")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
