"""The part of a style that is read, at its size."""

from __future__ import annotations

import numpy as np

from impasto.arrangements.letter.layout import Words
from impasto.arrangements.letter.reading import (
    LARGEST,
    LEAST_SEEN_PX,
    Cutting,
    longest_of,
    prepared,
)
from impasto.arrangements.letter.sheet import Sheet
from impasto.imaging import Picture
from impasto.settings import StyleSettings
from tests.arrangements.letter.lettered import FONT, SIDE, bar, effect

SETTINGS = StyleSettings(size=120)
SHEET = Sheet.of(Words("Hi", FONT), 1.0, SETTINGS)


def test_a_style_is_enlarged_so_far_and_no_further() -> None:
    cutting = Cutting.of(effect(), bar(), 10.0, 8.0, SHEET, SETTINGS)
    assert cutting.style.height == round(LARGEST * SIDE)
    assert cutting.glyph.shape == (cutting.style.height, cutting.style.width)
    assert abs(cutting.glyph.mean() - bar().mean()) < 0.01


def test_what_is_too_large_is_cut_around_the_letters() -> None:
    small = StyleSettings(size=40)
    sheet = Sheet.of(Words("i", FONT), 1.0, small)
    cutting = Cutting.of(effect(), bar(), 1.6, 2.0, sheet, small)
    assert max(cutting.style.height, cutting.style.width) <= longest_of(sheet, small)
    assert cutting.glyph.any()


def test_a_cut_out_lies_on_the_page_that_is_less_like_it() -> None:
    alpha = np.where(bar(), np.uint8(255), np.uint8(0))
    light = prepared(Picture(effect().pixels, alpha), SETTINGS)
    assert light.alpha is None
    assert light.pixels[0, 0].tolist() == [0, 0, 0]
    dark = prepared(Picture(np.zeros_like(effect().pixels), alpha), SETTINGS)
    assert dark.pixels[0, 0].tolist() == [255, 255, 255]


def test_a_large_style_is_made_smaller_before_it_is_looked_at() -> None:
    wide = Picture(np.zeros((30, 4 * LEAST_SEEN_PX, 3), np.uint8))
    assert prepared(wide, SETTINGS).width == LEAST_SEEN_PX
