from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.arrangements.doodle import planes
from impasto.arrangements.doodle.planes import (
    box_sum,
    filled_from,
    labels_at,
    parts,
    without_specks,
)


def test_a_box_sum_of_ones_is_the_area_of_the_box() -> None:
    assert (box_sum(np.ones((5, 7)), 2) == 25).all()


def test_parts_that_touch_at_a_corner_alone_are_two() -> None:
    assert np.unique(parts(np.eye(3, dtype=int))).size == 5


def test_a_ring_is_one_part() -> None:
    ring = np.ones((5, 5), int)
    ring[1:4, 1:4] = 0
    numbers = parts(ring)
    assert np.unique(numbers[ring == 1]).size == 1
    assert np.unique(numbers[ring == 0]).size == 1


def test_two_arms_that_meet_below_are_one_part() -> None:
    fork = np.array([[1, 0, 1], [1, 0, 1], [1, 1, 1]])
    assert np.unique(parts(fork)[fork == 1]).size == 1


def test_an_unknown_band_is_split_in_its_middle() -> None:
    labels = np.zeros((4, 8), int)
    labels[:, 6:] = 1
    known = np.ones_like(labels, bool)
    known[:, 2:6] = False
    assert filled_from(labels, known, 2)[0].tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


def test_a_speck_goes_and_what_is_large_stays() -> None:
    labels = np.zeros((20, 20), int)
    labels[3, 3] = 1
    labels[8:14, 8:14] = 1
    clean = without_specks(labels, 4, 2)
    assert clean.sum() == 36
    assert clean[3, 3] == 0


def test_a_map_of_specks_alone_stays_as_it_is() -> None:
    labels = np.indices((4, 4)).sum(0) % 2
    assert (without_specks(labels, 4, 2) == labels).all()


def test_the_whole_map_is_looked_at_once_however_far_it_is_filled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[int] = []

    def counted(plane: NDArray[Any], reach: int) -> NDArray[Any]:
        calls.append(reach)
        return box_sum(plane, reach)

    monkeypatch.setattr(planes, "box_sum", counted)
    labels = np.full((3, 40), 1)
    known = np.zeros_like(labels, bool)
    known[:, 0] = True
    assert (filled_from(labels, known, 2) == 1).all()
    assert len(calls) == 1


def test_a_map_made_smaller_has_what_most_pixels_have() -> None:
    labels = np.array([[0, 0, 0, 2], [0, 1, 2, 2]])
    assert labels_at(labels, (1, 2), 3).tolist() == [[0, 2]]
    assert labels_at(labels, (4, 8), 3).shape == (4, 8)
