"""The page says everything in both languages, with the same places to fill."""

from __future__ import annotations

import re

import pytest

from impasto.service.page.texts import CHINESE, ENGLISH, language_of

PLACES = re.compile(r"\{(\w+)\}")


def test_both_languages_have_the_same_texts() -> None:
    assert ENGLISH.keys() == CHINESE.keys()


def test_a_text_has_the_same_places_to_fill_in_both_languages() -> None:
    for key, english in ENGLISH.items():
        assert set(PLACES.findall(english)) == set(PLACES.findall(CHINESE[key])), key
        assert CHINESE[key].strip(), key


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("zh", "zh"),
        ("zh-TW;q=0.9,en", "zh"),
        ("en-US,zh;q=0.9", "en"),
        ("", "en"),
        ("zhuang", "en"),
        (None, "en"),
    ],
)
def test_the_browsers_first_choice_decides(header: str | None, expected: str) -> None:
    assert language_of(header) == expected
