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
def asked() -> list[tuple[object, ...]]:
    return []


@pytest.fixture
def blank(asked: list[tuple[object, ...]]) -> Painter:
    """An easel that keeps what it is asked for and paints it red."""

    def paint(*pair: object) -> Image.Image:
        asked.append(pair)
        return Image.new("RGB", (20, 20), "red")

    return paint


def test_an_easel_paints_a_square_once() -> None:
    easel = Easel(48, steps=2)
    painting = easel("chelsea", "swirls")
    assert painting.size == (48, 48)
    assert easel("chelsea", "swirls") is painting
    assert easel("chelsea", "swirls", 0.9) is not painting


def test_the_hero_shows_paintings_with_their_sources(blank: Painter, asked: list[object]) -> None:
    drawn = gallery.hero(blank)
    assert asked == list(gallery.HERO)
    assert drawn.width == page.WIDTH
    assert drawn.getpixel((page.MARGIN + 5, page.MARGIN + 5)) == (255, 0, 0)


def test_styles_are_every_photograph_in_every_style(blank: Painter, asked: list[object]) -> None:
    gallery.styles(blank)
    pairs = [(c, s) for c in samples.names("content") for s in samples.names("style")]
    assert asked == pairs


def test_strengths_rise_along_the_row(blank: Painter, asked: list[tuple[object, ...]]) -> None:
    drawn = gallery.strength(blank)
    assert [strength for *_, strength in asked] == [0, 0.25, 0.5, 0.75, 1]
    corner = drawn.getpixel((5, 5))
    assert corner == drawn.getpixel((drawn.width - 5, drawn.height - 5)) == PAPER
