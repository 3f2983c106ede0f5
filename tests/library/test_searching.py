from __future__ import annotations

from dataclasses import replace

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.library import WISHES, Entry, Wish, search
from impasto.library.bundled import bundled_entries

PLAIN = bundled_entries()[0].attributes


def entry(name: str, title: str = "", **values: float) -> Entry:
    """One that differs from the others in some attributes."""
    shares = {**PLAIN.shares, **{k: v for k, v in values.items() if k in PLAIN.shares}}
    numbers = {k: v for k, v in values.items() if k not in PLAIN.shares}
    return Entry(name, title, replace(PLAIN, shares=shares, **numbers))  # type: ignore[arg-type]


THREE = [
    entry("night", "Night, A. Painter", lightness=0.2, blue=0.7, red=0.0),
    entry("noon", "Noon, B. Painter", lightness=0.9, blue=0.4, red=0.1),
    entry("fire", "火, C. Painter", lightness=0.4, blue=0.0, red=0.9),
]


def names(*wishes: str | Wish, words: str = "") -> list[str]:
    return [found.name for found in search(wishes, words=words, entries=THREE)]


def test_a_colour_is_found_by_its_share_and_light_by_how_much() -> None:
    assert names("red")[0] == "fire"
    assert names("light")[0] == "noon"
    assert names("blue", "dark")[0] == "night"
    assert names("blue", "light")[0] == "noon"


def test_not_wishes_the_contrary() -> None:
    assert names("not blue")[0] == "fire"
    assert names("not red")[-1] == "fire"
    assert names("not dark")[0] == "noon"
    assert names("not light")[-1] == "noon"


def test_a_range_fits_within_and_less_the_farther_beyond() -> None:
    found = search([Wish("lightness", low=0.35, high=0.5)], entries=THREE)
    assert found[0].score == 1
    assert [each.name for each in found] == ["fire", "night", "noon"]


def test_words_are_looked_for_in_titles_in_either_language() -> None:
    assert names(words="noon") == ["noon"]
    assert names(words="火") == ["fire"]
    assert names("blue", words="painter noon")[0] == "noon"
    assert names(words="nothing of it") == []


def test_without_any_wish_all_fit() -> None:
    assert names() == ["night", "noon", "fire"]
    assert search(["blue"], entries=[]) == []
    assert len(search(["blue"], entries=THREE, limit=2)) == 2


def test_an_unknown_wish_or_attribute_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'swirling'"):
        names("swirly")
    with pytest.raises(UnknownNameError, match="did you mean 'lightness'"):
        Wish("lightnes")
    with pytest.raises(SettingError, match="no range: give the lower first"):
        Wish("lightness", low=1, high=0)
    with pytest.raises(SettingError, match="weight of a wish is 0"):
        Wish("lightness", weight=0)


def test_every_wish_finds_some_bundled_style_better_than_others() -> None:
    for word in WISHES:
        scores = [found.score for found in search([word], entries=bundled_entries(), limit=99)]
        assert scores[0] > scores[-1], word


def test_bundled_styles_are_found_as_anybody_would_say() -> None:
    def first(*wishes: str) -> list[str]:
        return [f.name for f in search(wishes, entries=bundled_entries(), limit=3)]

    assert "starry-night" in first("blue", "swirling")
    assert "the-kiss" in first("gold", "textured")
    assert "calavera" in first("white", "contrasty")
