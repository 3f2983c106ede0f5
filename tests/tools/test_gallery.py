from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from impasto import samples
from impasto.reports.sheet import PAPER
from tools import gallery, page
from tools.gallery import Easel

Painter = Callable[..., Image.Image]


@pytest.fixture
def requests() -> list[tuple[object, ...]]:
    return []


@pytest.fixture
def blank(requests: list[tuple[object, ...]]) -> Painter:
    """An easel that keeps what it is asked for and paints it red."""

    def paint(*pair: object, **settings: object) -> Image.Image:
        requests.append((*pair, *settings.values()))
        return Image.new("RGB", (20, 20), "red")

    return paint


def test_an_easel_paints_a_square_once() -> None:
    easel = Easel(48, steps=2)
    painting = easel("chelsea", "swirls")
    assert painting.size == (48, 48)
    assert easel("chelsea", "swirls") is painting
    assert easel("chelsea", "swirls", strength=0.9) is not painting


def test_the_hero_shows_paintings_with_their_sources(
    blank: Painter, requests: list[object]
) -> None:
    picture = gallery.hero(blank)
    assert requests == [(*pair, gallery.HERO_STRENGTH) for pair in gallery.HERO]
    assert picture.width == page.WIDTH
    assert picture.getpixel((page.MARGIN + 5, page.MARGIN + 5)) == (255, 0, 0)


def test_styles_are_each_photograph_in_each_highlight(
    blank: Painter, requests: list[object]
) -> None:
    gallery.styles(blank)
    pairs = [(c, s) for c in gallery.STYLES_CONTENTS for s in samples.HIGHLIGHTS]
    assert requests == pairs


def test_strengths_rise_along_the_row(blank: Painter, requests: list[tuple[object, ...]]) -> None:
    picture = gallery.strength(blank)
    assert [strength for *_, strength in requests] == [0, 0.25, 0.5, 0.75, 1]
    corner = picture.getpixel((5, 5))
    assert corner == picture.getpixel((picture.width - 5, picture.height - 5)) == PAPER


def test_the_looks_are_the_recipes_that_fetch_nothing(
    blank: Painter, requests: list[tuple[object, ...]]
) -> None:
    gallery.looks(blank)
    looks = [look for *_, look in requests]
    assert looks[0] == "default"
    assert not {"chapter", "gatys"} & set(looks)
