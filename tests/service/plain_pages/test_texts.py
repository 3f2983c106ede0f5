"""A plain page says everything in both languages, and nothing that no word is for."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

from impasto.service.plain_pages import easel_texts, texts
from impasto.service.plain_pages.doodle.routes import PAGE as DOODLE
from impasto.service.plain_pages.film.routes import PAGE as FILM
from impasto.service.plain_pages.letter.routes import PAGE as LETTER
from impasto.service.plain_pages.live.routes import PAGE as LIVE
from impasto.service.plain_pages.page import SHARED, PlainPage
from impasto.service.plain_pages.portrait.routes import PAGE as PORTRAIT
from impasto.service.plain_pages.words.routes import PAGE as WORDS
from impasto.service.plain_pages.words.texts import TONES
from impasto.settings import tones

PLACES = re.compile(r"\{(\w+)\}")
IMPORTS = re.compile(r'\bfrom "([^"]+)"')
SENDING = (FILM, DOODLE, LETTER, PORTRAIT, WORDS)
PAGES = (LIVE, *SENDING)
SERVED = {f"/{page.name}/{name}" for page in PAGES for name in page.assets}
SERVED |= {f"/{SHARED.name}/{name}" for name in SHARED.names}
# What several pages say: each is asked for by one of them at least.
COMMON = texts.ENGLISH.keys() | easel_texts.ENGLISH.keys()

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def scripts(page: PlainPage) -> dict[str, str]:
    """Those of its own and those that it takes of others, by where they are served."""
    found: dict[str, str] = {}
    wanted = [f"/{page.name}/{name}" for name in page.assets if name.endswith(".js")]
    while wanted:
        address = wanted.pop()
        _, folder, name = address.split("/")
        path = (SHARED if folder == SHARED.name else page).folder / name
        found[address] = path.read_text("utf-8")
        asked = IMPORTS.findall(found[address])
        wanted += {urljoin(address, one) for one in asked} - found.keys() - set(wanted)
    return found


@each_page
def test_both_languages_have_the_same_texts(page: PlainPage) -> None:
    assert page.words["en"].keys() == page.words["zh"].keys()


@each_page
def test_a_text_has_the_same_places_to_fill_in_both_languages(page: PlainPage) -> None:
    for key, english in page.words["en"].items():
        chinese = page.words["zh"][key]
        assert set(PLACES.findall(english)) == set(PLACES.findall(chinese)), key
        assert chinese.strip(), key


@pytest.mark.parametrize("key", ["failed", "refused", "answer", "note"])
@pytest.mark.parametrize("page", SENDING, ids=lambda page: page.name)
def test_what_the_studio_says_in_english_is_marked_as_english_in_chinese(
    page: PlainPage, key: str
) -> None:
    assert "只有英文" in page.words["zh"][key]


def test_every_text_is_asked_for_by_its_key() -> None:
    sources = {page.name: page.html() + "".join(scripts(page).values()) for page in PAGES}
    asked = {name: set(re.findall(r"""["'](\w+)["']""", text)) for name, text in sources.items()}
    for page in PAGES:
        assert page.words["en"].keys() - COMMON <= asked[page.name], page.name
    assert set().union(*(page.words["en"] for page in PAGES)) & COMMON <= set().union(
        *asked.values()
    )


@each_page
def test_every_key_of_the_html_has_a_text_which_stands_there_in_english(page: PlainPage) -> None:
    elements = re.findall(r'data-text="(\w+)"[^>]*>([^<]*)<', page.html())
    assert len(elements) > 15
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
        for asked in IMPORTS.findall(path.read_text("utf-8")):
            assert urljoin(f"/{page.name}/{path.name}", asked) in SERVED, path.name


def test_the_shared_files_are_all_there_and_ask_for_nothing_else() -> None:
    assert {path.name for path in SHARED.folder.iterdir()} == set(SHARED.names)
    for path in SHARED.folder.glob("*.js"):
        for asked in IMPORTS.findall(path.read_text("utf-8")):
            assert urljoin(f"/{SHARED.name}/{path.name}", asked) in SERVED, path.name


def test_every_tone_has_a_name_in_both_languages() -> None:
    assert TONES.keys() == set(tones.TONES)


@each_page
def test_nothing_of_the_page_is_inline_or_comes_from_elsewhere(page: PlainPage) -> None:
    html = page.html()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", html)
    for text in (html, *scripts(page).values()):
        assert "//" not in re.sub(r"//[^\n]*\n|http://www\.w3\.org/\S+", "\n", text)
        assert not re.search(r"\beval\(|new Function|innerHTML|setAttribute\(\"style\"", text)
