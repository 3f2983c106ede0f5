from __future__ import annotations

import numpy as np
import pytest

from impasto.imaging.codecs.directories import (
    ASCII,
    EXIF,
    INTEROPERABILITY,
    RATIONAL,
    SHORT,
    Directory,
    Field,
    serialise,
)
from impasto.imaging.codecs.exif import MARK, carry
from impasto.imaging.codecs.exif_colour import is_adobe_rgb, measured

WHITE = Field.of(RATIONAL, "<", 3127, 10_000, 3290, 10_000)
PRIMARIES = Field.of(RATIONAL, "<", 64, 100, 33, 100, 21, 100, 71, 100, 15, 100, 6, 100)


def _interoperable(index: bytes, space: int) -> bytes:
    inner = Directory("<", {1: Field(ASCII, len(index), index)})
    photo = Directory("<", {0xA001: Field.of(SHORT, "<", space)}, {INTEROPERABILITY: inner})
    return serialise(Directory("<", {0x010F: Field(ASCII, 2, b"C\0")}, {EXIF: photo}))


@pytest.mark.parametrize(
    ("index", "space", "adobe"),
    [(b"R03\0", 65535, True), (b"R03\0", 2, True), (b"R98\0", 65535, False), (b"R03\0", 1, False)],
)
def test_a_camera_says_adobe_rgb_by_two_fields(index: bytes, space: int, adobe: bool) -> None:
    block = _interoperable(index, space)
    assert is_adobe_rgb(block) == adobe
    carried = carry(block).block
    assert carried is not None
    assert not is_adobe_rgb(carried.removeprefix(MARK))  # what is painted is sRGB


def _block(page: dict[int, Field], photo: dict[int, Field] | None = None) -> bytes:
    children = {EXIF: Directory("<", photo)} if photo else {}
    return serialise(Directory("<", page, children))


def test_primaries_white_and_gamma_are_read_as_numbers() -> None:
    gamma = {42240: Field.of(RATIONAL, "<", 22, 10)}
    colours = measured(_block({318: WHITE, 319: PRIMARIES}, gamma))
    assert colours is not None
    assert colours.white == (0.3127, 0.329)
    assert colours.primaries[1] == (0.21, 0.71)
    assert colours.gamma == 2.2
    assert colours.tables is None


def test_a_transfer_function_is_one_table_or_three() -> None:
    ramp = np.arange(256) * 257
    one = Field.of(SHORT, "<", *ramp)
    three = Field.of(SHORT, "<", *ramp, *ramp, *(ramp // 2))
    for field, count in ((one, 1), (three, 3)):
        colours = measured(_block({301: field, 319: PRIMARIES}))
        assert colours is not None
        assert colours.tables is not None
        assert colours.tables.shape == (count, 256)
        assert colours.tables[0, -1] == 1


@pytest.mark.parametrize("levels", [[0] * 256, [*range(256, 0, -1)], [1, 2, 3]])
def test_a_table_that_is_none_is_passed_over(levels: list[int]) -> None:
    colours = measured(_block({301: Field.of(SHORT, "<", *levels), 319: PRIMARIES}))
    assert colours is not None
    assert colours.tables is None


@pytest.mark.parametrize(
    "block",
    [
        None,
        b"no TIFF",
        _block({318: WHITE}),
        _block({319: Field.of(RATIONAL, "<", 64, 100)}),
        _block({319: PRIMARIES}, {0xA001: Field.of(SHORT, "<", 1)}),  # sRGB by name
    ],
)
def test_without_primaries_or_beside_srgb_nothing_is_measured(block: bytes | None) -> None:
    assert measured(block) is None
