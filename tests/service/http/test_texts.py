from __future__ import annotations

import pytest

from impasto.errors import InputError
from impasto.service.http.texts import check_characters, check_length


def test_one_text_and_several_words_are_told_alike() -> None:
    check_length("text has", "cold", most=4)
    with pytest.raises(InputError, match="text has 5 characters, above the limit of 4: shorten it"):
        check_length("text has", "colds", most=4)


@pytest.mark.parametrize("text", ["", "春 Spring\nمرحبا", "🌊\u200d\ufe0f", "a\tb\r\nc"])
def test_what_people_type_passes(text: str) -> None:
    check_characters("the words have", text)


@pytest.mark.parametrize(
    ("text", "name"), [("\x00", "0000"), ("\x1b[0m", "001B"), ("\x85", "0085")]
)
def test_what_nothing_shows_is_named(text: str, name: str) -> None:
    with pytest.raises(InputError, match=rf"U\+{name}"):
        check_characters("the words have", f"cold {text}")
