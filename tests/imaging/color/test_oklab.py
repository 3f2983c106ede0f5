from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.imaging.color import from_linear, to_linear, to_oklab
from impasto.imaging.color.oklab import lightness, linear_from_oklab


def test_the_first_colours_are_those_of_the_source() -> None:
    # Ottosson's page gives its matrices for XYZ; these follow from its formula by hand for red:
    # the cube roots of the first column of one matrix, through the other.
    roots = np.array([0.4122214708, 0.2119034982, 0.0883024619]) ** (1 / 3)
    by_hand = [
        0.2104542553 * roots[0] + 0.7936177850 * roots[1] - 0.0040720468 * roots[2],
        1.9779984951 * roots[0] - 2.4285922050 * roots[1] + 0.4505937099 * roots[2],
        0.0259040371 * roots[0] + 0.7827717662 * roots[1] - 0.8086757660 * roots[2],
    ]
    red = to_oklab(np.array([[[1.0, 0.0, 0.0]]]))[0, 0]
    assert red == pytest.approx(by_hand)
    assert red == pytest.approx([0.628, 0.225, 0.126], abs=5e-4)


def test_signs_of_a_and_b_are_green_red_and_blue_yellow() -> None:
    red, green, blue, yellow = to_oklab(np.array([[[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]]))[
        0
    ]
    assert red[1] > 0 > green[1]
    assert yellow[2] > 0 > blue[2]


def test_greys_have_no_colour_and_the_cube_root_of_their_light() -> None:
    greys = np.repeat(np.linspace(0, 1, 11)[None, :, None], 3, axis=-1)
    lab = to_oklab(greys)
    assert abs(lab[..., 1:]).max() < 1e-7
    assert lab[..., 0] == pytest.approx(np.cbrt(to_linear(greys)[..., 0]), abs=1e-7)


@pytest.mark.parametrize(("kind", "close"), [(np.float32, 1e-4), (np.float64, 1e-7)])
def test_there_and_back_is_the_same(noise: NDArray[np.float64], kind: type, close: float) -> None:
    srgb = noise.astype(kind)
    back = from_linear(linear_from_oklab(to_oklab(srgb)))
    assert back.dtype == kind
    assert abs(back - srgb).max() < close


def test_colours_outside_srgb_keep_their_lightness_and_hue() -> None:
    lab = np.array([[[0.5, 0.3, 0.0]]])
    wide = linear_from_oklab(lab)
    assert wide.min() < 0
    assert to_oklab(from_linear(wide, clip=False)) == pytest.approx(lab)


def test_lightness_is_the_first_of_the_three(noise: NDArray[np.float64]) -> None:
    assert lightness(noise) == pytest.approx(to_oklab(noise)[..., 0])


def test_linear_light_of_a_grey_is_the_cube_of_its_lightness() -> None:
    assert linear_from_oklab(np.array([[0.2, 0, 0], [0.9, 0, 0]])) == pytest.approx(
        np.array([[0.008] * 3, [0.729] * 3]), abs=1e-6
    )


def test_a_tall_picture_is_worked_through_to_its_last_row() -> None:
    tall = np.random.default_rng(0).random((300, 500, 3)).astype(np.float32)
    assert np.array_equal(to_oklab(tall)[-1:], to_oklab(tall[-1:]))
