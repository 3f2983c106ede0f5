"""BMP files compressed as RLE4 or RLE8, unpacked for Pillow.

Its own reader loses odd runs of four bits before version 13, and refuses a picture whose last rows
are left out. Source: Microsoft, "Bitmap compression" (wingdi.h, BI_RLE4 and BI_RLE8).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import numpy as np

__all__ = ["is_compressed", "unpacked"]

_HEADER = 14
_BITS = {1: 8, 2: 4}  # of a pixel, by the number of the compression
_LONGEST_RUN = 255
_PIXELS = {
    8: [bytes([byte]) for byte in range(256)],
    4: [bytes([byte >> 4, byte & 15]) for byte in range(256)],
}
_END_OF_LINE, _END, _MOVE = 0, 1, 2


def is_compressed(data: bytes) -> bool:
    """Whether a BMP is compressed as RLE4 or RLE8."""
    if len(data) < _HEADER + 40:
        return False
    bits, compression = struct.unpack_from("<HI", data, 28)
    return bool(_BITS.get(compression) == bits)


def unpacked(data: bytes, check: Callable[[int, int], None]) -> bytes:
    """The same picture with 8 bits a pixel and no compression.

    Args:
        data: the whole file.
        check: called with (height, width) before any pixel is made.

    Raises:
        EOFError: the data ends before the picture does.
        ValueError: it begins at its top, as such a picture cannot.
    """
    start, length, width, height = struct.unpack_from("<IIii", data, 10)
    bits, density = struct.unpack_from("<H", data, 28)[0], data[38:46]
    check(abs(height), width)
    if height < 0:
        raise ValueError("from its top")
    rows = bytearray(width * height)
    for row, column, pixels in _runs(data, start, bits):
        if row >= height:
            break
        if column > width + _LONGEST_RUN:
            raise ValueError("a row without an end")
        fitting = pixels[: max(0, width - column)]
        at = row * width + column
        rows[at : at + len(fitting)] = fitting
    lines = np.frombuffer(rows, np.uint8).reshape(height, width)
    padded = np.pad(lines, ((0, 0), (0, -width % 4)))
    colours = max(0, min(2**bits, (start - _HEADER - length) // 4))
    head = bytearray(data[: _HEADER + length + 4 * colours])
    struct.pack_into("<I", head, 10, len(head))
    struct.pack_into("<HII8sI", head, 28, 8, 0, padded.size, density, colours)
    return bytes(head) + padded.tobytes()


def _runs(data: bytes, at: int, bits: int) -> Iterator[tuple[int, int, bytes]]:
    """Row, column and pixels of each run, from the bottom."""
    row = column = 0
    while True:
        if at + 2 > len(data):
            raise EOFError
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            yield row, column, (_PIXELS[bits][value] * count)[:count]
            column += count
        elif value == _END_OF_LINE:
            row, column = row + 1, 0
        elif value == _END:
            return
        elif value == _MOVE:
            if at + 2 > len(data):
                raise EOFError
            row, column = row + data[at + 1], column + data[at]
            at += 2
        else:  # so many pixels as they are, to an even number of bytes
            size = (value * bits + 7) // 8
            packed = data[at : at + size]
            if len(packed) < size:
                raise EOFError
            yield row, column, b"".join(map(_PIXELS[bits].__getitem__, packed))[:value]
            column += value
            at += size + size % 2
