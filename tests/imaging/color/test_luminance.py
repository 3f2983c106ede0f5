from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.errors import SettingError
from impasto.imaging.color import grey, luminance, match_light, to_oklab
from impasto.imaging.color.oklab import lightness


@pytest.fixture
def gradient() -> NDArray[np.float64]:
    """Smooth, through many hues, light and dark."""
    y, x = np.mgrid[0:1:60j, 0:1:80j]
    return np.stack([x, 0.5 + 0.5 * np.sin(5 * y), (1 - x) * y], axis=-1)


def eight_bit(picture: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.rint(picture * 255) / 255


@pytest.mark.parametrize("painting_name", ["noise", "gradient", "sunset"])
@pytest.mark.parametrize("photo_name", ["noise", "gradient"])
def test_colours_are_the_photographs_to_a_hundredth(
    painting_name: str, photo_name: str, request: pytest.FixtureRequest
) -> None:
    painting, photograph = (
        eight_bit(request.getfixturevalue(name)[:50, :70].clip(0, 1))
        for name in (painting_name, photo_name)
    )
    wish = to_oklab(photograph)[..., 1:]
    result = luminance(painting[::-1], photograph)
    assert result.min() >= 0
    assert result.max() <= 1
    for picture in (result, eight_bit(result)):
        off = abs(to_oklab(picture)[..., 1:] - wish).mean(axis=(0, 1))
        assert (off < 0.01 * abs(wish).mean(axis=(0, 1))).all()


def test_colours_of_a_pale_photograph_suffer_from_rounding_only(
    noise: NDArray[np.float64],
) -> None:
    pale = 0.5 + 0.02 * (noise - 0.5)
    wish = to_oklab(pale)[..., 1:]
    result = luminance(noise[::-1], pale)
    assert to_oklab(result)[..., 1:] == pytest.approx(wish, abs=1e-6)
    assert abs(to_oklab(eight_bit(result))[..., 1:] - wish).mean() < 6e-4


def test_lightness_is_the_paintings_where_srgb_has_such_a_colour() -> None:
    y, x = np.mgrid[0:1:40j, 0:1:50j]
    photograph = np.stack([0.5 + 0.05 * x, 0.5 + 0.05 * y, 0.5 - 0.03 * x], axis=-1)
    painting = np.random.default_rng(0).uniform(0.3, 0.7, (40, 50, 3))
    assert lightness(luminance(painting, photograph)) == pytest.approx(
        lightness(painting), abs=1e-6
    )


def test_lightness_goes_as_far_as_srgb_lets_it() -> None:
    yellow, black = np.array([[[0.9, 0.8, 0.1]]]), np.zeros((1, 1, 3))
    darkest = luminance(black, yellow)
    assert lightness(black) < lightness(darkest) < lightness(yellow)
    assert darkest.min() == pytest.approx(0, abs=0.01)  # one channel has reached the wall


def test_the_purest_colours_have_one_lightness_only() -> None:
    pure = np.array([[[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]]])
    for painting in (np.zeros_like(pure), np.ones_like(pure)):
        off = to_oklab(luminance(painting, pure)) - to_oklab(pure)
        assert abs(off[..., 1:]).max() < 1e-4


def test_a_picture_on_itself_stays(noise: NDArray[np.float64]) -> None:
    assert luminance(noise, noise) == pytest.approx(noise, abs=1e-6)


def test_a_grey_photograph_gives_the_painting_in_grey(noise: NDArray[np.float64]) -> None:
    plain = np.full_like(noise, 0.4)
    assert luminance(noise, plain) == pytest.approx(grey(noise), abs=1e-4)


def test_the_paintings_dtype_is_kept_and_nothing_changed(noise: NDArray[np.float64]) -> None:
    painting, photograph = noise.astype(np.float32), noise[::-1].copy()
    before = painting.copy(), photograph.copy()
    assert luminance(painting, photograph).dtype == np.float32
    assert np.array_equal(painting, before[0])
    assert np.array_equal(photograph, before[1])


def test_two_sizes_are_refused(noise: NDArray[np.float64]) -> None:
    with pytest.raises(SettingError, match="60 x 80 and 60 x 40 px"):
        luminance(noise, noise[:, :40])


def test_grey_of_a_grey_is_itself_and_channels_are_equal(noise: NDArray[np.float64]) -> None:
    plain = np.repeat(noise[..., :1], 3, axis=-1)
    assert grey(plain) == pytest.approx(plain, abs=1e-6)
    result = grey(noise)
    assert np.array_equal(result[..., 0], result[..., 1])
    assert np.array_equal(result[..., 0], result[..., 2])
    assert lightness(result) == pytest.approx(lightness(noise), abs=1e-6)


def test_matched_light_has_mean_and_deviation_of_the_contents() -> None:
    rng = np.random.default_rng(2)
    style, content = rng.uniform(0.1, 0.9, (30, 40, 3)), rng.uniform(0.4, 0.7, (20, 10, 3))
    result = match_light(style, content)
    assert result.shape == style.shape
    assert np.array_equal(result[..., 0], result[..., 2])
    own, wish = lightness(result), lightness(content)
    assert own.mean() == pytest.approx(wish.mean(), abs=1e-6)
    assert own.std() == pytest.approx(wish.std(), abs=1e-6)
    assert np.corrcoef(own.ravel(), lightness(style).ravel())[0, 1] == pytest.approx(1)


def test_light_of_a_flat_style_stays_flat(noise: NDArray[np.float64]) -> None:
    result = match_light(np.full((5, 6, 3), 0.3), noise)
    assert np.ptp(result) == 0
    assert lightness(result).mean() == pytest.approx(lightness(noise).mean())


def test_light_out_of_range_is_cut() -> None:
    style = np.full((10, 10, 3), 0.5)
    style[0, 0] = 1  # far above the mean, and further so with the contrast of black and white
    content = np.zeros((2, 2, 3))
    content[0] = 1
    result = match_light(style.astype(np.float32), content)
    assert result.dtype == np.float32
    assert result.max() == 1
    assert result.min() >= 0
