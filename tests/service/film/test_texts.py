"""The page of films says everything in both languages, and nothing that no word is for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed")

import impasto.service.film
from impasto.service.film.routes import ASSETS
from impasto.service.film.texts import CHINESE, ENGLISH

PLACES = re.compile(r"\{(\w+)\}")
STATIC = Path(impasto.service.film.__file__).parent / "static"
HTML = (STATIC / "film.html").read_text("utf-8")
SCRIPTS = {path.name: path.read_text("utf-8") for path in STATIC.glob("*.js")}
BY_THE_SCRIPT_OF_WORDS = {"title", "other_language"}  # the live page's, which both have


def test_both_languages_have_the_same_texts() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


@pytest.mark.parametrize("key", ENGLISH)
def test_a_text_has_the_same_places_to_fill_in_both_languages(key: str) -> None:
    assert set(PLACES.findall(ENGLISH[key])) == set(PLACES.findall(CHINESE[key]))
    assert CHINESE[key].strip()


@pytest.mark.parametrize("key", ["failed", "refused", "answer", "note"])
def test_what_the_studio_says_in_english_is_marked_as_english_in_chinese(key: str) -> None:
    assert "只有英文" in CHINESE[key]


@pytest.mark.parametrize("key", sorted(ENGLISH.keys() - BY_THE_SCRIPT_OF_WORDS))
def test_every_text_is_asked_for_by_its_key(key: str) -> None:
    everything = HTML + "".join(SCRIPTS.values())
    assert re.search(rf"""["']{key}["']""", everything), key


def test_every_key_of_the_html_has_a_text_which_stands_there_in_english() -> None:
    elements = re.findall(r'data-text="(\w+)"[^>]*>([^<]*)<', HTML)
    assert len(elements) > 20
    assert {key: ENGLISH[key] for key, _ in elements} == dict(elements)
    assert set(re.findall(r'data-label="(\w+)"', HTML)) <= ENGLISH.keys()


def test_every_key_of_the_scripts_has_a_text() -> None:
    keys = set().union(*(re.findall(r'\btext\("(\w+)"', script) for script in SCRIPTS.values()))
    assert len(keys) > 20
    assert keys <= ENGLISH.keys()


def test_the_page_and_its_scripts_ask_for_nothing_that_is_not_served() -> None:
    assert {path.name for path in STATIC.iterdir()} == {"film.html", *ASSETS}
    for script in SCRIPTS.values():
        assert set(re.findall(r'from "\./(\w+\.js)"', script)) <= set(ASSETS)


def test_nothing_of_the_page_is_inline_or_comes_from_elsewhere() -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", HTML)
    for text in (HTML, *SCRIPTS.values()):
        assert "//" not in re.sub(r"//[^\n]*\n|http://www\.w3\.org/\S+", "\n", text)
        assert not re.search(r"\beval\(|new Function|innerHTML|setAttribute\(\"style\"", text)
