from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color import colourfulness, grey, paled, to_oklab

RED, GREEN = (0.7, 0.3, 0.3), (0.3, 0.6, 0.3)


def halves(left: tuple[float, ...], right: tuple[float, ...]) -> NDArray[np.float64]:
    """4 x 6 px, the left half of one colour and the right half of another."""
    picture = np.empty((4, 6, 3))
    picture[:, :3], picture[:, 3:] = left, right
    return picture


def test_one_colour_alone_is_not_colourful_whatever_it_is() -> None:
    for colour in (RED, GREEN, (0.5, 0.5, 0.5)):
        assert colourfulness(halves(colour, colour)) == pytest.approx(0, abs=1e-9)


def test_two_colours_are_half_their_distance_from_their_mean() -> None:
    picture = halves(RED, GREEN)
    red, green = to_oklab(picture)[0, [0, -1], 1:]
    assert colourfulness(picture) == pytest.approx(np.linalg.norm(red - green) / 2)


def test_light_is_no_colour() -> None:
    assert colourfulness(halves((0.1,) * 3, (0.9,) * 3)) == pytest.approx(0, abs=1e-6)


def test_what_counts_nothing_is_not_seen() -> None:
    weights = np.zeros((4, 6))
    weights[:, :3] = 1
    assert colourfulness(halves(RED, GREEN), weights) == pytest.approx(0, abs=1e-9)
    with pytest.raises(SettingError, match="0 at every pixel"):
        colourfulness(halves(RED, GREEN), np.zeros((4, 6)))


def test_a_large_picture_is_as_colourful_as_a_small_one() -> None:
    small = halves(RED, GREEN)
    large = small.repeat(200, 0).repeat(200, 1)  # 800 x 1200 px, of which a part is looked at
    assert colourfulness(large) == pytest.approx(colourfulness(small), rel=1e-2)


def test_weights_that_the_rows_looked_at_all_miss_leave_them_alike() -> None:
    weights = np.zeros((800, 1200))
    weights[1, 1] = 1
    large = halves(RED, GREEN).repeat(200, 0).repeat(200, 1)
    assert colourfulness(large, weights) == pytest.approx(colourfulness(large))


def test_half_of_the_colour_is_half_as_colourful_and_as_light() -> None:
    picture = halves(RED, GREEN)
    result = paled(picture, 0.5)
    assert colourfulness(result) == pytest.approx(colourfulness(picture) / 2)
    assert to_oklab(result)[..., 0] == pytest.approx(to_oklab(picture)[..., 0])


def test_the_ends_are_grey_and_the_picture() -> None:
    picture = halves(RED, GREEN)
    assert paled(picture, 0.0) == pytest.approx(grey(picture), abs=1e-6)
    assert paled(picture, 1.0) == pytest.approx(picture, abs=1e-9)
    assert paled(picture.astype(np.float32), 1.0).dtype == np.float32


def test_each_place_has_its_own_share() -> None:
    shares = np.ones((4, 6))
    shares[:, 3:] = 0
    result = paled(halves(RED, GREEN), shares)
    assert result[0, 0] == pytest.approx(RED, abs=1e-9)
    assert np.ptp(result[0, -1]) == pytest.approx(0, abs=1e-6)  # as exact as Oklab is
