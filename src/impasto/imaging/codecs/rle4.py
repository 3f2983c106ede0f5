"""BMP files compressed as RLE4, unpacked for Pillow, whose reader before 13 loses odd runs.

Source: Microsoft, "Bitmap compression" (wingdi.h, BI_RLE4).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_rle4", "unpacked"]

_HEADER, _RLE4 = 14, 2
_END_OF_LINE, _END, _MOVE = 0, 1, 2


def is_rle4(data: bytes) -> bool:
    """Whether a BMP is compressed as RLE4."""
    return data[30:34] == struct.pack("<I", _RLE4) and data[28:30] == struct.pack("<H", 4)


def unpacked(data: bytes, check: Callable[[int, int], None]) -> bytes:
    """The same picture with 8 bits a pixel and no compression.

    Args:
        data: the whole file.
        check: called with (height, width) before any pixel is made.

    Raises:
        EOFError: the data ends before the picture does.
        struct.error: the header does.
    """
    start, length, width, height = struct.unpack_from("<IIii", data, 10)
    check(height, width)  # such a picture always begins at its bottom
    rows = np.zeros((height, width), np.uint8)
    for row, column, pixels in _runs(data, start):
        if row < height and column < width:
            fitting = pixels[: width - column]
            rows[row, column : column + len(fitting)] = fitting
    padded = np.pad(rows, ((0, 0), (0, -width % 4)))
    colours = max(0, min(16, (start - _HEADER - length) // 4))
    head = bytearray(data[: _HEADER + length + 4 * colours])
    struct.pack_into("<I", head, 10, len(head))
    struct.pack_into("<HIIiiI", head, 28, 8, 0, padded.size, 0, 0, colours)
    return bytes(head) + padded.tobytes()


def _runs(data: bytes, at: int) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Row, column and pixels of each run, from the bottom."""
    row = column = 0
    while True:
        if at + 2 > len(data):
            raise EOFError
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            pair = np.array([value >> 4, value & 15], np.uint8)
            yield row, column, np.resize(pair, count)
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
            size = (value + 1) // 2
            packed = np.frombuffer(data[at : at + size], np.uint8)
            if len(packed) < size:
                raise EOFError
            yield row, column, np.stack([packed >> 4, packed & 15], axis=1).ravel()[:value]
            column += value
            at += size + size % 2
