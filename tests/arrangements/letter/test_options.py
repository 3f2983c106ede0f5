from __future__ import annotations

import pytest

from impasto.arrangements.letter.options import LetterOptions
from impasto.errors import SettingError


@pytest.mark.parametrize(
    ("text", "roles", "sentence"),
    [
        ("", ["style"], "there are no words to draw"),
        ("\n \u3000", ["style"], "there are no words to draw"),
        ("a", ["style", "content"], "words and glyphs are given"),
    ],
)
def test_neither_words_nor_glyphs_and_both_are_refused(
    text: str, roles: list[str], sentence: str
) -> None:
    with pytest.raises(SettingError, match=sentence):
        LetterOptions(text=text).check_with(roles)


def test_words_or_glyphs_are_enough() -> None:
    LetterOptions(text="春").check_with(["style"])
    LetterOptions(text="").check_with(["style", "content"])
