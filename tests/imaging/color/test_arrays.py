from __future__ import annotations

import numpy as np
import pytest

from impasto.errors import SettingError
from impasto.imaging.color.arrays import bands, floats, pixel_weights, same_size


def test_float32_stays_and_other_floats_become_float64() -> None:
    array = np.zeros((2, 3, 3), np.float32)
    assert floats(array) is array
    assert floats(array.astype(np.float16)).dtype == np.float64
    assert floats([[[0.0, 0.5, 1.0]]]).shape == (1, 1, 3)


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (1, 3, 4, 4), (0, 4, 3)])
def test_what_is_no_picture_is_refused_with_its_shape(shape: tuple[int, ...]) -> None:
    with pytest.raises(SettingError, match=r"shape \(.*\) is no picture: pass one of shape"):
        floats(np.zeros(shape))


def test_levels_are_refused_with_the_remedy() -> None:
    with pytest.raises(SettingError, match=r"uint8 samples; .*: divide by the largest level"):
        floats(np.zeros((2, 2, 3), np.uint8))


def test_pictures_of_two_sizes_are_refused_with_both() -> None:
    with pytest.raises(SettingError, match="2 x 5 and 5 x 2 px"):
        same_size(np.zeros((2, 5, 3)), np.zeros((5, 2, 3)))


def test_weights_come_one_for_each_pixel_or_not_at_all() -> None:
    picture = np.zeros((2, 2, 3))
    assert pixel_weights(None, picture) is None
    weights = pixel_weights(np.array([[1, 0], [255, 7]], np.uint8), picture)
    assert weights is not None
    assert weights.tolist() == [1.0, 0.0, 255.0, 7.0]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([[1.0, 2.0, 3.0]], r"shape \(1, 3\) do not fit a picture of 1 x 2 px"),
        ([[1.0, -0.5]], "run from -0.5 to 1; .*: clip them"),
        ([[1.0, np.nan]], "must be finite"),
        ([[1.0, np.inf]], "must be finite"),
        ([[0.0, 0.0]], "0 at every pixel; .*: raise one"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights: list[list[float]], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        pixel_weights(weights, np.zeros((1, 2, 3)))


@pytest.mark.parametrize("shape", [(1, 1, 3), (700, 1000, 3), (3, 100_000), (65, 1024, 3)])
def test_bands_hold_every_row_once(shape: tuple[int, ...]) -> None:
    times = np.zeros(shape[0], int)
    for rows in bands(np.broadcast_to(0.0, shape)):
        times[rows] += 1
        assert rows.stop <= shape[0]
    assert (times == 1).all()
