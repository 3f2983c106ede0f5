from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from impasto.imaging.zoom.pyramid import Level, level_shapes, spans, tiles_of

SIDES = st.integers(1, 70)


def pyramid(
    picture: NDArray[np.uint8], tile: int, overlap: int, cuts: list[int]
) -> dict[tuple[int, int, int], NDArray[np.uint8]]:
    """All tiles by level, column and row."""
    tiles: dict[tuple[int, int, int], NDArray[np.uint8]] = {}

    def put(level: int, column: int, row: int, pixels: NDArray[np.uint8]) -> None:
        assert (level, column, row) not in tiles
        tiles[level, column, row] = pixels.copy()

    height, width = picture.shape[:2]
    top = Level(len(level_shapes(height, width)) - 1, (height, width), tile, overlap, put)
    bands = [band for band in np.split(picture, sorted(cuts)) if len(band)]
    for band in bands:
        top.take(band, last=band is bands[-1])
    return tiles


def joined(
    tiles: dict[tuple[int, int, int], NDArray[np.uint8]], level: int, overlap: int
) -> NDArray[np.uint8]:
    """A level put together from the tiles' own px, as a viewer does."""
    rows = 1 + max(row for number, _, row in tiles if number == level)
    columns = 1 + max(column for number, column, _ in tiles if number == level)

    def own(column: int, row: int) -> NDArray[np.uint8]:
        pixels = tiles[level, column, row]
        top, left = overlap * (row > 0), overlap * (column > 0)
        bottom = len(pixels) - overlap * (row < rows - 1)
        right = pixels.shape[1] - overlap * (column < columns - 1)
        return pixels[top:bottom, left:right]

    return np.concatenate(
        [np.concatenate([own(c, r) for c in range(columns)], axis=1) for r in range(rows)]
    )


@given(SIDES, SIDES, st.integers(1, 20), st.data())
def test_the_tiles_of_each_level_are_that_level(
    height: int, width: int, tile: int, data: st.DataObject
) -> None:
    overlap = data.draw(st.integers(0, 1))
    cuts = data.draw(st.lists(st.integers(0, height), max_size=3))
    y, x = np.mgrid[:height, :width]
    picture = np.stack([x * 3, y * 3, x + y], axis=-1).astype(np.uint8)
    tiles = pyramid(picture, tile, overlap, cuts)
    shapes = level_shapes(height, width)
    assert len(tiles) == tiles_of(height, width, tile)
    for level, shape in enumerate(shapes):
        own = [key for key in tiles if key[0] == level]
        assert len(own) == -(-shape[0] // tile) * -(-shape[1] // tile)
        assert joined(tiles, level, overlap).shape[:2] == shape
    assert (joined(tiles, len(shapes) - 1, overlap) == picture).all()


@given(SIDES, SIDES)
def test_each_level_has_half_the_sides_rounded_up(height: int, width: int) -> None:
    shapes = level_shapes(height, width)
    assert shapes[0] == (1, 1)
    assert shapes[-1] == (height, width)
    for (h, w), (high, wide) in pairwise(shapes):
        assert (h, w) == (-(-high // 2), -(-wide // 2))


@given(st.integers(1, 3000), st.integers(1, 300), st.integers(0, 3))
def test_spans_cover_a_side_and_overlap_by_twice_the_overlap(
    side: int, tile: int, overlap: int
) -> None:
    found = list(spans(side, tile, min(overlap, tile)))
    assert found[0][0] == 0
    assert found[-1][1] == side
    for (_, stop), (start, _) in pairwise(found):
        assert start < stop or overlap == 0


def test_the_last_level_is_the_picture_and_the_first_its_mean() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    tiles = pyramid(picture, 16, 1, [10, 11, 40])
    assert (joined(tiles, 6, 1) == picture).all()
    assert (np.abs(tiles[0, 0, 0][0, 0] - picture.mean(axis=(0, 1))) <= 0.51).all()


@pytest.mark.parametrize("level", [0, 1, 100, 254, 255])
def test_one_colour_stays_that_colour_on_every_level(level: int) -> None:
    tiles = pyramid(np.full((37, 53, 3), level, np.uint8), 8, 1, [5])
    assert all((pixels == level).all() for pixels in tiles.values())


def test_rounding_does_not_add_up_from_level_to_level() -> None:
    picture = np.zeros((256, 256, 3), np.uint8)
    picture[::2, ::2] = 1  # a quarter of a level: no rounding to the next
    assert pyramid(picture, 256, 1, [])[0, 0, 0].max() == 0
    picture[:, :] = [0, 1, 2]
    picture[::2] += 1
    assert pyramid(picture, 256, 1, [])[0, 0, 0].tolist() == [[[1, 2, 3]]]  # halves go up once
