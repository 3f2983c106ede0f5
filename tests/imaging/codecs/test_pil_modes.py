import numpy as np
import pytest
from PIL import Image

from impasto.imaging.codecs.bit_depth import UnknownRangeError
from impasto.imaging.codecs.pil_modes import to_planes


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBX", "CMYK", "YCbCr", "HSV"])
def test_white_and_black_survive_every_opaque_mode(mode: str) -> None:
    image = Image.new("RGB", (2, 1), "white")
    image.putpixel((1, 0), (0, 0, 0))
    result = to_planes(image.convert(mode), None)
    assert result.pixels.tolist() == [[[255] * 3, [0] * 3]]
    assert result.alpha is None


@pytest.mark.parametrize("mode", ["LA", "PA", "RGBA", "La", "RGBa"])
def test_alpha_is_set_aside_from_every_mode_that_has_it(mode: str) -> None:
    image = Image.new("RGBA", (2, 1), (255, 255, 255, 255))
    image.putpixel((1, 0), (255, 255, 255, 51))
    middle = {"La": "LA", "RGBa": "RGBA", "PA": "RGBA"}.get(mode, mode)
    result = to_planes(image.convert(middle).convert(mode), None)
    assert (result.pixels == 255).all()
    assert result.alpha is not None
    assert result.alpha.tolist() == [[255, 51]]


def test_alpha_that_hides_nothing_is_none() -> None:
    assert to_planes(Image.new("RGBA", (2, 2), (1, 2, 3, 255)), None).alpha is None


def test_colour_under_alpha_is_kept() -> None:
    result = to_planes(Image.new("RGBA", (1, 1), (10, 20, 30, 0)), None)
    assert result.pixels.tolist() == [[[10, 20, 30]]]


@pytest.mark.parametrize(
    ("mode", "key"), [("1", 255), ("L", 255), ("RGB", (255, 255, 255)), ("P", 1), ("P", b"\xff\0")]
)
def test_transparent_colour_becomes_alpha(mode: str, key: object) -> None:
    image = Image.new(mode, (2, 1))
    if mode == "P":
        image.putpalette([0, 0, 0, 255, 255, 255])
    image.putpixel((1, 0), {"P": 1, "RGB": (255, 255, 255)}.get(mode, 255))
    image.info["transparency"] = key
    result = to_planes(image, None)
    assert result.alpha is not None
    assert result.alpha.tolist() == [[255, 0]]


def test_palette_with_its_own_alpha() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([9, 8, 7, 255, 1, 2, 3, 128], "RGBA")
    image.putpixel((1, 0), 1)
    result = to_planes(image, None)
    assert result.pixels.tolist() == [[[9, 8, 7], [1, 2, 3]]]
    assert result.alpha is not None
    assert result.alpha.tolist() == [[255, 128]]


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I"])
def test_wide_grey_keeps_16_bits(mode: str) -> None:
    levels = np.array([[0, 1000, 65535]], np.uint16)
    image = Image.fromarray(levels).convert("I")
    result = to_planes(image if mode == "I" else image.convert(mode), None)
    assert result.pixels.dtype == np.uint16
    assert result.pixels[..., 1].tolist() == levels.tolist()


def test_float_grey_from_0_to_1_becomes_16_bits() -> None:
    result = to_planes(Image.fromarray(np.array([[0.0, 1.0]], np.float32)), None)
    assert result.pixels[..., 0].tolist() == [[0, 65535]]


def test_float_grey_of_unknown_range_is_refused() -> None:
    with pytest.raises(UnknownRangeError, match="from 0 to 255"):
        to_planes(Image.fromarray(np.array([[0.0, 255.0]], np.float32)), None)
