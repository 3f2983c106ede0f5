from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from impasto.imaging.codecs.encode import encode
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.codecs.profile import srgb_profile

LEVELS = np.arange(768, dtype=np.float32).reshape(16, 16, 3) % 256 / 255


def _exif(maker_note: int = 0, artist: int = 0) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    if artist:
        exif[0x013B] = "x" * artist
    if maker_note:
        exif.get_ifd(0x8769)[0x927C] = bytes(maker_note)
    return exif.tobytes()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_8_bit_levels_come_back_exactly(kind: str) -> None:
    with Image.open(BytesIO(encode(kind, LEVELS))) as image:
        assert np.array_equal(np.asarray(image), np.rint(LEVELS * 255))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF"])
def test_srgb_profile_and_exif_are_embedded(kind: str) -> None:
    with Image.open(BytesIO(encode(kind, LEVELS, metadata=Metadata(_exif())))) as image:
        assert image.info["icc_profile"] == srgb_profile()
        assert image.getexif()[0x010F] == "A maker"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "BMP"])
def test_without_exif_there_is_none(kind: str) -> None:
    with Image.open(BytesIO(encode(kind, LEVELS))) as image:
        assert not {0x0132, 0x0131, 0x8769} & set(image.getexif())


@pytest.mark.parametrize("kind", ["PNG", "WebP", "TIFF"])
def test_alpha_is_put_back_where_it_can_be(kind: str) -> None:
    alpha = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for either in (alpha, alpha.astype(np.uint16) * 257):
        with Image.open(BytesIO(encode(kind, LEVELS, alpha=either))) as image:
            assert np.array_equal(np.asarray(image)[..., 3], alpha)


@pytest.mark.parametrize("kind", ["JPEG", "BMP"])
def test_alpha_is_left_out_where_it_cannot_be(kind: str) -> None:
    alpha = np.zeros((16, 16), np.uint8)
    with Image.open(BytesIO(encode(kind, LEVELS, alpha=alpha))) as image:
        assert image.mode == "RGB"


def test_jpeg_keeps_colour_at_full_resolution() -> None:
    with Image.open(BytesIO(encode("JPEG", LEVELS))) as image:
        assert {(h, v) for _, h, v, _ in image.layer} == {(1, 1)}


def test_quality_changes_the_length() -> None:
    assert len(encode("JPEG", LEVELS, quality=30)) < len(encode("JPEG", LEVELS, quality=95))


def test_values_are_rounded_and_clipped() -> None:
    pixels = np.array([[[-1.0, 0.6 / 255, 9.0]]], np.float32)
    with Image.open(BytesIO(encode("PNG", pixels))) as image:
        assert image.getpixel((0, 0)) == (0, 1, 255)


def test_exif_too_long_for_jpeg_loses_the_maker_note_first() -> None:
    with Image.open(
        BytesIO(encode("JPEG", LEVELS, metadata=Metadata(_exif(maker_note=70_000))))
    ) as image:
        assert image.getexif()[0x010F] == "A maker"
        assert 0x927C not in image.getexif().get_ifd(0x8769)


def test_exif_still_too_long_for_jpeg_is_left_out() -> None:
    with Image.open(
        BytesIO(encode("JPEG", LEVELS, metadata=Metadata(_exif(artist=70_000))))
    ) as image:
        assert not image.getexif()


def test_the_longest_exif_that_fits_is_kept() -> None:
    fill = 65_533 - len(_exif(artist=1000))
    for extra in (0, 1, 2):
        exif = _exif(artist=1000 + fill - 1 + extra)
        with Image.open(BytesIO(encode("JPEG", LEVELS, metadata=Metadata(exif)))) as image:
            assert bool(image.getexif()) == (len(exif) <= 65_533)


def test_png_keeps_a_long_exif() -> None:
    with Image.open(
        BytesIO(encode("PNG", LEVELS, metadata=Metadata(_exif(maker_note=70_000))))
    ) as image:
        assert len(image.getexif().get_ifd(0x8769)[0x927C]) == 70_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "TIFF", "BMP"])
def test_the_same_picture_gives_the_same_bytes(kind: str) -> None:
    srgb_profile.cache_clear()  # the profile is made anew, with another time in it
    first = encode(kind, LEVELS, metadata=Metadata(_exif()))
    srgb_profile.cache_clear()
    assert encode(kind, LEVELS, metadata=Metadata(_exif())) == first
