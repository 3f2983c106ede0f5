"""Every value of every setting the page shows has its words, and no two of a setting the same."""

from __future__ import annotations

import pytest

from impasto.service.page.choices import choice
from impasto.service.page.controls import controls
from impasto.settings.recipes import TEXTBOOK


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_choices_of_a_setting_can_be_told_apart(language: str) -> None:
    for control in controls():
        words = [choice(control.name, value, language) for value in control.choices]
        assert len(set(words)) == len(words), control.name


def test_every_value_has_chinese_words_but_for_proper_names() -> None:
    names = {"lanczos", "8", "16", "lbfgs", "adam", "squeezenet", *TEXTBOOK}
    for control in controls():
        for value in set(control.choices) - names:
            words = choice(control.name, value, "zh")
            assert any("一" <= sign <= "鿿" for sign in words), (control.name, value)
