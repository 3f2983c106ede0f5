from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging.codecs.exif import density

PALETTE = [(17 * n, 255 - 17 * n, 8 * n) for n in range(16)]


def bmp(width: int, height: int, runs: bytes, colours: int = 16, bits: int = 4) -> bytes:
    start = 54 + 4 * colours
    kind = {8: 1, 4: 2}[bits]
    head = struct.pack(
        "<IiiHHIIiiII", 40, width, height, 1, bits, kind, len(runs), 0, 0, colours, 0
    )
    palette = b"".join(bytes([b, g, r, 0]) for r, g, b in PALETTE[:colours])
    return b"BM" + struct.pack("<IHHI", start + len(runs), 0, 0, start) + head + palette + runs


def read(data: bytes, tmp_path: Path) -> imaging.Picture:
    (tmp_path / "picture.bmp").write_bytes(data)
    return imaging.read(tmp_path / "picture.bmp")


def test_runs_of_every_kind_paint_the_pixels_they_mean(tmp_path: Path) -> None:
    absolute = bytes([0, 5, 0x12, 0x34, 0x50, 0])  # 1 2 3 4 5, padded to an even number of bytes
    repeated = bytes([5, 0xAB])  # A B A B A
    moved = bytes([0, 2, 2, 0, 1, 0x70, 0, 0])  # two to the right, then one 7
    data = bmp(5, 3, absolute + bytes(2) + repeated + bytes(2) + moved + bytes([0, 1]))
    bottom = [[1, 2, 3, 4, 5], [10, 11, 10, 11, 10], [0, 0, 7, 0, 0]]
    expected = np.array(PALETTE, np.uint8)[np.array(bottom[::-1])]
    assert (read(data, tmp_path).pixels == expected).all()


def test_a_short_palette_is_not_read_beyond_its_end(tmp_path: Path) -> None:
    data = bmp(4, 1, bytes([4, 0x23, 0, 1]), colours=4)
    assert read(data, tmp_path).pixels[0, 0].tolist() == list(PALETTE[2])


def test_runs_beyond_the_border_are_cut_off(tmp_path: Path) -> None:
    data = bmp(3, 1, bytes([200, 0x11, 0, 0, 9, 0x22, 0, 1]))
    assert (read(data, tmp_path).pixels == PALETTE[1]).all()


@pytest.mark.parametrize("runs", [b"", bytes([4]), bytes([0, 9, 1]), bytes([0, 2, 1])])
def test_runs_that_stop_are_said_to_be_cut_short(runs: bytes, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="cut short"):
        read(bmp(8, 8, runs), tmp_path)


def test_eight_bits_are_one_pixel_a_byte(tmp_path: Path) -> None:
    absolute = bytes([0, 3, 1, 2, 3, 0])  # padded to an even number of bytes
    repeated = bytes([3, 10])
    moved = bytes([0, 2, 2, 0, 1, 7])
    data = bmp(3, 3, absolute + bytes(2) + repeated + bytes(2) + moved + bytes([0, 1]), bits=8)
    expected = np.array(PALETTE, np.uint8)[np.array([[0, 0, 7], [10, 10, 10], [1, 2, 3]])]
    assert (read(data, tmp_path).pixels == expected).all()


@pytest.mark.parametrize("bits", [4, 8])
def test_rows_that_are_left_out_have_the_first_colour(bits: int, tmp_path: Path) -> None:
    value = 0x55 if bits == 4 else 5
    picture = read(bmp(4, 3, bytes([4, value, 0, 1]), bits=bits), tmp_path)
    assert (picture.pixels[2] == PALETTE[5]).all()
    assert (picture.pixels[:2] == PALETTE[0]).all()


def test_a_compressed_bitmap_cannot_begin_at_its_top(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="damaged or of a rare kind"):
        read(bmp(4, -3, bytes([4, 0x55, 0, 1])), tmp_path)


def test_runs_without_end_are_refused_soon(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="damaged or of a rare kind"):
        read(bmp(4, 4, bytes([1, 0]) * 1_000_000, bits=8), tmp_path)


def test_rows_beyond_the_last_are_passed_over(tmp_path: Path) -> None:
    picture = read(bmp(4, 1, bytes([4, 5, 0, 0]) + bytes([4, 6, 0, 0]) * 100, bits=8), tmp_path)
    assert (picture.pixels == PALETTE[5]).all()


def test_the_print_density_stays(tmp_path: Path) -> None:
    data = bytearray(bmp(4, 1, bytes([4, 5, 0, 1]), bits=8))
    data[38:46] = struct.pack("<ii", 11811, 11811)
    picture = read(bytes(data), tmp_path)
    assert density(picture.exif) == pytest.approx((300, 300), abs=0.01)
