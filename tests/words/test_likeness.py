from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest

from impasto.errors import SettingError
from impasto.words import likeness, plan_of
from impasto.words.lexer import tokens
from impasto.words.planning import MOST_NAMED, MOST_TEXT


def test_the_likest_terms_are_named_first_and_each_once() -> None:
    found = likeness.nearest("watercolr")
    assert found[0] == "watercolour"
    assert len(set(found)) == len(found) <= likeness.NEAREST


def test_one_wrong_character_of_a_chinese_term_is_mended() -> None:
    pieces, notes = likeness.mended(tokens("咖阿馆"))
    assert [piece.term.zh for piece in pieces if piece.term] == ["露天咖啡座"]
    assert notes == ["咖阿馆 is read as café terrace"]


def test_two_words_that_are_one_term_but_for_a_slip_are_mended() -> None:
    _, notes = likeness.mended(tokens("starry nigth"))
    assert notes == ["starry nigth is read as starry night"]


@pytest.mark.parametrize("word", ["x", "象象象象象象象象象象象象", "qqqqq"])
def test_what_is_like_nothing_stays(word: str) -> None:
    pieces, notes = likeness.mended(tokens(word))
    assert [piece.kind for piece in pieces] == ["unknown"]
    assert notes == []


ENGLISH = " ".join(
    "".join(random.Random(n).choices("aceimnoprstuw", k=3 + n % 7)) for n in range(300)
)
CHINESE = "，".join(
    "".join(random.Random(n).choices("水彩画派风景大师海浪", k=3)) for n in range(300)
)


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_many_unknown_words_cost_few_comparisons(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    class Counting(SequenceMatcher[str]):
        def quick_ratio(self) -> float:
            counted.append(self.a)
            return super().quick_ratio()

    monkeypatch.setattr(likeness, "SequenceMatcher", Counting)
    likeness.nearest.cache_clear()
    plan = plan_of(f"red, {words}"[:MOST_TEXT])
    assert len(plan.unknown) > 50
    # 7,900 spellings stand in the vocabulary; each of a hundred words and more is looked up.
    assert len(counted) < 2000


def test_of_many_unknown_words_the_first_are_told_their_nearest_terms() -> None:
    many = [f"waterclouro{letter}" for letter in "abcdefghijklmnopqrst"]
    plan = plan_of(f"red, background, {' '.join(many)}")
    assert [bool(unknown.nearest) for unknown in plan.unknown if not unknown.region] == [
        place < MOST_NAMED for place in range(len(many))
    ]
    assert "20 words are unknown: nearest terms are named for the first 12" in plan.notes
    with pytest.raises(SettingError, match=r"and 8 more\)"):
        plan_of(" ".join(many))
