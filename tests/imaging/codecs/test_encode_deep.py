from io import BytesIO

import numpy as np
import png
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from impasto.imaging.codecs.encode_deep import deep_png, tiff
from impasto.imaging.codecs.profile import srgb_profile


@pytest.fixture
def block() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[0x011A] = 300.0
    exif.get_ifd(0x8769)[0x9003] = "2020:02:02 20:02:20"
    exif.get_ifd(0x8825)[1] = "N"
    return exif.tobytes()


@pytest.mark.parametrize("count", [3, 4])
def test_png_holds_every_bit(deep_ramp: NDArray[np.uint16], count: int) -> None:
    samples = deep_ramp[..., :count]
    width, height, rows, info = png.Reader(bytes=deep_png(samples, None)).read()
    assert (width, height, info["bitdepth"], info["alpha"]) == (30, 20, 16, count == 4)
    assert np.array_equal(np.vstack([*rows]).reshape(samples.shape), samples)


def test_png_holds_profile_and_exif(deep_ramp: NDArray[np.uint16], block: bytes) -> None:
    with Image.open(BytesIO(deep_png(deep_ramp, block))) as image:
        assert image.info["icc_profile"] == srgb_profile()
        assert image.getexif().get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"


def test_png_has_no_chunk_with_a_time(deep_ramp: NDArray[np.uint16]) -> None:
    names = [name for name, _ in png.Reader(bytes=deep_png(deep_ramp, None)).chunks()]
    assert names == [b"IHDR", b"iCCP", b"IDAT", b"IEND"]


@pytest.mark.parametrize("with_exif", [False, True])
@pytest.mark.parametrize("count", [3, 4])
def test_tiff_holds_every_bit_with_and_without_exif(
    deep_ramp: NDArray[np.uint16], block: bytes, count: int, with_exif: bool
) -> None:
    samples = deep_ramp[..., :count]
    data = tiff(samples, block if with_exif else None)
    with tifffile.TiffFile(BytesIO(data)) as file:
        page = file.pages.first
        assert np.array_equal(page.asarray(), samples)
        assert page.iccprofile == srgb_profile()
        assert len(file.pages) == 1


def test_tiff_of_many_strips_survives_the_joining(block: bytes) -> None:
    samples = np.random.default_rng(0).integers(0, 65536, (400, 500, 3), np.uint16)
    with tifffile.TiffFile(BytesIO(tiff(samples, block))) as file:
        assert len(file.pages.first.dataoffsets) > 1
        assert np.array_equal(file.pages.first.asarray(), samples)


def test_tiff_joins_all_of_exif(ramp: NDArray[np.uint8], block: bytes) -> None:
    with Image.open(BytesIO(tiff(ramp, block))) as image:
        exif = image.getexif()
        assert exif[0x010F] == "A maker"
        assert exif[0x011A] == 300
        assert exif.get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"
        assert exif.get_ifd(0x8825)[1] == "N"
        assert np.array_equal(np.asarray(image), ramp)


def test_tiff_has_no_tag_with_a_time_or_maker_of_ours(ramp: NDArray[np.uint8]) -> None:
    with tifffile.TiffFile(BytesIO(tiff(ramp, None))) as file:
        names = {tag.name for tag in file.pages.first.tags}
    assert not {"DateTime", "Software", "ImageDescription"} & names
