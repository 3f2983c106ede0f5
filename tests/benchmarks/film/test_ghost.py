from __future__ import annotations

import numpy as np
import pytest

from benchmarks.film.card import Card
from benchmarks.film.frames import Pixels
from benchmarks.film.ghost import AGES, Ghost


def measured(card: Card, frames: list[Pixels]) -> dict[int, float]:
    ghost = Ghost(card)
    for frame in frames:
        ghost.add(frame)
    return ghost.result()


def test_a_card_that_leaves_the_ground_clean_has_no_ghost(card: Card) -> None:
    assert measured(card, list(card.frames())) == pytest.approx(dict.fromkeys(AGES, 0), abs=1e-9)


def test_a_ghost_that_is_planted_is_found(card: Card) -> None:
    frames = [frame.astype(np.float64) for frame in card.frames()]
    ghosts = [frame.copy() for frame in frames]
    for number in range(1, len(frames)):
        free = card.mask(number - 1) & ~card.mask(number)
        left = 0.4 * frames[number - 1] + 0.6 * card.ground
        ghosts[number][free] = left[free]
    found = measured(card, ghosts)  # type: ignore[arg-type]
    assert found[1] == pytest.approx(0.4)
    assert found[2] == found[4] == pytest.approx(0)


def test_a_blend_with_the_last_frame_leaves_its_share_and_less_and_less(card: Card) -> None:
    blended = [frame.astype(np.float64) for frame in card.frames()]
    for number in range(1, len(blended)):
        blended[number] = 0.3 * blended[number - 1] + 0.7 * blended[number]
    found = measured(card, blended)  # type: ignore[arg-type]
    for age in AGES:
        assert found[age] == pytest.approx(0.3**age, rel=1e-6)


def test_a_card_that_stays_behind_is_there_whole(card: Card) -> None:
    frames = list(card.frames())
    for number in range(1, len(frames)):
        was = card.mask(number - 1) & ~card.mask(number)
        frames[number][was] = frames[number - 1][was]
    assert measured(card, frames)[1] == pytest.approx(1)


def test_a_painter_that_draws_no_card_leaves_none(card: Card) -> None:
    grey = np.full_like(card.ground, 128)
    assert measured(card, [grey] * len(card)) == dict.fromkeys(AGES, 0.0)
