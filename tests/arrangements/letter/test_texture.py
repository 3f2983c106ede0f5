"""Shades of a texture, and where they go."""

from __future__ import annotations

import numpy as np

from impasto.arrangements.letter.layout import Words
from impasto.arrangements.letter.sheet import Sheet
from impasto.arrangements.letter.texture import RIM, loosened, shades_of, shades_wanted
from impasto.settings import StyleSettings
from tests.arrangements.letter.lettered import FONT

SHEET = Sheet.of(Words("Hi", FONT), 0.2, StyleSettings(size=120))


def test_the_middle_of_a_stroke_is_light_and_what_is_around_it_dark() -> None:
    wanted = shades_wanted(SHEET)
    assert wanted[SHEET.distance < 0].min() >= RIM
    assert wanted[SHEET.distance >= 0].max() <= RIM
    assert wanted.flat[SHEET.distance.argmin()] == 1


def test_shades_are_alike_frequent() -> None:
    ramp = np.repeat(np.linspace(0, 1, 100, dtype=np.float32)[None, :, None], 20, 0).repeat(3, 2)
    shades = shades_of(ramp, 3.0)
    assert abs(float(shades.mean()) - 0.5) < 0.05
    assert shades[:, 0].max() < shades[:, -1].min()


def test_an_outline_is_moved_by_at_most_half_the_looseness() -> None:
    pixels = np.random.default_rng(0).random((*SHEET.shape, 3)).astype(np.float32)
    moved = loosened(SHEET, pixels, 0.5).distance - SHEET.distance
    assert 0 < np.abs(moved).max() <= 0.25 * SHEET.half_width + 1e-5
    assert np.array_equal(loosened(SHEET, pixels, 0.0).distance, SHEET.distance)
