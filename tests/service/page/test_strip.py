from __future__ import annotations

import re
from html import unescape

import pytest

from impasto import samples
from impasto.service.page.strip import strip

BUTTON = re.compile(r"<button[^>]*>.*?</button>")


@pytest.fixture
def buttons() -> list[str]:
    return [unescape(button) for button in BUTTON.findall(strip())]


def test_every_sample_is_a_button_in_the_order_of_the_lists(buttons: list[str]) -> None:
    picks = [re.search(r'data-pick="([^"]*)"', button) for button in buttons]
    expected = [f"{kind}:{name}" for kind in samples.SHOWS for name in samples.names(kind)]
    assert [pick[1] for pick in picks if pick] == expected


def test_a_button_says_title_artist_and_year_in_both_languages(buttons: list[str]) -> None:
    (button,) = [button for button in buttons if "style:cafe-terrace" in button]
    assert 'alt="Café Terrace at Night, Vincent van Gogh, 1888"' in button
    assert 'data-zh="《夜晚的露天咖啡座》，文森特·梵高，1888 年"' in button


def test_pictures_come_late_and_move_nothing(buttons: list[str]) -> None:
    for button in buttons:
        assert 'loading="lazy"' in button
        assert re.search(r'width="(\d+)" height="\1"', button)
        assert "data:" not in button.replace("data-", "")


def test_the_strip_says_how_many_there_are_of_each() -> None:
    counts = re.search(r'data-works="(\d+)" data-drawings="(\d+)"', strip())
    assert counts is not None
    assert sum(map(int, counts.groups())) == len(samples.names("style"))
