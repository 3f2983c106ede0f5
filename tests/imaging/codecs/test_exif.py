import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from impasto import imaging
from impasto.imaging.codecs.directories import (
    ASCII,
    EXIF,
    RATIONAL,
    SHORT,
    Directory,
    Field,
    parse,
    serialise,
)
from impasto.imaging.codecs.exif import (
    MARK,
    carry,
    density,
    orientation,
    upright,
    without_maker_note,
)


def _load(block: bytes | None) -> Image.Exif:
    exif = Image.Exif()
    exif.load(block or b"")
    return exif


def _text(data: bytes) -> Field:
    return Field(ASCII, len(data), data)


def _photo() -> bytes:
    """A camera's block, in big-endian order."""
    photo = {
        0x9003: _text(b"2020:02:02 20:02:20\0"),
        0xA002: Field.of(4, ">", 4000),
        0xA003: Field.of(4, ">", 3000),
        0xA001: Field.of(SHORT, ">", 65535),
        0x927C: Field(7, 500, bytes(range(250)) * 2),
    }
    page = {
        0x010F: _text(b"A maker\0"),
        0x0112: Field.of(SHORT, ">", 6),
        0x0100: Field.of(4, ">", 4000),
        0x0101: Field.of(4, ">", 3000),
    }
    place = Directory(">", {1: _text(b"N\0")})
    return MARK + serialise(Directory(">", page, {EXIF: Directory(">", photo), 0x8825: place}))


def _block(**fields: Field) -> bytes:
    return MARK + serialise(Directory("<", {int(tag[1:], 16): f for tag, f in fields.items()}))


def _carried(block: bytes | None) -> Image.Exif:
    return _load(carry(block).block)


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


def test_capture_date_maker_and_place_are_carried() -> None:
    exif = _carried(_photo())
    assert exif[0x010F] == "A maker"
    assert exif.get_ifd(0x8769)[0x9003] == "2020:02:02 20:02:20"
    assert exif.get_ifd(0x8825)[1] == "N"


def test_orientation_and_pixel_sizes_are_left_behind() -> None:
    exif = _carried(_photo())
    assert not {0x0112, 0x0100, 0x0101} & set(exif)
    assert not {0xA002, 0xA003} & set(exif.get_ifd(0x8769))


def test_colour_space_becomes_srgb() -> None:
    assert _carried(_photo()).get_ifd(0x8769)[0xA001] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "gbk", "shift_jis"])
def test_text_of_any_encoding_keeps_its_bytes(encoding: str) -> None:
    name = {"gbk": "摄影：王", "shift_jis": "撮影：山田"}.get(encoding, "© Zoë")
    text = name.encode(encoding) + b"\0"
    fields = {"x013b": _text(text), "x9c9b": Field(1, len(text), text)}  # artist, Windows' title
    carried = carry(_block(**fields)).block
    assert carried is not None
    page = parse(carried.removeprefix(MARK))
    assert (page.fields[0x013B].data, page.fields[0x9C9B].data) == (text, text)


def test_a_maker_note_keeps_its_place() -> None:
    block, carried = _photo(), carry(_photo()).block
    assert carried is not None
    places = [
        parse(each.removeprefix(MARK)).children[EXIF].fields[0x927C].at for each in (block, carried)
    ]
    assert places[0] == places[1] > 0


ODD = {
    "a density in words": ("x011a", _text(b"300 dpi\0")),
    "something over nothing": ("x011a", Field.of(RATIONAL, "<", 1, 0)),
    "a fraction for a unit": ("x0128", Field.of(RATIONAL, "<", 2, 1)),
}


@pytest.mark.parametrize("odd", list(ODD))
def test_one_odd_field_does_not_cost_the_others(odd: str) -> None:
    tag, value = ODD[odd]
    carried = carry(_block(x010f=_text(b"Canon\0"), x8298=_text(b"by Anna\0"), **{tag: value}))
    assert carried.damaged == 1
    exif = _load(carried.block)
    assert (exif[0x010F], exif[0x8298]) == ("Canon", "by Anna")
    assert int(tag[1:], 16) not in exif


def test_a_field_beyond_the_end_is_left_out_and_counted() -> None:
    whole = _block(x010f=_text(b"Canon\0"), x8298=_text(b"by Anna and Bert\0"))
    carried = carry(whole[:-4])
    assert carried.damaged == 1
    assert dict(_load(carried.block)) == {0x010F: "Canon"}


