from __future__ import annotations

import re

import pytest

from impasto.colours import catalogue, find, known_names
from impasto.colours.catalogue import spelling
from impasto.errors import UnknownNameError


def test_every_value_is_written_alike() -> None:
    for colour in catalogue().values():
        assert re.fullmatch("#[0-9a-f]{6}", colour.value), colour


def test_css_has_all_its_names() -> None:
    # 148 names, of which seven differ only in "grey" for "gray".
    assert sum(colour.kind == "css" for colour in catalogue().values()) == 148 - 7


def test_a_hundred_traditional_colours_are_known_with_their_gloss() -> None:
    chinese = [colour for colour in catalogue().values() if colour.kind == "chinese"]
    assert len(chinese) >= 100
    assert all(colour.gloss.isprintable() and colour.gloss for colour in chinese)


def test_every_name_is_found() -> None:
    for name in known_names():
        assert find(name).value, name
        assert find(f"  {name.upper()} ") == find(name), name


def test_no_name_is_written_twice() -> None:
    names = [spelling(name) for name in catalogue()]
    assert len(names) == len(set(names))


def test_a_name_of_css_has_the_value_of_css_in_both_languages() -> None:
    assert find("red").value == find("红色").value == "#ff0000"


@pytest.mark.parametrize(
    ("wrong", "near"), [("vermillion", "vermilion"), ("steelblu", "steelblue"), ("石清", "石青")]
)
def test_an_unknown_name_is_answered_with_the_nearest(wrong: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        find(wrong)
