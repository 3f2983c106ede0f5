"""How long a file says it is, to tell a file that was cut short from a damaged one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from io import BytesIO
from mmap import mmap
from typing import Any

from PIL import TiffImagePlugin

__all__ = ["declared_length"]


def declared_length(kind: str, data: bytes | mmap) -> int | None:
    """The least length a cut-short file of this format must have had, by its own word.

    Args:
        kind: name of the format.
        data: what there is of the file.

    Returns:
        That length in bytes, above `len(data)`; `len(data)` itself when the file plainly stops too
        early but does not say where it would have ended; None when it does not look cut.

    Example:
        >>> declared_length("BMP", b"BM" + (5000).to_bytes(4, "little") + bytes(100))
        5000
    """
    reader = _READERS.get(kind)
    if reader is None:
        return None
    try:
        length = reader(data)
    except Exception:  # the header itself stops early, or is nonsense
        return len(data)
    cut = length is not None and (length > len(data) or kind == "JPEG")
    return length if cut else None


def _bmp(data: bytes) -> int:
    (length,) = struct.unpack_from("<I", data, 2)
    return int(length)


def _webp(data: bytes) -> int:
    return int(struct.unpack_from("<I", data, 4)[0]) + 8


def _gif(data: bytes) -> None:
    struct.unpack_from("<6sHHBBB", data)


def _png(data: bytes) -> int:
    at: int = 8
    while True:
        length, name = struct.unpack_from(">I4s", data, at)
        at += length + 12  # a chunk's length, name and checksum stand around its bytes
        if name == b"IEND" or at > len(data):
            return at


def _heic(data: bytes) -> int:
    at: int = 0
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
        if size < 8:  # 0: the last box, to the end of the file
            break
        at += size
    return at


def _tiff(data: bytes) -> int:
    order = "<" if data[:1] == b"I" else ">"
    big = 43 in data[2:4]
    (directory,) = struct.unpack_from(order + ("Q" if big else "I"), data, 8 if big else 4)
    if big or directory + 2 > len(data):
        return int(directory) + 2
    tags = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
    file = BytesIO(data)
    file.seek(directory)
    tags.load(file)
    ends = [
        start + length
        for starts, lengths in _TIFF_PARTS
        for start, length in zip(tags.get(starts, ()), tags.get(lengths, ()), strict=False)
    ]
    return max(ends, default=0)


def _jpeg(data: bytes) -> int | None:
    at: int = 2
    while True:
        mark, code, length = struct.unpack_from(">BBH", data, at)
        if mark != 0xFF:
            return None
        if code == 0xDA:  # the scan: only its end mark tells that it is whole
            return None if b"\xff\xd9" in data[at:] else len(data)
        at += 2 + length
        if at > len(data):
            return at


_TIFF_PARTS = ((273, 279), (324, 325))  # offsets and lengths of strips, of tiles
_READERS: dict[str, Callable[[Any], int | None]] = {
    "JPEG": _jpeg,
    "PNG": _png,
    "WebP": _webp,
    "TIFF": _tiff,
    "BMP": _bmp,
    "GIF": _gif,
    "HEIC": _heic,
}
