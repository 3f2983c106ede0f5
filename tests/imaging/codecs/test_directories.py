from __future__ import annotations

import struct
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.imaging.codecs.directories import (
    ASCII,
    EXIF,
    MOST_BYTES,
    RATIONAL,
    SHORT,
    Directory,
    Field,
    Order,
    parse,
    serialise,
)

texts = st.binary(min_size=1, max_size=40).map(lambda data: Field(ASCII, len(data), data))
fields = st.dictionaries(st.integers(300, 30_000), texts, max_size=6)


@given(fields, fields, st.sampled_from(["<", ">"]))
def test_what_is_written_is_read_again(
    page: dict[int, Field], photo: dict[int, Field], order: Order
) -> None:
    read = parse(serialise(Directory(order, page, {EXIF: Directory(order, photo)})))
    assert {tag: f.data for tag, f in read.fields.items()} == {t: f.data for t, f in page.items()}
    own = read.children[EXIF].fields
    assert {tag: f.data for tag, f in own.items()} == {t: f.data for t, f in photo.items()}
    assert (read.order, read.damaged) == (order, 0)


def test_another_order_of_bytes_has_the_same_numbers() -> None:
    page = {282: Field.of(RATIONAL, ">", 600, 2), 296: Field.of(SHORT, ">", 2)}
    turned = parse(serialise(Directory(">", page).with_order("<")))
    assert turned.order == "<"
    assert turned.fields[282].numbers("<") == (Fraction(300),)
    assert turned.fields[296].numbers("<") == (Fraction(2),)


def test_a_big_tiff_has_its_numbers_in_four_bytes() -> None:
    entry = struct.pack("<HHQQ", 282, 16, 1, 7)
    data = struct.pack("<2sHHHQQ", b"II", 43, 8, 0, 16, 1) + entry + bytes(8)
    assert parse(data).fields[282].numbers("<") == (Fraction(7),)


@pytest.mark.parametrize("data", [b"", b"II*\0", b"JJ*\0\x08\0\0\0\0\0", b"II*\0\x08\0\0\0"])
def test_what_is_no_tiff_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"a header|a directory"):
        parse(data)


@given(st.sampled_from([b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0"]), st.binary(max_size=200))
def test_any_bytes_end_in_a_directory_or_a_value_error(header: bytes, data: bytes) -> None:
    with suppress(ValueError):
        parse(header + data)
    with suppress(ValueError):
        parse(b"II*\0\x08\0\0\0" + data)


def test_fields_that_share_their_bytes_cost_no_more_than_a_sound_block() -> None:
    count, size = 2000, 1_000_000
    entries = b"".join(struct.pack("<HHII", 1000 + n, 7, size, 8) for n in range(count))
    block = b"II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(size)
    page = parse(block)
    assert sum(len(value.data) for value in page.fields.values()) <= MOST_BYTES
    assert page.damaged == count - len(page.fields)


def test_a_value_that_is_not_wanted_is_passed_over() -> None:
    data = serialise(Directory("<", {282: Field.of(SHORT, "<", 1), 283: Field.of(SHORT, "<", 2)}))
    assert list(parse(data, lambda tag: tag == 283).fields) == [283]


def test_many_pointers_to_one_directory_are_read_once() -> None:
    entries = [struct.pack("<HHII", (EXIF, 0x8825, 0xA005)[n % 3], 4, 1, 8) for n in range(4000)]
    block = b"II*\0" + struct.pack("<IH", 8, 4000) + b"".join(entries) + bytes(4)
    directory = parse(block)
    assert directory.children == {}
    assert directory.damaged == 4000
