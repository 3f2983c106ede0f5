"""The size of a picture by the word of its header, so that this process decodes none.

A decoder is a large program fed by strangers; here a few numbers are read at known places. What
the header hides (a frame larger than its screen, a tile larger than its page) the worker's own
reader still checks.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, BinaryIO

__all__ = ["image_size"]

_MOST_SEGMENTS = 1000  # of a JPEG before its frame: more is no camera's work
_MOST_BYTES = 1_000_000  # of a directory of TIFF or the boxes of HEIC


class _CutError(Exception):
    """The file ends before it says its size."""


def image_size(file: BinaryIO, kind: str) -> tuple[int, int] | None:
    """(height, width) in px of a picture, as its header says.

    Args:
        file: at any place; read and moved.
        kind: the name of its format, as `impasto.imaging.codecs.formats` knows it.

    Returns:
        The size; None when the file is cut short before it.

    Raises:
        ValueError: the header is damaged, or of a rare kind.

    Example:
        >>> from io import BytesIO
        >>> image_size(BytesIO(b"GIF89a" + bytes([6, 0, 4, 0])), "GIF")
        (4, 6)
        >>> image_size(BytesIO(b"GIF89a" + bytes([6, 0])), "GIF") is None
        True
    """
    try:
        return _READERS[kind](file)
    except _CutError:
        return None


def _at(file: BinaryIO, place: int, layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, _bytes(file, place, struct.calcsize(layout)))


def _bytes(file: BinaryIO, place: int, count: int) -> bytes:
    if count > _MOST_BYTES:
        raise ValueError(f"a part of {count} bytes")
    file.seek(place)
    data = file.read(count)
    if len(data) < count:
        raise _CutError
    return data


def _png(file: BinaryIO) -> tuple[int, int]:
    name, width, height = _at(file, 12, ">4sII")
    if name != b"IHDR":
        raise ValueError("a PNG begins with IHDR")
    return height, width


def _jpeg(file: BinaryIO) -> tuple[int, int]:
    place = 2
    for _ in range(_MOST_SEGMENTS):
        mark, code = _at(file, place, ">BB")
        if mark != 0xFF:
            raise ValueError("a segment begins with FF")
        if code == 0xFF:  # filling
            place += 1
        elif code in _FRAMES:
            height, width = _at(file, place + 5, ">HH")
            return height, width
        elif code in (0xD9, 0xDA):
            raise ValueError("the frame comes before the scan")
        else:
            place += 2 + _at(file, place + 2, ">H")[0]
    raise ValueError("too many segments")


_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # ITU-T T.81, table B.1


def _webp(file: BinaryIO) -> tuple[int, int]:
    (chunk,) = _at(file, 12, "4s")
    if chunk == b"VP8X":  # sizes less one, of 24 bits each
        sides = _bytes(file, 24, 6)
        return int.from_bytes(sides[3:], "little") + 1, int.from_bytes(sides[:3], "little") + 1
    if chunk == b"VP8L":
        sign, bits = _at(file, 20, "<BI")
        if sign == 0x2F:
            return (bits >> 14 & 0x3FFF) + 1, (bits & 0x3FFF) + 1
    if chunk == b"VP8 ":
        sign, width, height = _at(file, 23, "<3sHH")
        if sign == b"\x9d\x01\x2a":
            return height & 0x3FFF, width & 0x3FFF
    raise ValueError("a chunk that is no picture")


def _gif(file: BinaryIO) -> tuple[int, int]:
    width, height = _at(file, 6, "<HH")
    return height, width


def _bmp(file: BinaryIO) -> tuple[int, int]:
    (length,) = _at(file, 14, "<I")
    width, height = _at(file, 18, "<HH" if length == 12 else "<ii")
    return abs(height), width  # a negative height means from top to bottom


def _tiff(file: BinaryIO) -> tuple[int, int]:
    order = "<" if _bytes(file, 0, 1) == b"I" else ">"
    (version,) = _at(file, 2, f"{order}H")
    big = version == 43
    place_of_first, count_layout, entry = (8, "Q", 20) if big else (4, "H", 12)
    (place,) = _at(file, place_of_first, order + ("Q" if big else "I"))
    if place >= 2**62:
        raise ValueError("a place beyond all files")
    (count,) = _at(file, place, order + count_layout)
    start = place + struct.calcsize(count_layout)
    directory = _bytes(file, start, count * entry)
    sides = {}
    for tag in range(0, len(directory), entry):
        number, kind = struct.unpack_from(f"{order}HH", directory, tag)
        if number in (256, 257):
            if kind not in _WHOLE_NUMBERS:
                raise ValueError("a side that is no whole number")
            value = tag + entry - (8 if big else 4)
            (sides[number],) = struct.unpack_from(order + _WHOLE_NUMBERS[kind], directory, value)
    if len(sides) < 2:
        raise ValueError("a page without a size")
    return sides[257], sides[256]


_WHOLE_NUMBERS = {1: "B", 3: "H", 4: "I"}  # TIFF 6.0, section 2; a side needs no more


def _heic(file: BinaryIO) -> tuple[int, int]:
    meta, length = _box(file, 0, 2**62, b"meta")
    parts, length = _box(file, meta + 4, meta + length, b"iprp")
    parts, length = _box(file, parts, parts + length, b"ipco")
    data = _bytes(file, parts, length)
    sizes = [(0, 0)]
    place = data.find(b"ispe")
    while place >= 0 and place + 16 <= len(data):
        width, height = struct.unpack_from(">II", data, place + 8)
        sizes.append((height, width))
        place = data.find(b"ispe", place + 4)
    if len(sizes) == 1:
        raise ValueError("a picture without a size")
    return max(sizes, key=lambda sides: sides[0] * sides[1])  # the others are tiles and previews


def _box(file: BinaryIO, place: int, end: int, name: bytes) -> tuple[int, int]:
    """Where the inside of a box begins, and its length (ISO/IEC 14496-12, 4.2)."""
    for _ in range(_MOST_SEGMENTS):
        if place >= end:
            break
        length, box = _at(file, place, ">I4s")
        head = 8
        if length == 1:
            (length,) = _at(file, place + 8, ">Q")
            head = 16
        if length < head:
            break
        if box == name:
            return place + head, length - head
        place += length
    raise ValueError(f"no box {name!r}")


_READERS: dict[str, Callable[[BinaryIO], tuple[int, int]]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WebP": _webp,
    "TIFF": _tiff,
    "BMP": _bmp,
    "GIF": _gif,
    "HEIC": _heic,
}
