import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from impasto.imaging.codecs.exif import orientation, output_block, upright, without_maker_note


def _load(block: bytes | None) -> Image.Exif:
    exif = Image.Exif()
    exif.load(block or b"")
    return exif


def _photo() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[0x0112] = 6
    exif[0x0100], exif[0x0101] = 4000, 3000
    photo = exif.get_ifd(0x8769)
    photo[0x9003] = "2020:02:02 20:02:20"
    photo[0xA002], photo[0xA003], photo[0xA001] = 4000, 3000, 65535
    photo[0x927C] = bytes(500)
    exif.get_ifd(0x8825)[1] = "N"
    return exif


@pytest.mark.parametrize("turn", range(1, 9))
def test_upright_agrees_with_pillow(ramp: NDArray[np.uint8], turn: int) -> None:
    image = Image.fromarray(ramp)
    image.getexif()[0x0112] = turn
    assert np.array_equal(upright(ramp, turn), np.asarray(ImageOps.exif_transpose(image)))


def test_nonsense_orientations_count_as_upright() -> None:
    for value in (0, 9, "left"):
        exif = Image.Exif()
        exif[0x0112] = value
        assert orientation(exif) == 1


def test_capture_date_maker_and_place_are_output_block() -> None:
    exif = _load(output_block(_photo()))
    assert exif[0x010F] == "A maker"
    assert exif.get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"
    assert exif.get_ifd(0x8825)[1] == "N"


def test_orientation_and_pixel_sizes_are_left_behind() -> None:
    exif = _load(output_block(_photo()))
    assert not {0x0112, 0x0100, 0x0101} & set(exif)
    assert not {0xA002, 0xA003} & set(exif.get_ifd(0x8769))


def test_colour_space_becomes_srgb() -> None:
    assert _load(output_block(_photo())).get_ifd(0x8769)[0xA001] == 1


def test_thumbnail_is_left_behind() -> None:
    # By hand: directory 0 with the maker, then directory 1 with a thumbnail of 4 bytes.
    first = b"\1\0" + b"\x0f\1\2\0\2\0\0\0A\0\0\0" + b"\x1a\0\0\0"
    second = b"\2\0" + b"\1\2\4\0\1\0\0\0\x38\0\0\0" + b"\2\2\4\0\1\0\0\0\4\0\0\0" + bytes(4)
    block = b"Exif\0\0II*\0\x08\0\0\0" + first + second + b"\xff\xd8\xff\xd9"
    exif = _load(block)
    assert 0x0201 in exif.get_ifd(ExifTags.IFD.IFD1)  # the block is as it was meant
    result = output_block(_load(block))
    assert result is not None
    assert b"\xff\xd8" not in result
    assert _load(result).get_ifd(ExifTags.IFD.IFD1) == {}


def test_nothing_worth_carrying_is_none() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    exif[0x011A] = 72.0
    assert output_block(exif) is None


def test_the_given_block_is_not_changed() -> None:
    exif = _photo()
    output_block(exif)
    assert exif[0x0112] == 6


def test_without_maker_note_only_the_maker_note_goes() -> None:
    photo = _load(without_maker_note(_photo().tobytes())).get_ifd(0x8769)
    assert 0x927C not in photo
    assert photo[0x9003] == "2020:02:02 20:02:20"
