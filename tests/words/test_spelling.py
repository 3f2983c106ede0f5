from __future__ import annotations

import pytest

from impasto.words.spelling import key_of, normalized, stem


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("watercolour", "Water-colors"),
        ("stained glass windows", "STAINED-GLASS WINDOW"),
        ("grey", "gray"),
        ("Cézanne", "cezanne’s"),
        ("brushes", "brush"),
        ("stylised", "stylized"),
    ],
)
def test_two_spellings_have_one_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize("word", ["glass", "iris", "gas", "canvas", "this"])
def test_a_word_that_only_looks_like_a_plural_is_told_from_others(word: str) -> None:
    assert stem(word) == stem(stem(word))
    assert len(stem(word)) >= len(word) - 1


def test_traditional_characters_and_full_width_forms_are_the_simplified_ones() -> None:
    assert normalized("濃墨，淡彩５０％") == "浓墨,淡彩50%"
