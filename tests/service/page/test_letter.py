"""The page of letters in a real browser: a text takes the look of a picture."""

from __future__ import annotations

import pytest

from impasto.service.plain_pages.letter.texts import CHINESE, ENGLISH
from tests.service.page.conftest import NOTICE, PlainPage, Served, shoot, stands, tiny
from tests.service.page.test_accessibility import violations


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_text_is_shown_as_it_is_typed(
    plain_page: PlainPage, locale: str, words: dict[str, str]
) -> None:
    page = plain_page("letter", locale=locale)
    assert page.title() == words["title"]
    assert violations(page) == [], "empty"
    page.click("#paint")
    assert page.evaluate(NOTICE) == words["no_text"]
    page.fill("#text", "Hi")
    assert page.inner_text("#lettering") == "Hi"
    page.check("[name=direction][value=down]", force=True)
    assert page.get_attribute("#lettering", "class") == "down"
    assert violations(page) == [], "a text"
    shoot(page, f"letter-{locale}")


@pytest.mark.usefixtures("worker")
def test_a_text_is_painted_and_comes_back_with_its_job(
    plain_page: PlainPage, served: Served
) -> None:
    page = plain_page("letter")
    page.fill("#text", "Hi")
    page.check("[name=direction][value=down]", force=True)
    page.check("[name=style][value=swirls]", force=True)
    tiny(page)
    page.click("#paint")
    stands(page, "done")
    assert violations(page) == [], "done"
    shoot(page, "letter")
    (job,) = served.store.jobs(limit=1)
    assert job.kind == "letter"
    assert job.options is not None
    assert (job.options["text"], job.options["vertical"]) == ("Hi", True)
    again = plain_page(f"letter?job={job.id}")
    stands(again, "done")
    assert again.input_value("#text") == "Hi"


def test_a_text_beyond_the_limit_is_not_sent(plain_page: PlainPage) -> None:
    page = plain_page("letter", width=390)
    page.fill("#text", "a" * 201)
    page.click("#paint")
    assert page.evaluate(NOTICE) == ENGLISH["long_text"].format(count=201, most=200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
