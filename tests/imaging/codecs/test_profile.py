import struct
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from impasto.imaging.codecs.profile import deep_to_srgb, srgb_profile, to_srgb


def test_srgb_profile_has_no_date_and_is_a_profile() -> None:
    assert srgb_profile()[24:36] == bytes(12)
    profile = ImageCms.ImageCmsProfile(BytesIO(srgb_profile()))
    assert profile.profile.xcolor_space.strip() == "RGB"


def test_srgb_profile_changes_nothing(ramp: NDArray[np.uint8]) -> None:
    result = to_srgb(Image.fromarray(ramp), srgb_profile())
    assert np.array_equal(np.asarray(result), ramp)


def test_wider_profile_makes_colours_stronger(make_profile: Callable[..., bytes]) -> None:
    image = Image.new("RGB", (1, 1), (100, 160, 100))
    red, green, blue = to_srgb(image, make_profile()).getpixel((0, 0))
    assert red < 100
    assert green >= 160
    assert blue < 105


def test_neutral_grey_stays_neutral(make_profile: Callable[..., bytes]) -> None:
    image = Image.new("RGB", (1, 1), (128, 128, 128))
    assert np.ptp(to_srgb(image, make_profile()).getpixel((0, 0))) <= 1


@pytest.mark.parametrize("profile", [b"", b"no profile", bytes(300)])
def test_broken_profile_counts_as_srgb(ramp: NDArray[np.uint8], profile: bytes) -> None:
    assert np.array_equal(np.asarray(to_srgb(Image.fromarray(ramp), profile)), ramp)
    deep = ramp.astype(np.uint16) * 257
    assert np.array_equal(deep_to_srgb(deep, profile), deep)


def test_profile_of_other_pixels_is_ignored(
    ramp: NDArray[np.uint8], make_profile: Callable[..., bytes]
) -> None:
    grey = make_profile(gamma=1.0, grey=True)
    assert np.array_equal(np.asarray(to_srgb(Image.fromarray(ramp), grey)), ramp)
    deep = ramp.astype(np.uint16) * 257
    assert np.array_equal(deep_to_srgb(deep, grey), deep)


def test_grey_pixels_take_grey_and_rgb_profiles(make_profile: Callable[..., bytes]) -> None:
    image = Image.new("L", (1, 1), 128)
    linear = to_srgb(image, make_profile(gamma=1.0, grey=True)).getpixel((0, 0))
    assert linear[0] == pytest.approx(188, abs=1)  # 0.5 linear is level 188 of sRGB
    assert np.ptp(to_srgb(image, make_profile()).getpixel((0, 0))) <= 1


def test_16_bits_agree_with_8_bits(
    ramp: NDArray[np.uint8], make_profile: Callable[..., bytes]
) -> None:
    icc = make_profile()
    eight = np.asarray(to_srgb(Image.fromarray(ramp), icc)).astype(float)
    sixteen = deep_to_srgb(ramp.astype(np.uint16) * 257, icc)
    assert sixteen.dtype == np.uint16
    assert np.abs(sixteen / 257 - eight).max() < 1.5


def test_16_bits_with_a_table_profile_go_on_as_8(make_profile: Callable[..., bytes]) -> None:
    """The profile is a table of 2 x 2 x 2 corners in Lab, all of them neutral."""
    one = [65536 * (i % 4 == 0) for i in range(9)]  # the unit matrix
    head = struct.pack(">4sI4B9i", b"mft1", 0, 3, 3, 2, 0, *one)
    identity = bytes(range(256)) * 3
    corners = b"".join(bytes([85 * i.bit_count(), 128, 128]) for i in range(8))
    icc = make_profile(tables={b"A2B0": head + identity + corners + identity}, space=b"Lab ")
    red = np.array([[[65535, 0, 0]]], np.uint16)
    result = deep_to_srgb(red, icc)
    assert result.dtype == np.uint8
    assert np.ptp(result) <= 1  # lightness 1/3 and no colour


def test_lab_black_and_white_come_through() -> None:
    lab = Image.frombytes("LAB", (2, 1), bytes([0, 0, 0, 255, 0, 0]))
    result = to_srgb(lab, None)
    assert result.mode == "RGB"
    assert max(result.getpixel((0, 0))) <= 2
    assert min(result.getpixel((1, 0))) >= 254


def test_plain_cmyk_without_profile() -> None:
    assert to_srgb(Image.new("CMYK", (1, 1), (0, 0, 0, 0)), None).getpixel((0, 0)) == (255,) * 3
    assert to_srgb(Image.new("CMYK", (1, 1), (0, 0, 0, 255)), None).getpixel((0, 0)) == (0,) * 3
