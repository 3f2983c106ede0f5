"""A plain page says everything in both languages, and nothing that no word is for."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from impasto.service.film.routes import PAGE as FILM
from impasto.service.live.routes import PAGE as LIVE
from impasto.service.plain_pages.page import PlainPage

PLACES = re.compile(r"\{(\w+)\}")
PAGES = (FILM, LIVE)
TEXTS = [(page, key) for page in PAGES for key in page.words["en"]]
SERVED = {f"/{page.name}/{name}" for page in PAGES for name in page.assets}
# The film's page takes these scripts of the live page's.
SHARED = ("words.js", "strip.js")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
each_text = pytest.mark.parametrize(("page", "key"), TEXTS)


def scripts(page: PlainPage) -> dict[str, str]:
    own = {path.name: path for path in page.folder.glob("*.js")}
    shared = {name: LIVE.folder / name for name in SHARED}
    return {name: path.read_text("utf-8") for name, path in (shared | own).items()}


@each_page
def test_both_languages_have_the_same_texts(page: PlainPage) -> None:
    assert page.words["en"].keys() == page.words["zh"].keys()


@each_text
def test_a_text_has_the_same_places_to_fill_in_both_languages(page: PlainPage, key: str) -> None:
    english, chinese = page.words["en"][key], page.words["zh"][key]
    assert set(PLACES.findall(english)) == set(PLACES.findall(chinese))
    assert chinese.strip()


@pytest.mark.parametrize("key", ["failed", "refused", "answer", "note"])
def test_what_the_studio_says_in_english_is_marked_as_english_in_chinese(key: str) -> None:
    assert "只有英文" in FILM.words["zh"][key]


@each_text
def test_every_text_is_asked_for_by_its_key(page: PlainPage, key: str) -> None:
    everything = page.html() + "".join(scripts(page).values())
    assert re.search(rf"""["']{key}["']""", everything), key


@each_page
def test_every_key_of_the_html_has_a_text_which_stands_there_in_english(page: PlainPage) -> None:
    elements = re.findall(r'data-text="(\w+)"[^>]*>([^<]*)<', page.html())
    assert len(elements) > 20
    assert {key: page.words["en"][key] for key, _ in elements} == dict(elements)
    assert set(re.findall(r'data-label="(\w+)"', page.html())) <= page.words["en"].keys()


@each_page
def test_every_key_of_the_scripts_has_a_text(page: PlainPage) -> None:
    found = (re.findall(r'\btext\("(\w+)"', script) for script in scripts(page).values())
    keys = set().union(*found)
    assert len(keys) > 8
    assert keys <= page.words["en"].keys()


@each_page
def test_the_page_and_its_scripts_ask_for_nothing_that_is_not_served(page: PlainPage) -> None:
    assert {path.name for path in page.folder.iterdir()} == {f"{page.name}.html", *page.assets}
    for path in page.folder.glob("*.js"):
        for asked in re.findall(r'\bfrom "([^"]+)"', path.read_text("utf-8")):
            assert urljoin(f"/{page.name}/{path.name}", asked) in SERVED, path.name


@each_page
def test_nothing_of_the_page_is_inline_or_comes_from_elsewhere(page: PlainPage) -> None:
    html = page.html()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html)
    for text in (html, *scripts(page).values()):
        assert "//" not in re.sub(r"//[^\n]*\n|http://www\.w3\.org/\S+", "\n", text)
        assert not re.search(r"\beval\(|new Function|innerHTML|setAttribute\(\"style\"", text)
