"""What lies in a JPEG before its pixels, read segment by segment; and the file without damage.

Pillow gives up a whole picture at a segment beside it that is too short, passes over an ICC profile
behind the frame's header or with a part twice, and takes every CMYK picture for one of Adobe's.
Source: ITU-T T.81, annex B; JFIF 1.02; ICC.1:2022, annex B.4; XMP specification, part 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from impasto.imaging.codecs.file_bytes import Bytes, Span
from impasto.imaging.codecs.formats import UnreadLayoutError

__all__ = ["Segments", "read"]

_SCAN, _END, _HIERARCHICAL, _APP = 0xDA, 0xD9, 0xDE, 0xE0
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xCB}
_LONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
_BYTES_AT_ONCE = 2**24
_MOST_SCANS = 500  # as libjpeg-turbo's own tools have it
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_ICC, _EXTENDED_XMP = b"ICC_PROFILE\0", b"http://ns.adobe.com/xmp/extension/\0"
# What the segments that Pillow reads begin with, and the bytes that they need.
_LEAST_BYTES = {(0, b"JFIF"): 12, (2, _ICC): 14, (14, b"Adobe"): 12}


class _Segment(NamedTuple):
    marker: int
    start: int
    body: bytes
    end: int


@dataclass
class Segments:
    """What the segments say.

    Attributes:
        lean: the spans of the file without those that are too short to mean anything.
        damaged: the names of these.
        profile: the ICC profile; None without one, or where a part of it is missing.
        has_adobe_mark: whether a segment of Adobe's says that inks are stored inverted.
        has_extended_xmp: whether the XMP goes on in segments of its own, as what is longer than
            64 KiB does.
    """

    lean: list[Span]
    damaged: tuple[str, ...] = ()
    profile: bytes | None = None
    has_adobe_mark: bool = False
    has_extended_xmp: bool = False
    parts: dict[int, bytes] = field(default_factory=dict)


def read(data: Bytes) -> Segments:
    r"""Everything that the segments before the pixels say.

    Raises:
        UnreadLayoutError: a sound JPEG that no usual reader takes: lossless, hierarchical, of more
            than 8 bits a sample, or of more scans than any picture needs, which takes minutes.

    Example:
        >>> read(b"\xff\xd8\xff\xe0\0\7JFIF\0\xff\xda").damaged
        ('APP0',)
    """
    kept, names, at = [], [], 0
    segments = Segments([(0, len(data))])
    for segment in _segments(data):
        if segment.marker == _HIERARCHICAL or segment.marker in _FRAMES:
            _refuse_rare(segment)
        number = segment.marker - _APP
        if _is_too_short(number, segment.body):
            kept.append((at, segment.start))
            names.append(f"APP{number}")
            at = segment.end
        else:
            _take(segments, number, segment.body)
    if names:
        segments.lean = [*kept, (at, len(data))]
        segments.damaged = tuple(dict.fromkeys(names))
    count = next((body[13] for body in segments.parts.values()), 0)
    wanted = range(1, count + 1)
    if count and all(number in segments.parts for number in wanted):
        segments.profile = b"".join(segments.parts[number][14:] for number in wanted)
    _refuse_many_scans(data)
    return segments


def _is_too_short(app: int, body: bytes) -> bool:
    return any(
        app == number and body.startswith(name) and len(body) < least
        for (number, name), least in _LEAST_BYTES.items()
    )


def _take(into: Segments, app: int, body: bytes) -> None:
    if app == 1 and body.startswith(_EXTENDED_XMP):
        into.has_extended_xmp = True
    elif app == 2 and body.startswith(_ICC):
        into.parts.setdefault(body[12], body)
    elif app == 14 and body.startswith(b"Adobe"):
        into.has_adobe_mark = True


def _refuse_rare(segment: _Segment) -> None:
    bits = segment.body[0] if segment.body else 8
    kinds = ["lossless"] if segment.marker in _LOSSLESS else []
    kinds += ["hierarchical"] if segment.marker == _HIERARCHICAL else []
    if kinds or bits > 8:
        kind = " ".join(["a", *kinds, "JPEG"])
        raise UnreadLayoutError(f"{kind} of {bits} bits a sample")


def _refuse_many_scans(data: Bytes) -> None:
    """Counts as far as the end mark; what lies behind it is no part of the picture."""
    scans = 0
    for start in range(2, len(data), _BYTES_AT_ONCE):
        for marker in _MARKER.finditer(data[start : start + _BYTES_AT_ONCE + 1]):
            if marker[0][1] == _END:
                return
            scans += marker[0][1] == _SCAN
            if scans > _MOST_SCANS:
                raise UnreadLayoutError(f"a JPEG of more than {_MOST_SCANS} scans")


def _segments(data: Bytes) -> Iterator[_Segment]:
    """Those before the first scan, as far as they are whole."""
    at = 2
    while at < len(data) and data[at] == 0xFF:
        while data[at + 1 : at + 2] == b"\xff":  # of any number the last is the marker's own
            at += 1
        if at + 4 > len(data):
            return
        marker = data[at + 1]
        if marker in _LONE:
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _SCAN or end > len(data) or end < at + 4:
            return
        yield _Segment(marker, at, data[at + 4 : end], end)
        at = end
