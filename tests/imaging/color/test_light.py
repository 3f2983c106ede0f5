from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color import from_linear, mix, to_linear

BLACK, WHITE = np.zeros((2, 3, 3)), np.ones((2, 3, 3))


def fill(*colour: float) -> NDArray[np.float64]:
    return np.full((1, 1, 3), colour)


def test_known_values_of_the_curve() -> None:
    srgb = fill(0.0, 0.04045, 1.0)
    assert to_linear(srgb)[0, 0] == pytest.approx([0, 0.04045 / 12.92, 1])
    assert to_linear(fill(0.02, 0.5, 0.8))[0, 0] == pytest.approx(
        [0.02 / 12.92, (0.555 / 1.055) ** 2.4, (0.855 / 1.055) ** 2.4]
    )


@pytest.mark.parametrize(("kind", "close"), [(np.float32, 1e-6), (np.float64, 1e-7)])
def test_there_and_back_is_the_same(noise: NDArray[np.float64], kind: type, close: float) -> None:
    srgb = noise.astype(kind)
    before = srgb.copy()
    back = from_linear(to_linear(srgb))
    assert back.dtype == to_linear(srgb).dtype == kind
    assert abs(back - srgb).max() < close
    assert np.array_equal(srgb, before)


def test_black_and_white_stay_to_the_bit() -> None:
    for kind in (np.float32, np.float64):
        ends = np.array([[[0, 1, 0]]], kind)
        assert to_linear(ends).tolist() == from_linear(ends).tolist() == ends.tolist()


def test_light_no_screen_shows_is_cut_unless_it_is_to_stay() -> None:
    light = fill(-0.001, 0.5, 2.0)
    assert from_linear(light)[0, 0, [0, 2]].tolist() == [0, 1]
    wide = from_linear(light, clip=False)
    assert wide[0, 0, 0] == pytest.approx(-0.01292)
    assert to_linear(wide) == pytest.approx(light)


def test_half_black_and_half_white_is_half_the_light() -> None:
    assert mix([BLACK, WHITE], [0.5, 0.5]) == pytest.approx(0.735, abs=5e-4)
    assert np.rint(mix([BLACK, WHITE], [3, 3]) * 255).max() == 188


def test_a_picture_mixed_with_itself_is_itself(noise: NDArray[np.float64]) -> None:
    assert mix([noise, noise, noise], [1, 0.2, 7]) == pytest.approx(noise, abs=1e-6)


def test_a_share_of_nothing_leaves_the_other(noise: NDArray[np.float64]) -> None:
    assert mix([noise, noise[::-1]], [0, 2]) == pytest.approx(noise[::-1], abs=1e-6)


def test_shares_may_differ_from_pixel_to_pixel() -> None:
    left = np.array([[1.0, 0.5, 0.0], [1.0, 0.5, 0.0]])
    mixture = mix([WHITE, BLACK], [left, 1 - left])
    assert mixture[..., 0] == pytest.approx(np.array([[1, 0.735, 0]] * 2), abs=5e-4)
    mixture = mix([WHITE, BLACK], [left, 0.5])  # a number beside an array: 1 to 0.5 is two thirds
    assert to_linear(mixture)[0, :, 0] == pytest.approx([2 / 3, 1 / 2, 0])


def test_pixels_nobody_has_a_share_in_are_shared_equally() -> None:
    nothing = np.zeros((2, 3))
    assert mix([BLACK, WHITE], [nothing, nothing]) == pytest.approx(0.735, abs=5e-4)


def test_float32_pictures_give_float32() -> None:
    few = WHITE.astype(np.float32)
    assert mix([few, few], [np.ones((2, 3)), 1]).dtype == np.float32
    assert mix([few, WHITE], [1, 1]).dtype == np.float64


@pytest.mark.parametrize(
    ("pictures", "shares", "message"),
    [
        ([], [], "0 pictures cannot be mixed in 0 shares"),
        ([BLACK], [1, 2], "1 pictures cannot be mixed in 2 shares"),
        ([BLACK, WHITE], [0, 0], "add up to 0"),
        ([BLACK, WHITE], [1, -1], "from -1 to -1"),
        ([BLACK, WHITE], [1, np.nan], "finite"),
        ([BLACK, WHITE], [1, np.ones((3, 2))], r"shape \(3, 2\) does not fit pictures of 2 x 3"),
        ([BLACK, WHITE[:1]], [1, 1], "2 x 3 and 1 x 3 px"),
    ],
)
def test_what_cannot_be_mixed_is_refused(pictures: list, shares: list, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        mix(pictures, shares)
