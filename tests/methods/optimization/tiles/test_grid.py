from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.methods.optimization.tiles.grid import Grid, Reach, reach_of
from impasto.networks import features
from impasto.networks.features.layers import geometry

SLIM = geometry(features.find("slim"))
LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1", "relu4_2"]

sides = st.integers(32, 900)
cores = st.integers(8, 40).map(lambda n: 16 * n)
reaches = st.builds(Reach, *[st.integers(0, 9).map(lambda n: 16 * n)] * 2)


@given(sides, sides, cores, reaches, st.sampled_from([1, 2, 4, 8, 16]))
def test_every_place_of_every_layer_is_owned_by_one_tile(
    height: int, width: int, core: int, reach: Reach, stride: int
) -> None:
    grid = Grid(height, width, core, reach)
    high, wide = height // stride, width // stride
    owners = [[0] * wide for _ in range(high)]
    for tile in grid.tiles:
        window = grid.window(tile, stride)
        assert (window.height, window.width) == (high, wide)
        for row in range(window.rows.start, window.rows.stop):
            for column in range(window.columns.start, window.columns.stop):
                owners[window.top + row][window.left + column] += 1
    assert all(count == 1 for row in owners for count in row)


@given(sides, sides, cores, reaches)
def test_a_tile_sees_its_own_px_and_the_reach_around_as_far_as_there_is_a_picture(
    height: int, width: int, core: int, reach: Reach
) -> None:
    grid = Grid(height, width, core, reach)
    for tile in grid.tiles:
        for own, seen, side in zip(tile.own, tile.seen, (height, width), strict=True):
            assert seen.start == max(0, own.start - reach.before)
            assert seen.stop == min(side, own.stop + reach.after)
            assert own.start % 16 == seen.start % 16 == 0


@given(sides, cores)
def test_no_tile_owns_more_than_the_core_and_what_no_stride_divides(side: int, core: int) -> None:
    parts = Grid(side, side, core, Reach(0, 0)).rows
    assert parts[0].start == 0
    assert parts[-1].stop == side
    assert len(parts) == max(1, math.ceil(side // 16 * 16 / core))
    for part in parts:
        assert 32 <= part.stop - part.start <= core + 15 or len(parts) == 1


@given(sides, sides, cores)
def test_bands_are_the_rows_of_tiles(height: int, width: int, core: int) -> None:
    grid = Grid(height, width, core, Reach(80, 80))
    assert [band.own for band in grid.bands] == grid.rows
    for band in grid.bands:
        assert all(tile.own[0] == band.own and tile.seen[0] == band.seen for tile in band.tiles)
    assert [tile.number for tile in grid.tiles] == list(range(len(grid.tiles)))


def test_slim_and_vgg19_see_80_px_beyond_a_tile_up_to_relu5_1() -> None:
    assert reach_of(SLIM, LAYERS) == (Reach(80, 80), 16)
    assert reach_of(geometry(features.find("vgg19")), LAYERS) == (Reach(80, 80), 16)


def test_relu4_2_needs_half_of_that() -> None:
    assert reach_of(SLIM, ["relu4_2", "relu1_1"]) == (Reach(40, 40), 8)


def test_places_three_ahead_are_seen_too() -> None:
    assert reach_of(SLIM, LAYERS, dict.fromkeys(LAYERS, 3))[0] == Reach(80, 128)


def test_a_picture_smaller_than_a_tile_is_one_tile() -> None:
    (tile,) = Grid(60, 50, 128, Reach(80, 128)).tiles
    assert tile.own == tile.seen == (slice(0, 60), slice(0, 50))


@pytest.mark.parametrize("stride", [3, 5])
def test_layers_without_a_stride_of_two_are_reached_too(stride: int) -> None:
    assert reach_of({"a": (stride, 7 * stride)}, ["a"]) == (Reach(3 * stride, 3 * stride), stride)
