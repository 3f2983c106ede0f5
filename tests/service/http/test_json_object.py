"""Text that has to be a JSON object, and is not."""

from __future__ import annotations

import pytest

from impasto.errors import SettingError
from impasto.service.http.json_object import json_object


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "options is not JSON: expecting property name"),
        ("[]", r"options has to be a JSON object, like \{\}"),
        ('{"a": NaN}', "options has NaN, which is no JSON number: give a finite number"),
        ('{"a": 1, "a": 2}', "options has 'a' twice: give each one once"),
        ("[" * 100_000, "options is nested too deeply"),
        (f'{{"a": {"1" * 5000}}}', "options has a number too long to be read"),
    ],
)
def test_what_is_wrong_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        json_object(text, "options", "{}")
