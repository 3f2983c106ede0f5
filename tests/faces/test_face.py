from __future__ import annotations

import pytest

from impasto.faces import Face

UPRIGHT = Face((10, 10, 30, 38), 1.0, (15, 20), (25, 20), (20, 25), (16, 31), (24, 31))


def test_a_level_face_has_no_tilt_and_does_not_lean() -> None:
    assert (UPRIGHT.tilt, UPRIGHT.lean) == (0, 0)


def test_the_unit_of_a_face_from_the_front_is_the_distance_of_its_eyes() -> None:
    assert UPRIGHT.unit == UPRIGHT.eye_distance == 10


def test_a_face_that_is_turned_has_the_unit_that_it_would_have_from_the_front() -> None:
    turned = Face((10, 10, 30, 38), 1.0, (18, 20), (22, 20), (22, 25), (19, 31), (21, 31))
    assert (turned.eye_distance, turned.unit) == (4, pytest.approx(10))


def test_the_oval_of_a_face_that_is_turned_lies_where_its_box_does() -> None:
    aside = Face((0, 10, 20, 38), 1.0, *UPRIGHT.landmarks)
    assert UPRIGHT.middle[0] == pytest.approx(20)
    assert aside.middle[0] == pytest.approx(10)


def test_a_face_moves_with_its_picture() -> None:
    moved = UPRIGHT.moved(2, 2, 1, -1)
    assert (moved.left_eye, moved.box) == ((31, 39), (21, 19, 61, 75))
    assert moved.unit == 2 * UPRIGHT.unit
