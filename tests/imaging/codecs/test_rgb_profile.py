from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageCms

from impasto.imaging.codecs.profile import to_srgb
from impasto.imaging.codecs.rgb_profile import rgb_profile

REC709 = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
D65 = (0.3127, 0.329)


def test_primaries_on_one_line_make_no_profile() -> None:
    line = ((0.3, 0.3), (0.4, 0.4), (0.5, 0.5))
    with pytest.raises(ValueError):
        rgb_profile(line, D65, lambda x: x)


def test_equal_curves_lie_in_the_file_once() -> None:
    one = rgb_profile(REC709, D65, lambda x: x)
    other = rgb_profile(REC709, D65, lambda x: x, lambda x: x, lambda x: x**2)
    assert len(other) > 1.9 * len(one)


def test_each_channel_has_its_own_curve() -> None:
    icc = rgb_profile(REC709, D65, lambda x: x, lambda x: x, lambda x: 0 * x)
    assert ImageCms.ImageCmsProfile(BytesIO(icc)).profile.xcolor_space.strip() == "RGB"
    red, green, blue = to_srgb(Image.new("RGB", (1, 1), (100, 100, 100)), icc).getpixel((0, 0))
    assert abs(red - green) <= 1
    assert red > 150  # linear light is brighter than the same level of sRGB
    assert blue < 5
