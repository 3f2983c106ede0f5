"""The page of words in a real browser: a plan follows what is typed, and is painted."""

from __future__ import annotations

import pytest

from impasto import samples
from impasto.service.plain_pages.words.texts import CHINESE, ENGLISH
from impasto.service.try_on.process import Unavailable
from tests.service.page.conftest import NOTICE, PlainPage, Served, holds, shoot, stands, tiny
from tests.service.page.test_accessibility import violations
from tests.tried import FakeTryOn

JOB = "new URLSearchParams(location.search).get('job')"
PHRASES = {"en-US": "mostly watercolour, a little woodcut", "zh-CN": "三分水彩七分浮世绘"}


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
def test_a_plan_follows_the_words(
    plain_page: PlainPage, locale: str, words: dict[str, str]
) -> None:
    page = plain_page("words", locale=locale)
    assert page.title() == words["title"]
    page.click("#paint")
    assert page.evaluate(NOTICE) == words["no_photograph"]
    page.set_input_files("#photograph", samples.content("coffee"))
    stands(page, "ready")
    page.click("#paint")
    assert page.evaluate(NOTICE) == words["no_phrase"]
    page.fill("#phrase", PHRASES[locale])
    holds(page, "document.querySelectorAll('#plan li').length === 2")
    page.click("#plan summary")
    assert "impasto stylize photo.jpg" in page.inner_text("#plan code")
    assert violations(page) == [], "a plan"
    shoot(page, f"words-{locale}")


@pytest.mark.usefixtures("worker")
def test_a_phrase_is_painted_and_comes_back_with_its_job(
    plain_page: PlainPage, served: Served
) -> None:
    page = plain_page("words")
    page.set_input_files("#photograph", samples.content("coffee"))
    page.fill("#phrase", PHRASES["zh-CN"])
    tiny(page)
    page.click("#paint")
    stands(page, "done")
    (job,) = served.store.jobs(limit=1)
    assert job.plan is not None
    assert job.plan["text"] == PHRASES["zh-CN"]
    assert list(job.inputs) == ["content", "style", "style 2"]
    again = plain_page(f"words?job={job.id}")
    stands(again, "done")
    assert again.input_value("#phrase") == PHRASES["zh-CN"]


def test_unknown_words_are_marked_and_the_nearest_takes_their_place(
    plain_page: PlainPage,
) -> None:
    page = plain_page("words", width=390)
    page.fill("#phrase", "watercolour, mosaique")
    holds(page, "document.querySelector('#plan .unknown b')?.textContent === 'mosaique'")
    page.click("#plan .near")
    holds(page, "!document.querySelector('#plan .unknown')")
    assert "mosaique" not in page.input_value("#phrase")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_words_of_which_nothing_is_known_are_told_so(plain_page: PlainPage) -> None:
    page = plain_page("words")
    page.fill("#phrase", "qqqq")
    holds(page, "document.querySelector('#plan.wrong') !== null")
    assert "says nothing that is known here" in page.inner_text("#plan")


@pytest.mark.parametrize(("locale", "words"), [("en-US", ENGLISH), ("zh-CN", CHINESE)])
@pytest.mark.parametrize("width", [1280, 390])
def test_where_there_is_a_model_words_may_guide_the_painting(
    plain_page: PlainPage,
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
    locale: str,
    words: dict[str, str],
    width: int,
) -> None:
    assert not plain_page("words").is_visible("#guiding")
    monkeypatch.setattr(served.app.state.studio, "guides", True)
    page = plain_page("words", locale=locale, width=width)
    page.set_input_files("#photograph", samples.content("coffee"))
    page.fill("#phrase", PHRASES[locale])
    holds(page, "document.querySelectorAll('#plan li').length === 2")
    assert words["guided"] not in page.inner_text("#plan")
    page.click("#guiding label:has([value='1'])")
    assert words["guided"] in page.inner_text("#plan")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == [], "the guide"
    shoot(page, f"guided-{locale}-{width}")
    tiny(page)
    page.click("#paint")
    holds(page, JOB)
    job = served.store.get(page.evaluate(JOB))
    assert job.settings["text_weight"] == 1
    again = plain_page(f"words?job={job.id}", locale=locale, width=width)
    holds(again, "document.querySelector('[name=guide]:checked').value === '1'")
    served.store.cancel(job.id)


def test_the_plan_that_is_painted_is_shown_where_clip_answers_no_second_time(
    plain_page: PlainPage, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise Unavailable

    seeing = FakeTryOn("clip")
    monkeypatch.setattr(served.app.state.studio, "try_on", seeing)
    page = plain_page("words")
    page.set_input_files("#photograph", samples.content("coffee"))
    page.fill("#phrase", "broad, warm")
    holds(page, "document.querySelectorAll('#plan li').length === 2")
    seeing.before = fail
    tiny(page)
    page.click("#paint")
    holds(page, JOB)
    told = "document.querySelector('#plan').textContent.includes('CLIP does not answer now')"
    holds(page, told)
    seeing.before = lambda _: None
    job = page.evaluate(JOB)
    again = plain_page(f"words?job={job}")
    holds(again, told)
    served.store.cancel(job)


@pytest.mark.parametrize(
    ("locale", "phrase", "words"),
    [
        ("en-US", "watercolour, mostly blue, a little gold, dark background", ENGLISH),
        ("zh-CN", "水彩，蓝色为主，一点金色，背景暗一点", CHINESE),
    ],
)
def test_amounts_of_colours_and_parts_of_the_picture_are_shown(
    plain_page: PlainPage, locale: str, phrase: str, words: dict[str, str]
) -> None:
    page = plain_page("words", locale=locale, width=390)
    page.fill("#phrase", phrase)
    holds(page, "document.querySelectorAll('#plan .chip i').length === 2")
    gold, blue = (page.locator("#plan .chip i").nth(at).bounding_box() for at in (1, 0))
    assert blue["width"] > 2 * gold["width"]
    assert page.locator("#plan .chip i").first.get_attribute("title") == "#2f5da8 85 %"
    assert words["region"] in page.inner_text("#plan")
    assert violations(page) == [], "amounts"
    shoot(page, f"amounts-{locale}")
