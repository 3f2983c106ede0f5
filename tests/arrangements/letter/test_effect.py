"""What a style picture is taken for, and how far its effect reaches."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.arrangements.letter.distance import signed_distance
from impasto.arrangements.letter.effect import ground_of, otsu, reach_of, seen
from impasto.errors import PictureError
from impasto.imaging import Picture
from tests.arrangements.letter.lettered import GLOW_PX, SIDE, bar, effect, mask, texture


def test_the_letters_of_an_effect_are_found() -> None:
    found = seen(effect(), None)
    assert found.glyph is not None
    assert found.glyph[bar()].all()
    assert not found.glyph[:5].any()
    assert "were found" in found.note


def test_a_texture_has_none() -> None:
    found = seen(texture(), None)
    assert found.glyph is None
    assert "texture" in found.note


def test_a_person_may_know_better() -> None:
    assert seen(effect(), None, "texture").glyph is None
    assert seen(texture(), None, "effect").glyph is not None


def test_a_mask_shows_the_letters_exactly() -> None:
    found = seen(effect(), mask(bar()))
    assert found.glyph is not None
    assert np.array_equal(found.glyph, bar())


def test_a_mask_with_a_white_rim_is_read_the_other_way_round_and_says_so() -> None:
    found = seen(effect(), mask(~bar()))
    assert found.glyph is not None
    assert np.array_equal(found.glyph, bar())
    assert "its rim is white" in found.note


def test_a_picture_of_one_colour_shows_no_letters() -> None:
    plain = Picture(np.full((SIDE, SIDE, 3), 90, np.uint8), name="plain.png")
    with pytest.raises(PictureError, match=r"plain\.png shows no letters"):
        seen(plain, None, "effect")


def test_an_effect_reaches_as_far_as_it_differs() -> None:
    reach = reach_of(signed_distance(bar()), ground_of(effect()))
    half = 0.5 * 12  # px of the bar, less at its ends
    assert GLOW_PX / half <= reach <= GLOW_PX / half + 1.25


def test_otsu_parts_two_heaps_between_them() -> None:
    values = np.concatenate([np.full(50, 0.2), np.full(30, 0.7)]).astype(np.float32)
    threshold, separation = otsu(values)
    assert 0.2 < threshold < 0.7
    assert separation == pytest.approx(1, abs=1e-3)
