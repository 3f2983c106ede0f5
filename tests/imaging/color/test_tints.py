"""Gradient maps."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import SettingError
from impasto.imaging.color import chroma, tinted, tints, to_oklab

DARK_BLUE, LIGHT_RED = (0.1, 0.15, 0.4), (0.95, 0.75, 0.7)


def halves(*colours: tuple[float, float, float]) -> np.ndarray:
    """A picture of bands of colours, (8, 8 for each, 3)."""
    return np.concatenate([np.full((8, 8, 3), colour) for colour in colours], axis=1)


def test_each_lightness_has_the_colour_that_the_picture_has_there() -> None:
    ramp = np.repeat(np.linspace(0.05, 0.95, 50)[None, :, None], 3, -1)
    wash = tinted(ramp, tints(halves(DARK_BLUE, LIGHT_RED), ramp), 1.0)
    dark, light = to_oklab(wash)[0, 10], to_oklab(wash)[0, 42]
    assert dark[2] < -0.05  # blue
    assert light[1] > 0.03  # red


def test_lightness_stays_whatever_the_colour() -> None:
    photo = np.random.default_rng(1).uniform(0.2, 0.8, (12, 12, 3))
    wash = tinted(photo, tints(halves(DARK_BLUE, LIGHT_RED), photo), 1.0)
    assert np.abs(to_oklab(wash)[..., 0] - to_oklab(photo)[..., 0]).max() < 1e-3
    assert np.abs(tinted(photo, tints(photo, photo), 0.0) - photo).max() < 1e-6


def test_of_two_colours_as_light_the_one_like_the_photographs_is_taken() -> None:
    orange, teal = (0.8, 0.5, 0.3), (0.25, 0.63, 0.65)  # both of lightness 0.66
    skin = np.full((4, 4, 3), (0.75, 0.55, 0.45))
    a, b = tints(halves(orange, teal), skin)[21]
    assert (a, b) == pytest.approx(to_oklab(np.full((1, 1, 3), orange))[0, 0, 1:], abs=0.02)


def test_a_grey_style_gives_no_colour_and_an_empty_lightness_that_of_the_nearest() -> None:
    photo = np.full((4, 4, 3), 0.5)
    assert np.abs(tints(halves((0.2, 0.2, 0.2), (0.9, 0.9, 0.9)), photo)).max() < 1e-6
    a, b = tints(np.full((4, 4, 3), LIGHT_RED), photo)[0]
    assert (a, b) == pytest.approx(to_oklab(np.full((1, 1, 3), LIGHT_RED))[0, 0, 1:], abs=1e-6)


def test_what_counts_is_what_the_weights_say() -> None:
    weights = np.zeros((8, 16))
    weights[:, :8] = 1
    style, photo = halves(DARK_BLUE, LIGHT_RED), np.full((4, 4, 3), 0.5)
    assert tints(style, photo, weights)[25] == pytest.approx(
        tints(np.full((8, 8, 3), DARK_BLUE), photo)[25]
    )
    assert chroma(style, weights) == pytest.approx(chroma(np.full((8, 8, 3), DARK_BLUE)))
    with pytest.raises(SettingError, match="0 at every pixel"):
        tints(style, photo, np.zeros((8, 16)))
