"""Where words go: lines, columns, sides; and glyphs that somebody drew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PIL import ImageFont, features

from impasto.arrangements.letter import layout
from impasto.arrangements.letter.fonts import runs_of
from impasto.arrangements.letter.layout import OwnGlyphs, Words
from impasto.errors import ImpastoError, PictureError, SettingError
from impasto.imaging import Picture
from tests.arrangements.letter.lettered import FONT


def has_han() -> bool:
    try:
        return bool(runs_of("春眠"))
    except ImpastoError:
        return False


han = pytest.mark.skipif(not has_han(), reason="no font here has Chinese: fonts-noto-cjk")


def ink(text: str, **options: object) -> np.ndarray:
    return Words(text, FONT, **options).reference  # type: ignore[arg-type]


def test_two_lines_are_higher_than_one_and_as_wide_as_the_longer() -> None:
    one, two = ink("HHH"), ink("HHH\nH")
    assert two.shape[0] > 2 * one.shape[0]
    assert two.shape[1] == one.shape[1]


@pytest.mark.parametrize(("align", "middle"), [("left", 0.15), ("center", 0.5), ("right", 0.85)])
def test_short_lines_stand_where_they_are_told(align: str, middle: float) -> None:
    mask = ink("HHHHHH\nH", align=align)
    columns = np.flatnonzero(mask[-30:].max(0) > 0.5)
    assert columns.mean() / mask.shape[1] == pytest.approx(middle, abs=0.1)


def test_larger_drawings_are_the_same_words() -> None:
    words = Words("Ti", FONT)
    small, large = words.reference, words.drawn(2)
    assert large.shape == pytest.approx(np.multiply(small.shape, 2), abs=3)
    assert large.mean() == pytest.approx(small.mean(), abs=0.02)


def test_letters_lie_on_their_side_in_a_column() -> None:
    lying, standing = ink("HHHH", vertical=True), ink("HHHH")
    assert lying.shape[::-1] == pytest.approx(standing.shape, abs=2)
    turned = np.rot90(standing, -1)
    high, wide = (min(sides) for sides in zip(turned.shape, lying.shape, strict=True))
    assert np.abs(turned[:high, :wide] - lying[:high, :wide]).mean() < 0.05


@han
def test_squares_stand_upright_in_columns_from_right_to_left() -> None:
    column = Words("一一一", vertical=True).reference
    assert column.shape[0] > 2 * column.shape[1]
    first_is_full = Words("国国\n国", vertical=True, align="left").reference
    half = first_is_full.shape[1] // 2
    low = first_is_full[-40:]
    assert low[:, half:].max() > 0.5  # the longer column, the first, is on the right
    assert low[:, :half].max() < 0.5


def test_letters_that_are_read_from_right_to_left_end_on_the_left() -> None:
    alone, both = ink("ا"), ink("اب")
    # Alef comes first, and stands on the right of the two.
    right = both[:, -alone.shape[1] :]
    assert right.shape[1] < both.shape[1]
    assert right.sum() == pytest.approx(alone.sum(), rel=0.3)


@pytest.fixture
def without_shaping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    layout._font.cache_clear()
    monkeypatch.setattr(ImageFont.core, "HAVE_RAQM", False)
    yield
    layout._font.cache_clear()


@pytest.mark.usefixtures("without_shaping")
def test_where_letters_cannot_be_joined_a_note_says_so() -> None:
    assert Words("Hi", FONT).notes == ()
    assert Words("Hi", FONT, vertical=True).notes == (layout.PLAIN,)
    assert Words("اب", FONT).notes == (layout.PLAIN,)


@han
@pytest.mark.usefixtures("without_shaping")
def test_columns_are_written_without_shaping_too() -> None:
    column = Words("一一", vertical=True).reference
    assert column.shape[0] > column.shape[1]


def test_where_letters_are_joined_there_is_nothing_to_note() -> None:
    if not features.check("raqm"):
        pytest.skip("Pillow finds no FriBiDi here")
    assert Words("اب", FONT, vertical=True).notes == ()


@pytest.mark.parametrize("text", ["", "\n", "   "])
def test_no_words_are_told(text: str) -> None:
    with pytest.raises(SettingError, match="words"):
        Words(text, FONT)


def test_own_glyphs_are_what_is_dark_or_what_is_opaque() -> None:
    white = np.full((6, 8, 3), 255, np.uint8)
    drawn = white.copy()
    drawn[2:4, 1:7] = 0
    assert OwnGlyphs(Picture(drawn)).reference.tolist() == [[1.0] * 6] * 2
    alpha = np.zeros((6, 8), np.uint8)
    alpha[1:4, 2:4] = 255
    assert OwnGlyphs(Picture(white, alpha)).reference.shape == (3, 2)


def test_an_empty_drawing_is_told() -> None:
    with pytest.raises(PictureError, match=r"logo\.png shows no glyphs"):
        OwnGlyphs(Picture(np.full((6, 8, 3), 255, np.uint8), name="logo.png"))
