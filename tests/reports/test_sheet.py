from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from impasto.reports import contact_sheet
from impasto.reports.sheet import EMPTY, PAPER, Grid, _length, _wrapped

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 128, 0)
CELL = (90, 60)
CONTACT_CELL = (64, 48)


def photo(colour: tuple[int, int, int], width: int = 64, height: int = 48) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def place_of(sheet: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """left, top, width and height of all that has a colour."""
    rows, columns = np.nonzero((np.asarray(sheet) == colour).all(-1))
    left, top = columns.min(), rows.min()
    return left, top, columns.max() - left + 1, rows.max() - top + 1


def test_pictures_stand_side_by_side_in_reading_order() -> None:
    sheet = contact_sheet([("a", photo(RED)), ("b", photo(BLUE))], columns=2, cell=CONTACT_CELL)
    red, blue = place_of(sheet, RED), place_of(sheet, BLUE)
    assert red[2:] == blue[2:] == CONTACT_CELL
    assert red[1] == blue[1]
    assert red[0] + red[2] < blue[0]


def test_a_full_row_is_followed_by_the_next() -> None:
    sheet = contact_sheet([("a", photo(RED)), ("b", photo(BLUE))], columns=1, cell=CONTACT_CELL)
    red, blue = place_of(sheet, RED), place_of(sheet, BLUE)
    assert red[0] == blue[0]
    assert red[1] + red[3] < blue[1]


@pytest.mark.parametrize(("count", "rows"), [(0, 0), (1, 1), (3, 1), (4, 2)])
def test_there_are_as_many_rows_as_it_takes(count: int, rows: int) -> None:
    heights = [
        contact_sheet([("x", photo(RED))] * n, columns=3, cell=CONTACT_CELL).height
        for n in (0, 3, count)
    ]
    empty, one, height = heights
    assert height - empty == rows * (one - empty)


def test_a_picture_is_fitted_whole_into_the_middle_of_its_cell() -> None:
    sheet = contact_sheet([("a", photo(RED, 200, 50))], columns=1, cell=CONTACT_CELL)
    left, top, width, height = place_of(sheet, RED)
    assert (width, height) == (64, 16)
    full = place_of(contact_sheet([("a", photo(RED))], columns=1, cell=CONTACT_CELL), RED)
    assert (left, top) == (full[0], full[1] + 16)


def test_the_caption_is_written_below_its_picture() -> None:
    blank, with_caption = (
        np.asarray(contact_sheet([(text, photo(RED))], columns=1, cell=CONTACT_CELL))
        for text in ("", "swirls")
    )
    rows, _ = np.nonzero((blank != with_caption).any(-1))
    _, top, _, height = place_of(Image.fromarray(blank), RED)
    assert rows.min() >= top + height


def test_the_pictures_given_are_left_as_they_were() -> None:
    picture = photo(RED, 200, 50)
    sheet = contact_sheet([("a", picture)], columns=1, cell=CONTACT_CELL)
    assert picture.size == (200, 50)
    assert sheet.mode == "RGB"
    assert sheet.getpixel((0, 0)) == PAPER


def test_pictures_of_any_mode_are_shown() -> None:
    pictures = [(mode, photo(RED).convert(mode)) for mode in ("RGBA", "L", "P")]
    assert contact_sheet(pictures, columns=3, cell=CONTACT_CELL).mode == "RGB"


def plain(colour: tuple[int, int, int], width: int = 90, height: int = 60) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def places(grid: Grid, colour: tuple[int, int, int]) -> NDArray[np.intp]:
    """(row, column) of every pixel of a colour."""
    return np.argwhere((np.asarray(grid.picture) == colour).all(-1))


def box(grid: Grid, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """left, top, width and height of all that has a colour."""
    return place_of(grid.picture, colour)


def two_by_two() -> Grid:
    return Grid(["strength 0.2", "strength 0.8"], [["seed 1"], ["seed 2"]], cell=CELL)


def test_cells_stand_in_reading_order() -> None:
    grid = two_by_two()
    assert (grid.across, grid.count) == (2, 4)
    for index, colour in ((1, RED), (2, BLUE), (3, GREEN)):
        grid.put(index, plain(colour))
    first, second, third = box(grid, RED), box(grid, BLUE), box(grid, GREEN)
    assert first[2:] == second[2:] == third[2:] == CELL
    assert first[1] == second[1] < third[1]
    assert first[0] == third[0] < second[0]


def test_an_empty_grid_shows_where_its_pictures_will_be() -> None:
    grid = two_by_two()
    assert len(places(grid, EMPTY)) == 4 * 90 * 60
    grid.put(4, plain(RED))
    assert len(places(grid, EMPTY)) == 3 * 90 * 60
    grid.put(4, None, "not painted")
    assert len(places(grid, EMPTY)) == 4 * 90 * 60
    assert not len(places(grid, RED))


def test_a_picture_replaces_what_was_there_whole() -> None:
    grid, fresh = two_by_two(), two_by_two()
    grid.put(1, plain(RED), "draft")
    grid.put(1, plain(BLUE, 60, 60))
    fresh.put(1, plain(BLUE, 60, 60))
    assert grid.picture.tobytes() == fresh.picture.tobytes()


def test_a_draft_is_shown_as_large_as_the_painting() -> None:
    grid = two_by_two()
    grid.put(1, plain(RED, 30, 20))
    assert box(grid, RED)[2:] == CELL


def test_a_picture_of_another_form_is_fitted_whole_into_the_middle() -> None:
    grid = two_by_two()
    grid.put(1, plain(BLUE))
    left, top, *_ = box(grid, BLUE)
    grid.put(1, plain(RED, 200, 100))
    assert box(grid, RED) == (left, top + 7, 90, 45)


def test_pictures_of_any_mode_are_shown_and_nothing_shines_through() -> None:
    grid = two_by_two()
    for index, mode in enumerate(("RGBA", "L", "P"), 1):
        grid.put(index, plain(RED).convert(mode))
    clear = two_by_two()
    clear.put(1, Image.new("RGBA", CELL, (255, 0, 0, 0)))
    assert not len(places(clear, RED))


def darkest(grid: Grid, rows: slice, columns: slice) -> int:
    """How dark the darkest pixel of a part is, from 0, black, to 255."""
    return int(np.asarray(grid.picture.convert("L"))[rows, columns].min())


QUIET = 110  # what is written in ink has darker pixels than this, what is faint has none


def test_heads_are_written_above_and_beside() -> None:
    grid = two_by_two()
    grid.put(1, plain(RED))
    left, top, width, height = box(grid, RED)
    assert darkest(grid, slice(0, top), slice(left, left + width)) < QUIET
    assert darkest(grid, slice(top, top + height), slice(0, left)) < QUIET
    bare = Grid(["", ""], [[]], cell=CELL)
    assert darkest(bare, slice(None), slice(None)) > QUIET


def test_every_cell_has_its_number_below_in_a_quiet_colour() -> None:
    grid = Grid([""], [[]], cell=CELL)
    left, top, width, height = box(grid, EMPTY)
    below = slice(top + height, None), slice(left, left + width)
    assert QUIET < darkest(grid, *below) < 200


def test_labels_that_the_row_above_has_are_faint_and_groups_stand_apart() -> None:
    rows = [["seed 1", "steps 3"], ["seed 1", "steps 5"], ["seed 2", "steps 3"]]
    grid = Grid([""], rows, cell=CELL)
    for index, colour in enumerate((RED, BLUE, GREEN), 1):
        grid.put(index, plain(colour))
    boxes = [box(grid, colour) for colour in (RED, BLUE, GREEN)]
    tops = [top for _, top, *_ in boxes]
    assert tops[2] - tops[1] > tops[1] - tops[0]
    beside = slice(0, boxes[0][0])
    outer = [darkest(grid, slice(top, top + 30), beside) for top in tops]
    inner = [darkest(grid, slice(top + 30, top + 60), beside) for top in tops]
    assert [dark < QUIET for dark in outer] == [True, False, True]
    assert all(dark < QUIET for dark in inner)


def test_the_sources_stand_small_in_the_corner() -> None:
    grid = Grid(["strength 0.2"] * 3, [[]], cell=CELL, sources=[plain(RED), plain(BLUE)])
    grid.put(1, plain(GREEN))
    red, blue = box(grid, RED), box(grid, BLUE)
    assert red[1] == blue[1]
    assert red[0] + red[2] < blue[0]
    assert red[3] < 60
    assert red[1] + red[3] < box(grid, GREEN)[1]


@pytest.mark.parametrize("columns", [1, 4])
def test_words_never_leave_the_paper(columns: int) -> None:
    long = "style layers relu1_1,relu2_1=0.5,relu3_1=0.25," + "x" * 80
    grid = Grid(
        [long] * columns,
        [[long, long]],
        cell=CELL,
        sources=[plain(RED)] * 2,
        title="a photograph with a long name in the style of " + "y" * 120,
        subtitle=long,
    )
    pixels = np.asarray(grid.picture)
    for edge in (pixels[:8], pixels[-4:], pixels[:, :8], pixels[:, -8:]):
        assert (edge == PAPER).all()


def test_wrapped_lines_fit_and_lose_nothing() -> None:
    text = "style layers relu1_1,relu2_1=0.5, " + "x" * 60
    lines = _wrapped(text, 15, 90)
    assert len(lines) > 4
    assert all(_length(line, 15) <= 90 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert _wrapped("short", 15, 90) == ["short"]
    assert _wrapped("", 15, 90) == []


def test_a_sheet_of_large_cells_stays_within_what_formats_hold() -> None:
    grid = Grid(["a"] * 8, [[]], cell=(4000, 1000))
    assert grid.picture.width < 14_000
    grid.put(8, plain(RED, 4000, 1000))
    assert box(grid, RED)[2:] == (1500, 375)


def test_captions_stand_below_the_pictures_beside_their_swatches() -> None:
    grid = Grid(
        ["", ""],
        [[], []],
        cell=CELL,
        captions=["one", "two", "three"],
        swatches=[photo(RED), photo(BLUE), photo(GREEN)],
    )
    assert grid.count == 3
    grid.put(3, photo((1, 2, 3), *CELL))
    picture = place_of(grid.picture, (1, 2, 3))
    swatch = place_of(grid.picture, GREEN)
    assert picture[2:] == CELL
    assert swatch[0] == picture[0]
    assert picture[1] + picture[3] <= swatch[1]
    assert place_of(grid.picture, RED)[1] < picture[1] < swatch[1]
    assert place_of(grid.picture, RED)[0] == swatch[0] < place_of(grid.picture, BLUE)[0]


def test_a_long_caption_stays_within_its_cell() -> None:
    sheets = []
    for caption in ("b", "b" * 200):
        grid = Grid(["", ""], [[]], cell=CELL, captions=["a", caption])
        sheets.append(np.asarray(grid.picture).astype(int))
    left = (np.nonzero((sheets[0] == EMPTY).all(-1))[1]).max() + 1
    short, long = sheets
    assert short.shape == long.shape
    assert (long[:, left:] == PAPER).all()
