from io import BytesIO

import numpy as np
import png
import pytest
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.deep_png import decode, encode
from impasto.imaging.codecs.profile import srgb_profile


def _png(samples: NDArray[np.uint16], **options: object) -> bytes:
    """Written by pypng, which takes no part in the reading."""
    height, width, count = samples.shape
    out = BytesIO()
    writer = png.Writer(
        width, height, greyscale=count < 3, alpha=count in (2, 4), bitdepth=16, **options
    )
    writer.write_array(out, samples.ravel().tolist())
    return out.getvalue()


def _read(data: bytes) -> Planes | None:
    with PngImagePlugin.PngImageFile(BytesIO(data)) as image:
        return decode(image, lambda: PngImagePlugin.PngImageFile(BytesIO(data)), None)


@pytest.mark.parametrize("interlace", [False, True])
@pytest.mark.parametrize("channels", [[0], [0, 3], [0, 1, 2], [0, 1, 2, 3]])
def test_every_bit_of_every_kind_is_read(
    deep_ramp: NDArray[np.uint16], channels: list[int], interlace: bool
) -> None:
    samples = deep_ramp[..., channels]
    result = _read(_png(samples, interlace=interlace))
    assert result is not None
    colours = [c for c in channels if c != 3]
    assert np.array_equal(result.pixels, np.broadcast_to(samples[..., : len(colours)], (20, 30, 3)))
    if 3 in channels:
        assert result.alpha is not None
        assert np.array_equal(result.alpha, samples[..., -1])
    else:
        assert result.alpha is None


@pytest.mark.parametrize("channels", [[0], [0, 1, 2]])
def test_transparent_colour_is_compared_at_16_bits(
    deep_ramp: NDArray[np.uint16], channels: list[int]
) -> None:
    samples = deep_ramp[..., channels]
    key = tuple(int(v) for v in samples[2, 3])
    result = _read(_png(samples, transparent=key if len(key) == 3 else key[0]))
    assert result is not None
    assert result.alpha is not None
    assert np.array_equal(result.alpha == 0, (samples == samples[2, 3]).all(axis=-1))


def test_8_bit_png_is_left_to_others() -> None:
    out = BytesIO()
    png.Writer(1, 1, greyscale=True, bitdepth=8).write(out, [[7]])
    assert _read(out.getvalue()) is None


@pytest.mark.parametrize("count", [3, 4])
def test_png_holds_every_bit(deep_ramp: NDArray[np.uint16], count: int) -> None:
    samples = deep_ramp[..., :count]
    width, height, rows, info = png.Reader(bytes=encode(samples, None)).read()
    assert (width, height, info["bitdepth"], info["alpha"]) == (30, 20, 16, count == 4)
    assert np.array_equal(np.vstack([*rows]).reshape(samples.shape), samples)


def test_png_holds_profile_and_exif(deep_ramp: NDArray[np.uint16], block: bytes) -> None:
    with Image.open(BytesIO(encode(deep_ramp, block))) as image:
        assert image.info["icc_profile"] == srgb_profile()
        assert image.getexif().get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"


def test_png_has_no_chunk_with_a_time(deep_ramp: NDArray[np.uint16]) -> None:
    names = [name for name, _ in png.Reader(bytes=encode(deep_ramp, None)).chunks()]
    assert names == [b"IHDR", b"iCCP", b"IDAT", b"IEND"]
