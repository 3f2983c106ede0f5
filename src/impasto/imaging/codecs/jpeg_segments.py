"""The segments before a JPEG's pixels: which of them are damaged, and which kind of JPEG it is.

Pillow gives up a whole picture at a segment beside it that is too short.
Source: ITU-T T.81, annex B; JFIF 1.02; ICC.1:2022, annex B.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from impasto.imaging.codecs.formats import UnreadLayoutError

__all__ = ["has_adobe_mark", "has_extended_xmp", "lean", "profile", "refuse_unread"]

_SCAN, _FIRST_APP = 0xDA, 0xE0
_LONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
# What the segments that Pillow reads begin with, and the bytes that they need.
_ICC, _EXTENDED_XMP = b"ICC_PROFILE\0", b"http://ns.adobe.com/xmp/extension/\0"
_LEAST_BYTES = {(0, b"JFIF"): 12, (2, _ICC): 14, (14, b"Adobe"): 12}
_MOST_SCANS = 500  # as libjpeg-turbo's own tools have it
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_HIERARCHICAL = {0xC5, 0xC6, 0xC7, 0xCD, 0xCE, 0xCF}


class _Segment(NamedTuple):
    marker: int
    start: int
    body: bytes
    end: int


def lean(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    r"""The file without segments that are too short to mean anything, and their names.

    Example:
        >>> lean(b"\xff\xd8\xff\xe0\0\7JFIF\0\xff\xda")
        (b'\xff\xd8\xff\xda', ('APP0',))
    """
    kept, at, names = [], 0, []
    for segment in _segments(data):
        number = segment.marker - _FIRST_APP
        if any(
            number == app and segment.body.startswith(name) and len(segment.body) < least
            for (app, name), least in _LEAST_BYTES.items()
        ):
            kept.append(data[at : segment.start])
            at = segment.end
            names.append(f"APP{number}")
    return (b"".join([*kept, data[at:]]) if names else data), tuple(names)


def profile(data: bytes) -> bytes | None:
    """The ICC profile; None without one, or where a part of it is missing.

    Pillow passes over parts behind the frame's header, and over all of them if one is there twice.
    """
    parts: dict[int, bytes] = {}
    count = 0
    for segment in _segments(data):
        body = segment.body
        if segment.marker == _FIRST_APP + 2 and body.startswith(_ICC) and len(body) >= 14:
            number, count = body[12], body[13]
            parts.setdefault(number, body[14:])
    wanted = range(1, count + 1)
    return b"".join(parts[n] for n in wanted) if count and all(n in parts for n in wanted) else None


def has_adobe_mark(data: bytes) -> bool:
    """Whether a segment of Adobe's says that inks are stored inverted."""
    return any(
        segment.marker == _FIRST_APP + 14 and segment.body.startswith(b"Adobe")
        for segment in _segments(data)
    )


def has_extended_xmp(data: bytes) -> bool:
    """Whether the XMP goes on in segments of its own, as what is longer than 64 KiB does."""
    return any(segment.body.startswith(_EXTENDED_XMP) for segment in _segments(data))


def refuse_unread(data: bytes) -> None:
    """Names a sound JPEG of a kind that no usual reader takes.

    Raises:
        UnreadLayoutError: it is lossless or hierarchical, or has more than 8 bits a sample, or
            more scans than any picture needs, which would take minutes.
    """
    scans = data.count(b"\xff\xda")
    if scans > _MOST_SCANS:
        raise UnreadLayoutError(f"a JPEG of {scans} scans")
    for segment in _segments(data):
        if segment.marker in _FRAMES and segment.body:
            bits = segment.body[0]
            kinds = ["lossless"] if segment.marker in _LOSSLESS else []
            kinds += ["hierarchical"] if segment.marker in _HIERARCHICAL else []
            if kinds or bits > 8:
                kind = " ".join(["a", *kinds, "JPEG"])
                raise UnreadLayoutError(f"{kind} of {bits} bits a sample")
            return


def _segments(data: bytes) -> Iterator[_Segment]:
    """Those before the first scan, as far as they are whole."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _LONE:  # a byte of filling, or nothing behind it
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN or end > len(data) or end < at + 4:
            return
        yield _Segment(marker, at, data[at + 4 : end], end)
        at = end
