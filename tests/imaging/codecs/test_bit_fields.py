from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging.codecs.bit_fields import has_bit_fields, unpacked

COLOURS = np.array(
    [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[0, 0, 0], [255, 255, 255], [0, 255, 255]]]
)
ALPHA = np.array([[255, 0, 255], [0, 255, 255]])


def bitmap(
    masks: tuple[int, ...],
    size: int = 4,
    header: int = 40,
    alpha: NDArray[np.int64] = ALPHA,
    top_down: bool = False,
) -> bytes:
    """COLOURS, all of them at the ends of their range, under these masks."""
    channels = [*np.moveaxis(COLOURS, -1, 0), alpha]
    pairs = zip(channels, masks, strict=False)
    values = sum((channel > 0) * np.uint64(mask) for channel, mask in pairs)
    rows = np.asarray(values, f"<u{size}")[:: 1 if top_down else -1]
    pixels = np.pad(rows.view(np.uint8), ((0, 0), (0, -3 * size % 4))).tobytes()
    kind = 6 if len(masks) == 4 and header == 40 else 3
    head = struct.pack("<IiiHHI", header, 3, -2 if top_down else 2, 1, 8 * size, kind)
    head += struct.pack(f"<5I{len(masks)}I", len(pixels), 2835, 2835, 0, 0, *masks)
    start = 14 + len(head.ljust(header, b"\0"))
    top = b"BM" + struct.pack("<IHHI", start + len(pixels), 0, 0, start)
    return (top + head).ljust(start, b"\0") + pixels


@pytest.mark.parametrize(
    ("masks", "size"),
    [
        ((0xFFE00000, 0x1FFC00, 0x3FF), 4),  # 11, 11 and 10 bits
        ((0x3FF00000, 0xFFC00, 0x3FF), 4),
        ((0xFF, 0xFF00, 0xFF000000), 4),
        ((0xF00, 0xF0, 0xF), 2),
        ((0x1, 0x2, 0xFFFC), 2),
    ],
)
@pytest.mark.parametrize("top_down", [False, True])
def test_any_masks_give_the_same_picture(
    masks: tuple[int, ...], size: int, top_down: bool, tmp_path: Path
) -> None:
    (tmp_path / "a.bmp").write_bytes(bitmap(masks, size, top_down=top_down))
    picture = imaging.read(tmp_path / "a.bmp")
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.alpha is None


@pytest.mark.parametrize("header", [40, 56, 108])
def test_a_mask_of_alpha_makes_pixels_transparent(header: int, tmp_path: Path) -> None:
    data = bitmap((0xFF000000, 0xFF00, 0xFF, 0xFF0000), header=header)
    (tmp_path / "a.bmp").write_bytes(data)
    picture = imaging.read(tmp_path / "a.bmp")
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, ALPHA)


def test_an_alpha_that_nobody_set_hides_nothing(tmp_path: Path) -> None:
    data = bitmap((0xFF000000, 0xFF00, 0xFF, 0xFF0000), header=56, alpha=np.zeros((2, 3), int))
    (tmp_path / "a.bmp").write_bytes(data)
    picture = imaging.read(tmp_path / "a.bmp")
    assert picture.alpha is None
    assert "would hide all of it" in picture.notes[0]


def test_levels_between_are_scaled_by_their_own_range() -> None:
    data = bytearray(bitmap((0x1F0000, 0x3F00, 0x7)))
    data[-12:-8] = struct.pack("<I", 16 << 16 | 21 << 8 | 3)
    whole = unpacked(bytes(data), lambda *_: None)
    blue, green, red, _ = whole[-12:-8]
    assert (red, green, blue) == (round(16 * 255 / 31), 85, round(3 * 255 / 7))


def test_masks_with_a_hole_and_short_files_are_refused(tmp_path: Path) -> None:
    whole = bitmap((0xFF0000, 0x500, 0xFF))
    short = bitmap((0xFFE00000, 0x1FFC00, 0x3FF))[:-3]
    for data, says in ((whole, "damaged or of a rare kind"), (short, "cut short")):
        (tmp_path / "a.bmp").write_bytes(data)
        with pytest.raises(PictureError, match=says):
            imaging.read(tmp_path / "a.bmp")


def test_other_bitmaps_have_none() -> None:
    long = bytearray(bitmap((0xFF0000, 0xFF00, 0xFF)))
    long[14:18] = struct.pack("<I", 600_000_000)  # a header that no version has
    assert not has_bit_fields(bytes(long))
    assert not has_bit_fields(b"BM" + bytes(100))
    assert not has_bit_fields(b"BM")


def test_a_single_bit_of_alpha_counts(tmp_path: Path) -> None:
    masks = (0x7C00, 0x3E0, 0x1F, 0x8000)
    (tmp_path / "a.bmp").write_bytes(bitmap(masks, 2, header=108))
    picture = imaging.read(tmp_path / "a.bmp")
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, ALPHA)


@pytest.mark.parametrize(
    ("header", "bits", "compression", "says"),
    [
        (64, 24, 4, "a BMP compressed as RLE24"),
        (64, 1, 3, "a BMP compressed with Huffman codes"),
        (40, 2, 0, "a BMP of 2 bits a pixel"),
    ],
)
def test_rare_kinds_are_named(
    header: int, bits: int, compression: int, says: str, tmp_path: Path
) -> None:
    data = bytearray(bitmap((0xFF0000, 0xFF00, 0xFF)))
    data[14], data[28], data[30] = header, bits, compression
    (tmp_path / "a.bmp").write_bytes(data)
    with pytest.raises(PictureError, match=f"a.bmp is {says}"):
        imaging.read(tmp_path / "a.bmp")


@pytest.mark.parametrize(("compression", "inside"), [(4, "JPEG"), (5, "PNG")])
def test_another_format_inside_is_named(compression: int, inside: str, tmp_path: Path) -> None:
    data = bytearray(bitmap((0xFF0000, 0xFF00, 0xFF)))
    data[30] = compression
    (tmp_path / "a.bmp").write_bytes(data)
    with pytest.raises(PictureError, match=f"a.bmp is a {inside} inside a BMP"):
        imaging.read(tmp_path / "a.bmp")
