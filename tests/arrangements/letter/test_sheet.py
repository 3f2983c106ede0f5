"""How large the sheet of some words is, and what stands on it."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.arrangements.letter.layout import Words
from impasto.arrangements.letter.sheet import AIR, SHORTEST, Sheet
from impasto.errors import SettingError
from impasto.settings import StyleSettings
from tests.arrangements.letter.lettered import FONT

WORDS = Words("Hi", FONT)


@pytest.mark.parametrize(
    ("settings", "shape"),
    [
        (StyleSettings(shape=(70, 200)), (70, 200)),
        (StyleSettings(shape="2:1", size=160), (80, 160)),
    ],
)
def test_a_shape_is_kept(settings: StyleSettings, shape: tuple[int, int]) -> None:
    assert Sheet.of(WORDS, 1.0, settings).shape == shape


def test_the_size_is_that_of_the_longest_side() -> None:
    assert max(Sheet.of(WORDS, 1.0, StyleSettings(size=150)).shape) == 150


def test_a_long_line_has_a_sheet_that_is_not_too_thin() -> None:
    sheet = Sheet.of(Words("H" * 12, FONT), 0.1, StyleSettings(size=256))
    assert sheet.shape == (SHORTEST, 256)


def test_there_is_room_for_the_effect_on_every_side() -> None:
    reach = 2.0
    sheet = Sheet.of(WORDS, reach, StyleSettings(size=200))
    rim = np.concatenate([sheet.normal[[0, -1]].ravel(), sheet.normal[:, [0, -1]].ravel()])
    assert rim.min() >= reach + AIR - 0.4


def test_ink_is_inside() -> None:
    sheet = Sheet.of(WORDS, 1.0, StyleSettings(size=200))
    assert (sheet.ink[sheet.distance < -1] == 1).all()
    assert (sheet.ink[sheet.distance > 1] == 0).all()


def test_strokes_that_can_hold_nothing_are_refused() -> None:
    with pytest.raises(SettingError, match="larger --size, fewer words, or break the line"):
        Sheet.of(Words("too many words for that", FONT), 1.0, StyleSettings(size=64))
