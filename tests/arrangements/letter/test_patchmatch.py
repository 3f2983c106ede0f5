"""Patches of a style put together by a guide."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.arrangements.letter import patchmatch
from impasto.arrangements.letter.patchmatch import Guide, put_together

STYLE = np.random.default_rng(0).random((24, 24, 3)).astype(np.float32)
PLACES = np.linspace(0, 1, 24 * 24, dtype=np.float32).reshape(24, 24, 1)


def test_the_same_guide_gives_the_style_back() -> None:
    again = put_together(STYLE, Guide(PLACES, PLACES, 1e4))
    assert np.abs(again - STYLE).mean() < 0.02


def test_the_same_seed_gives_the_same_picture() -> None:
    guide = Guide(PLACES, PLACES[::-1, :13], 0.1)
    one, same, other = (put_together(STYLE, guide, seed) for seed in (3, 3, 4))
    assert one.shape == (24, 13, 3)
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_colours_are_those_of_the_style() -> None:
    red = np.zeros((24, 24, 3), np.float32)
    red[..., 0] = 1
    made = put_together(red, Guide(PLACES, PLACES, 1.0))
    assert np.allclose(made, [1, 0, 0])


def test_a_large_picture_takes_the_patches_of_a_smaller_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patchmatch, "COMPARED_PX", 300)
    made = put_together(STYLE, Guide(PLACES, PLACES, 1.0))
    assert made.shape == STYLE.shape
    assert STYLE.min() - 1e-5 <= made.min()
    assert made.max() <= STYLE.max() + 1e-5


def test_small_pictures_are_made_too() -> None:
    assert put_together(STYLE, Guide(PLACES, PLACES[:3, :5], 1.0)).shape == (3, 5, 3)
