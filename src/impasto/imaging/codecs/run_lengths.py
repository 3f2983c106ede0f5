"""BMP files compressed as RLE4 or RLE8, unpacked for Pillow.

Its own reader loses odd runs of four bits before version 13, and refuses a picture whose last rows
are left out. Source: Microsoft, "Bitmap compression" (wingdi.h, BI_RLE4 and BI_RLE8).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_compressed", "unpacked"]

_HEADER = 14
_BITS = {1: 8, 2: 4}  # of a pixel, by the number of the compression
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
    (bits,) = struct.unpack_from("<H", data, 28)
    check(abs(height), width)
    if height < 0:
        raise ValueError("from its top")
    rows = np.zeros((height, width), np.uint8)
    for row, column, pixels in _runs(data, start, bits):
        if row < height and column < width:
            fitting = pixels[: width - column]
            rows[row, column : column + len(fitting)] = fitting
    padded = np.pad(rows, ((0, 0), (0, -width % 4)))
    colours = max(0, min(2**bits, (start - _HEADER - length) // 4))
    head = bytearray(data[: _HEADER + length + 4 * colours])
    struct.pack_into("<I", head, 10, len(head))
    struct.pack_into("<HIIiiI", head, 28, 8, 0, padded.size, 0, 0, colours)
    return bytes(head) + padded.tobytes()


def _runs(data: bytes, at: int, bits: int) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
    """Row, column and pixels of each run, from the bottom."""
    row = column = 0
    while True:
        if at + 2 > len(data):
            raise EOFError
        count, value = data[at], data[at + 1]
        at += 2
        if count:
            yield row, column, np.resize(_pixels(bytes([value]), bits), count)
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
            yield row, column, _pixels(packed, bits)[:value]
            column += value
            at += size + size % 2


def _pixels(packed: bytes, bits: int) -> NDArray[np.uint8]:
    samples = np.frombuffer(packed, np.uint8)
    return samples if bits == 8 else np.stack([samples >> 4, samples & 15], axis=1).ravel()
