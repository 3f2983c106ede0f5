"""BMP files that say by masks which bits are red, green, blue and alpha, unpacked for Pillow.

It takes a dozen of these masks and refuses all others.
Source: Microsoft, BITMAPINFOHEADER and BITMAPV4HEADER (wingdi.h, BI_BITFIELDS, BI_ALPHABITFIELDS).
"""

from __future__ import annotations

import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.formats import UnreadLayoutError

__all__ = ["has_16_bits_with_alpha", "has_bit_fields", "refuse_unread", "unpacked"]

_BIT_FIELDS, _ALPHA_BIT_FIELDS = 3, 6
_UNREAD = {4: "a JPEG inside a BMP", 5: "a PNG inside a BMP"}
_DEEP = 65535
_OS2, _UNREAD_OS2 = 64, {3: "a BMP compressed with Huffman codes", 4: "a BMP compressed as RLE24"}
_HEADER, _SHORT, _WITH_ALPHA = 14, 40, 56  # bytes: the file's header, and lengths of the next
_HEADERS = frozenset({_SHORT, 52, _WITH_ALPHA, 108, 124})
_MASKS = 54  # where they begin


def has_bit_fields(data: bytes) -> bool:
    """Whether a BMP of 16 or 32 bits a pixel has masks."""
    return (
        len(data) >= _MASKS + 12
        and _header(data) in _HEADERS
        and _compression(data) in (_BIT_FIELDS, _ALPHA_BIT_FIELDS)
        and _bits(data) in (16, 32)
    )


def has_16_bits_with_alpha(data: bytes) -> bool:
    """Whether it is one of those whose alpha Pillow passes over."""
    is_short = has_bit_fields(data) and _bits(data) == 16 and _has_alpha(data)
    return is_short and struct.unpack_from("<I", data, _MASKS + 12)[0] != 0


def refuse_unread(data: bytes) -> None:
    """Names a BMP of a kind that no usual reader takes.

    Raises:
        UnreadLayoutError: its pixels are another format's, or have 2 bits.
    """
    if len(data) < _MASKS or _header(data) < _SHORT:
        return
    kinds = _UNREAD_OS2 if _header(data) == _OS2 else _UNREAD
    if _compression(data) in kinds:
        raise UnreadLayoutError(kinds[_compression(data)])
    if _bits(data) == 2:
        raise UnreadLayoutError("a BMP of 2 bits a pixel")


def unpacked(data: bytes, check: Callable[[int, int], None]) -> bytes:
    """The same picture with 8 bits for each of blue, green, red and alpha.

    Args:
        data: the whole file.
        check: called with (height, width) before any pixel is made.

    Returns:
        A BMP without alpha where the masks name none.

    Raises:
        EOFError: the file ends before the picture does.
        ValueError: a mask is no run of bits.
    """
    (start,) = struct.unpack_from("<I", data, 10)
    width, height = struct.unpack_from("<ii", data, 18)
    check(abs(height), width)
    masks = struct.unpack_from("<4I" if _has_alpha(data) else "<3I", data, _MASKS)
    pixels = _pixels(data[start:], abs(height), width, _bits(data) // 8)
    red, green, blue, alpha = (_levels(pixels, mask) for mask in (*masks, 0)[:4])
    whole = np.stack([blue, green, red, alpha], axis=-1).tobytes()
    length = max(_header(data), _WITH_ALPHA)
    opacity = 0xFF000000 if len(masks) == 4 and masks[3] else 0
    head = bytearray(data[: _HEADER + _header(data)].ljust(_HEADER + length, b"\0"))
    struct.pack_into("<I", head, 2, len(head) + len(whole))
    struct.pack_into("<II", head, 10, len(head), length)
    struct.pack_into("<HII", head, 28, 32, _BIT_FIELDS, len(whole))
    struct.pack_into("<4I", head, _MASKS, 0xFF0000, 0xFF00, 0xFF, opacity)
    return bytes(head) + whole


def _has_alpha(data: bytes) -> bool:
    return _header(data) >= _WITH_ALPHA or _compression(data) == _ALPHA_BIT_FIELDS


def _pixels(rows: bytes, height: int, width: int, size: int) -> NDArray[np.unsignedinteger]:
    """(H, W) of so many bytes each, out of rows that are filled up to four bytes."""
    stride = -(-width * size // 4) * 4
    if len(rows) < stride * height:
        raise EOFError
    lines = np.frombuffer(rows, np.uint8, stride * height).reshape(height, stride)
    return np.ascontiguousarray(lines[:, : width * size]).view(f"<u{size}")


def _levels(pixels: NDArray[np.unsignedinteger], mask: int) -> NDArray[np.uint8]:
    """The bits under a mask as 0 to 255."""
    if mask == 0:
        return np.zeros(pixels.shape, np.uint8)
    low = (mask & -mask).bit_length() - 1
    top = mask >> low
    if top & (top + 1):
        raise ValueError(f"mask {mask:#x}")
    if top > _DEEP:  # more bits than levels come of
        low, top = low + top.bit_length() - _DEEP.bit_length(), _DEEP
    table = np.rint(np.arange(top + 1) * (255 / top)).astype(np.uint8)
    wide = pixels.dtype.type
    return np.asarray(table[(pixels & wide(mask)) >> wide(low)])


def _header(data: bytes) -> int:
    return int(struct.unpack_from("<I", data, _HEADER)[0])


def _bits(data: bytes) -> int:
    return int(struct.unpack_from("<H", data, 28)[0])


def _compression(data: bytes) -> int:
    return int(struct.unpack_from("<I", data, 30)[0])
