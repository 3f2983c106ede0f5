from __future__ import annotations

import numpy as np

from benchmarks.film.card import Card
from benchmarks.film.motion import warped


def test_the_ground_is_bare_at_both_ends_and_the_card_is_between(card: Card) -> None:
    there = [bool(card.mask(number).any()) for number in range(len(card))]
    assert there == [False] * 5 + [True] * (len(card) - 10) + [False] * 5


def test_frames_show_the_card_on_its_mask_alone(card: Card) -> None:
    for number, frame in enumerate(card.frames()):
        outside = ~card.mask(number)
        np.testing.assert_array_equal(frame[outside], card.ground[outside])
    whole = list(card.frames())[12]
    left, top = card.place(12)
    np.testing.assert_array_equal(whole[top : top + 12, left : left + 16], card.card)


def test_the_known_motion_leads_to_the_same_pixels_wherever_both_frames_show_them(
    card: Card,
) -> None:
    frames = list(card.frames())
    for earlier, later in [(0, 1), (4, 5), (9, 10), (12, 16), (0, 14), (20, 23), (14, 0)]:
        flow, shown = card.motion(earlier, later)
        found = warped(frames[later], flow)
        np.testing.assert_array_equal(found[shown], frames[earlier][shown])
        assert shown.mean() > 0.8


def test_ground_that_the_card_covers_is_not_shown_in_both(card: Card) -> None:
    shown = card.motion(0, 12).shown
    np.testing.assert_array_equal(shown, ~card.mask(12))
