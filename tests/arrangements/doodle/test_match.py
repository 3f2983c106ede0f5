from __future__ import annotations

import itertools

import numpy as np
import pytest

from impasto.arrangements.doodle.match import APART, SHARED, _assigned, distinct, matched

WHITE, BLUE, RED, GREEN = (1.0, 0, 0), (0.45, -0.03, -0.31), (0.63, 0.22, 0.13), (0.87, -0.23, 0.18)


def test_colours_find_their_own_in_any_order() -> None:
    matching = matched(np.array([RED, WHITE, BLUE]), np.array([WHITE, BLUE, GREEN, RED]))
    assert matching.regions == (3, 0, 1)
    assert matching.unused == (2,)
    assert matching.far == ()
    assert max(matching.distances) == 0


def test_two_shades_share_a_region_rather_than_that_one_is_painted_of_the_sky() -> None:
    light_blue = (0.55, -0.03, -0.28)
    matching = matched(np.array([BLUE, light_blue]), np.array([WHITE, BLUE]))
    assert matching.regions == (1, 1)
    assert matching.shared(1) == (0,)
    assert matching.shared(0) == ()


def test_two_shades_have_a_region_each_where_both_are_near() -> None:
    light, dark = (0.7, 0, 0), (0.6, 0, 0)
    assert matched(np.array([light, dark]), np.array([(0.65, 0, 0), (0.5, 0, 0)])).regions == (0, 1)


def test_a_colour_that_no_region_has_is_named() -> None:
    pink = (0.7, 0.27, -0.17)
    assert matched(np.array([WHITE, pink]), np.array([WHITE, GREEN])).far == (1,)


def test_crayons_are_matched_to_muted_paint_by_their_order() -> None:
    paint = np.array([(0.6, 0.0, -0.02), (0.75, 0, 0.01), (0.5, 0.02, 0.01)])
    crayons = np.array([RED, WHITE, BLUE])
    middle = np.full((3, 2), 0.5)
    assert matched(crayons, paint, (middle, middle)).regions == (2, 1, 0)


def test_a_drawing_in_the_paint_itself_is_meant_as_it_is() -> None:
    paint = np.array([(0.6, 0.0, -0.02), (0.75, 0, 0.01), (0.5, 0.02, 0.01)])
    places = np.array([[0.1, 0.5], [0.5, 0.5], [0.9, 0.5]])
    upside_down = places[::-1].copy()
    assert matched(paint, paint, (upside_down, places)).regions == (0, 1, 2)


def test_where_colours_leave_it_open_what_is_above_is_of_what_is_above() -> None:
    greys = np.array([(0.5, 0, 0), (0.5, 0, 0)])
    above_below = np.array([[0.2, 0.5], [0.8, 0.5]])
    assert matched(greys, greys + 0.2, (above_below[::-1], above_below)).regions == (1, 0)


def test_an_assignment_is_the_best_of_all() -> None:
    random = np.random.default_rng(0)
    for rows, columns in ((1, 1), (3, 3), (3, 5), (5, 6)):
        cost = random.random((rows, columns))
        found = _assigned(cost)
        assert len(set(found)) == rows
        best = min(
            sum(cost[row, column] for row, column in enumerate(order))
            for order in itertools.permutations(range(columns), rows)
        )
        assert sum(cost[range(rows), found]) == pytest.approx(best)


def test_distinct_colours_are_apart_and_far_ones_stay() -> None:
    near = np.array([(0.5, 0, 0), (0.52, 0.01, 0), (0.53, 0, 0.01), (0.9, 0, 0), (0.5, 0, 0)])
    apart = distinct(near)
    lengths = np.linalg.norm(apart[:, None] - apart, axis=-1)[np.triu_indices(5, 1)]
    assert lengths.min() > 0.95 * APART
    assert apart[3].tolist() == [0.9, 0, 0]
    assert SHARED > APART  # or two colours of a palette would share a region
