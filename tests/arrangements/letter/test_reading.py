"""The part of a style that is read, at its size."""

from __future__ import annotations

import numpy as np

from impasto.arrangements.letter.layout import Words
from impasto.arrangements.letter.reading import LARGEST, Cutting, longest_of
from impasto.arrangements.letter.sheet import Sheet
from impasto.settings import StyleSettings
from tests.arrangements.letter.lettered import FONT, SIDE, bar, effect

SETTINGS = StyleSettings(size=120)
SHEET = Sheet.of(Words("Hi", FONT), 1.0, SETTINGS)


def test_a_style_is_enlarged_so_far_and_no_further() -> None:
    cutting = Cutting.of(effect(), bar(), 10.0, 8.0, SHEET, SETTINGS)
    assert cutting.style.height == round(LARGEST * SIDE)
    assert cutting.glyph.shape == (cutting.style.height, cutting.style.width)
    assert (
        cutting.glyph.mean() == np.float64(bar().mean())
        or abs(cutting.glyph.mean() - bar().mean()) < 0.01
    )


def test_what_is_too_large_is_cut_around_the_letters() -> None:
    small = StyleSettings(size=40)
    sheet = Sheet.of(Words("i", FONT), 1.0, small)
    cutting = Cutting.of(effect(), bar(), 1.6, 2.0, sheet, small)
    assert max(cutting.style.height, cutting.style.width) <= longest_of(sheet, small)
    assert cutting.glyph.any()
