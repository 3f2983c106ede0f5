from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from impasto.reports import contact_sheet
from impasto.reports.sheet import PAPER

RED, BLUE = (255, 0, 0), (0, 0, 255)
CELL = (64, 48)


def plain(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def place_of(sheet: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """left, top, width and height of all that has a colour."""
    rows, columns = np.nonzero((np.asarray(sheet) == colour).all(-1))
    left, top = columns.min(), rows.min()
    return left, top, columns.max() - left + 1, rows.max() - top + 1


def test_pictures_stand_side_by_side_in_reading_order() -> None:
    sheet = contact_sheet([("a", plain(RED)), ("b", plain(BLUE))], columns=2, cell=CELL)
    red, blue = place_of(sheet, RED), place_of(sheet, BLUE)
    assert red[2:] == blue[2:] == CELL
    assert red[1] == blue[1]
    assert red[0] + red[2] < blue[0]


def test_a_full_row_is_followed_by_the_next() -> None:
    sheet = contact_sheet([("a", plain(RED)), ("b", plain(BLUE))], columns=1, cell=CELL)
    red, blue = place_of(sheet, RED), place_of(sheet, BLUE)
    assert red[0] == blue[0]
    assert red[1] + red[3] < blue[1]


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (1, 1), (3, 1), (4, 2)])
def test_there_are_as_many_rows_as_it_takes(count: int, rows: int) -> None:
    heights = [
        contact_sheet([("x", plain(RED))] * n, columns=3, cell=CELL).height for n in (0, 3, count)
    ]
    empty, one, given = heights
    assert given - empty == rows * (one - empty)


def test_a_picture_is_fitted_whole_into_the_middle_of_its_cell() -> None:
    sheet = contact_sheet([("a", plain(RED, 200, 50))], columns=1, cell=CELL)
    left, top, width, height = place_of(sheet, RED)
    assert (width, height) == (64, 16)
    full = place_of(contact_sheet([("a", plain(RED))], columns=1, cell=CELL), RED)
    assert (left, top) == (full[0], full[1] + 16)


def test_the_caption_is_written_below_its_picture() -> None:
    blank, captioned = (
        np.asarray(contact_sheet([(text, plain(RED))], columns=1, cell=CELL))
        for text in ("", "swirls")
    )
    rows, _ = np.nonzero((blank != captioned).any(-1))
    _, top, _, height = place_of(Image.fromarray(blank), RED)
    assert rows.min() >= top + height


def test_the_pictures_given_are_left_as_they_were() -> None:
    picture = plain(RED, 200, 50)
    sheet = contact_sheet([("a", picture)], columns=1, cell=CELL)
    assert picture.size == (200, 50)
    assert sheet.mode == "RGB"
    assert sheet.getpixel((0, 0)) == PAPER


def test_pictures_of_any_mode_are_shown() -> None:
    pictures = [(mode, plain(RED).convert(mode)) for mode in ("RGBA", "L", "P")]
    assert contact_sheet(pictures, columns=3, cell=CELL).mode == "RGB"