@pytest.mark.parametrize(
    "block", [b"", None, b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff", bytes(99)]
)
def test_a_block_that_is_none_carries_nothing(block: bytes | None) -> None:
    assert carry(block).block is None


def test_directories_in_a_circle_end() -> None:
    pointer = b"\1\0" + b"\x69\x87\4\0\1\0\0\0\x08\0\0\0" + bytes(4)
    assert carry(b"Exif\0\0II*\0\x08\0\0\0" + pointer).block is None


def test_thumbnail_is_left_behind() -> None:
    # By hand: directory 0 with the maker, then directory 1 with a thumbnail of 4 bytes.
    first = b"\1\0" + b"\x0f\1\2\0\2\0\0\0A\0\0\0" + b"\x1a\0\0\0"
    second = b"\2\0" + b"\1\2\4\0\1\0\0\0\x38\0\0\0" + b"\2\2\4\0\1\0\0\0\4\0\0\0" + bytes(4)
    block = b"Exif\0\0II*\0\x08\0\0\0" + first + second + b"\xff\xd8\xff\xd9"
    assert 0x0201 in _load(block).get_ifd(ExifTags.IFD.IFD1)  # the block is as it was meant
    carried = carry(block).block
    assert carried is not None
    assert b"\xff\xd8" not in carried
    assert _load(carried).get_ifd(ExifTags.IFD.IFD1) == {}


def test_nothing_worth_carrying_is_none() -> None:
    assert carry(_block(x0112=Field.of(SHORT, "<", 3))) == (None, 0)


def test_without_maker_note_only_the_maker_note_goes() -> None:
    photo = _load(without_maker_note(_photo())).get_ifd(0x8769)
    assert 0x927C not in photo
    assert photo[0x9003] == "2020:02:02 20:02:20"


def test_print_density_is_carried_and_added_where_the_block_has_none() -> None:
    inches = _block(x011a=Field.of(RATIONAL, "<", 300, 1), x011b=Field.of(RATIONAL, "<", 150, 1))
    assert density(carry(inches, dpi=(72, 72)).block) == (300, 150)
    assert density(carry(None, dpi=(96.5, 96.5)).block) == (96.5, 96.5)
    centimetres = {
        "x011a": Field.of(RATIONAL, "<", 100, 1),
        "x011b": Field.of(RATIONAL, "<", 100, 1),
    }
    assert density(_block(**centimetres, x0128=Field.of(SHORT, "<", 3))) == (254, 254)


@pytest.mark.parametrize(
    "dpi", [None, (0, 0), (-3, 5), ("a", 1), (float("nan"), 1), (1e12, 1e12), 5]
)
def test_a_density_that_makes_no_sense_is_none(dpi: object) -> None:
    assert carry(None, dpi=dpi).block is None


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_texts_of_a_tiff_opened_by_pillow_keep_their_bytes(encoding: str, tmp_path: Path) -> None:
    name = "Zo\u00eb M\u00fcller".encode(encoding)
    text = Field(ASCII, len(name) + 1, name + b"\0")
    photo = Directory("<", {0x9003: _text(b"2020:02:02 20:02:20\0")})
    block = MARK + serialise(Directory("<", {315: text}, {EXIF: photo}))
    imaging.write(tmp_path / "a.tif", np.zeros((8, 8, 3), np.float32), exif=block)
    with Image.open(tmp_path / "a.tif") as image:
        carried = imaging.read(image).exif
    assert carried is not None
    page = parse(carried.removeprefix(MARK))
    assert page.fields[315].data == name + b"\0"
    assert page.children[EXIF].fields[0x9003].data == b"2020:02:02 20:02:20\0"


def test_a_text_set_in_memory_is_written_as_it_is() -> None:
    image = Image.new("RGB", (8, 8))
    image.getexif()[315] = "\u738b\u5c0f\u660e"
    carried = imaging.read(image).exif
    assert carried is not None
    expected = "\u738b\u5c0f\u660e".encode() + b"\0"
    assert parse(carried.removeprefix(MARK)).fields[315].data == expected
    assert image.getexif()[315] == "\u738b\u5c0f\u660e"  # what was handed over stays


def test_texts_beside_the_block_are_added_where_it_has_none() -> None:
    block = MARK + serialise(Directory("<", {315: _text(b"Zoe\0")}))
    carried = carry(block, texts={315: b"another", 33432: "\u00a9 Zo\u00eb".encode()}).block
    assert carried is not None
    fields = parse(carried.removeprefix(MARK)).fields
    assert fields[315].data == b"Zoe\0"
    assert fields[33432].data == "\u00a9 Zo\u00eb\0".encode()


def test_a_density_that_no_printer_has_is_none() -> None:
    for numerator, denominator in ((2**32 - 1, 1), (1, 2**32 - 1), (0, 1)):
        ratio = Field.of(RATIONAL, "<", numerator, denominator)
        block = MARK + serialise(Directory("<", {282: ratio, 283: ratio}))
        assert density(block) is None


def test_the_gamma_of_the_photograph_is_not_the_painting_s() -> None:
    photo = {42240: Field.of(RATIONAL, "<", 1, 1), 0x9003: _text(b"2020:02:02 20:02:20\0")}
    block = carry(MARK + serialise(Directory("<", {}, {EXIF: Directory("<", photo)}))).block
    assert block is not None
    assert 42240 not in parse(block.removeprefix(MARK)).children[EXIF].fields


def test_a_field_changed_in_memory_counts(tmp_path: Path) -> None:
    block = MARK + serialise(Directory("<", {33432: _text(b"me\0"), 315: _text(b"Zoe\0")}))
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=block)
    with Image.open(tmp_path / "a.jpg") as image:
        image.getexif()[33432] = "you"
        carried = imaging.read(image).exif
    assert carried is not None
    fields = parse(carried.removeprefix(MARK)).fields
    assert fields[33432].data == b"you\0"
    assert fields[315].data == b"Zoe\0"


def test_a_wrong_value_in_memory_does_not_cost_the_orientation() -> None:
    image = Image.new("RGB", (4, 8))
    image.getexif()[274] = 6
    image.getexif()[282] = "abc"
    picture = imaging.read(image)
    assert picture.pixels.shape == (4, 8, 3)
    assert "EXIF" in picture.notes[0]


def test_a_pointer_of_its_own_type_is_followed() -> None:
    photo = Directory("<", {0x9003: _text(b"2020:02:02 20:02:20\0")})
    block = bytearray(serialise(Directory("<", {}, {EXIF: photo})))
    at = block.index(struct.pack("<HH", EXIF, 4))
    block[at + 2] = 13
    assert carry(MARK + bytes(block)).damaged == 0
