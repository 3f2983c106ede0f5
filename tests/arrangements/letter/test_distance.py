"""Distances to outlines against the definition, and what is told from them."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.arrangements.letter.distance import half_width, opened, signed_distance, to_nearest


@pytest.mark.parametrize("share", [0.01, 0.3, 0.9])
def test_distances_are_those_of_the_definition(share: float) -> None:
    shape = np.random.default_rng(1).random((23, 31)) < share
    shape[5, 7] = True
    places = np.argwhere(np.ones(shape.shape, bool))
    apart = np.sqrt(((places[:, None] - np.argwhere(shape)[None]) ** 2).sum(2)).min(1)
    assert np.allclose(to_nearest(shape).ravel(), apart, atol=1e-5)


def test_nothing_is_infinitely_far() -> None:
    assert np.isinf(to_nearest(np.zeros((3, 4), bool))).all()


def test_a_signed_distance_changes_its_sign_with_inside_and_outside() -> None:
    shape = np.random.default_rng(2).random((12, 12)) < 0.4
    assert np.array_equal(signed_distance(shape), -signed_distance(~shape))


def test_half_the_width_of_a_wide_bar_is_half_its_height() -> None:
    bar = np.zeros((40, 400), bool)
    bar[10:30] = True
    assert half_width(signed_distance(bar)) == 10


def test_opening_keeps_what_is_thick_and_drops_what_is_thin() -> None:
    shape = np.zeros((20, 20), bool)
    shape[2:12, 2:12] = True
    shape[15, :] = True
    kept = opened(shape, 2)
    assert kept[4:10, 4:10].all()
    assert not kept[15].any()
