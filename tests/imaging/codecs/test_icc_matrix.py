from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from impasto.imaging.codecs.icc_matrix import parse
from impasto.imaging.codecs.icc_matrix import to_srgb as convert
from impasto.imaging.codecs.profile import srgb_profile, to_srgb


def test_srgb_profile_maps_every_level_on_itself() -> None:
    shape = parse(srgb_profile())
    assert shape is not None
    levels = np.arange(0, 65536, 13, dtype=np.uint16).repeat(3).reshape(-1, 1, 3)
    after = convert(levels, shape)
    assert np.abs(after.astype(int) - levels).max() <= 40  # 0.16 of an 8-bit level


def test_matrix_profile_agrees_with_littlecms(make_profile: Callable[..., bytes]) -> None:
    icc = make_profile()
    ramp = np.linspace(0, 255, 9).round().astype(np.uint8)
    colours = np.stack(np.meshgrid(ramp, ramp, ramp), axis=-1).reshape(27, 27, 3)
    wish = np.asarray(to_srgb(Image.fromarray(colours), icc)).astype(float)
    shape = parse(icc)
    assert shape is not None
    result = convert(colours.astype(np.uint16) * 257, shape) / 257
    assert np.abs(wish - colours).max() > 20  # the profile is not sRGB's
    assert np.abs(result - wish).max() < 1.5


def test_grey_gamma_is_the_formula(make_profile: Callable[..., bytes]) -> None:
    shape = parse(make_profile(gamma=1.0, grey=True))
    assert shape is not None
    result = convert(np.full((1, 1, 1), round(0.5 * 65535), np.uint16), shape)
    wish = (1.055 * 0.5 ** (1 / 2.4) - 0.055) * 65535
    assert result.shape == (1, 1, 3)
    assert np.abs(result - wish).max() <= 1.5


def test_more_rows_than_one_block_are_all_converted(make_profile: Callable[..., bytes]) -> None:
    shape = parse(make_profile())
    assert shape is not None
    column = np.full((600, 1, 3), 30_000, np.uint16)
    assert len(np.unique(convert(column, shape)[:, 0, 0])) == 1


@pytest.mark.parametrize("length", [0, 100, 130, 150, 250])
def test_broken_profiles_are_none(make_profile: Callable[..., bytes], length: int) -> None:
    assert parse(make_profile()[:length]) is None


def test_profiles_of_tables_are_none(make_profile: Callable[..., bytes]) -> None:
    assert parse(make_profile().replace(b"wtpt", b"A2B0")) is None
