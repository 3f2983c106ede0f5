"""XMP and IPTC: what is carried over of them, byte for byte.

Left behind is what would be wrong of the painting: orientation (it has been applied), pixel sizes,
the colour space, thumbnails and previews, and the recipe of an earlier painting. Sources: XMP
specification, part 2 (Adobe, 2016); IPTC-NAA Information Interchange Model, version 4.2.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple

from impasto.imaging.codecs.xmp import clean

__all__ = ["Captions", "app13", "carry", "datasets_in"]

_DATASET, _APPLICATION = 0x1C, 2
_PREVIEWS = frozenset({131, 200, 201, 202})  # the way it was held, and small pictures
_PHOTOSHOP = b"Photoshop 3.0\0"
_RESOURCE = 0x0404  # where Photoshop's segment keeps IPTC
_LONGEST_SEGMENT = 65_533


class Captions(NamedTuple):
    """What goes into the output.

    Attributes:
        xmp: an XMP packet, UTF-8.
        iptc: IPTC datasets.
        notes: what is damaged and was left out.
    """

    xmp: bytes | None = None
    iptc: bytes | None = None
    notes: tuple[str, ...] = ()


def carry(xmp: Any, iptc: Any) -> Captions:
    """What the output takes on of a photograph's packet and datasets.

    Args:
        xmp: as the file holds it; whatever is no bytes counts as none.
        iptc: likewise.

    Example:
        >>> carry(None, bytes([0x1C, 2, 116, 0, 3]) + b"Zoe").iptc[-3:]  # 116 is the copyright
        b'Zoe'
    """
    packet, datasets, notes = None, None, []
    if isinstance(xmp, bytes) and xmp:
        packet = clean(xmp.strip(b"\0 \t\r\n"))
        if packet is None:
            notes.append("its XMP is damaged and left out")
    if isinstance(iptc, bytes) and iptc:
        datasets = _clean_iptc(iptc)
        if datasets is None:
            notes.append("its IPTC is damaged and left out")
    return Captions(packet, datasets or None, tuple(notes))


def _clean_iptc(datasets: bytes) -> bytes | None:
    parts, at = [], 0
    while at < len(datasets) and datasets[at] == _DATASET:
        if at + 5 > len(datasets):
            return None
        record, number, length = struct.unpack_from(">BBH", datasets, at + 1)
        start = at + 5
        if length & 0x8000:  # so many bytes hold the length itself
            width = length & 0x7FFF
            length = int.from_bytes(datasets[start : start + width], "big")
            start += width
        if start + length > len(datasets):
            return None
        if not (record == _APPLICATION and number in _PREVIEWS):
            parts.append(datasets[at : start + length])
        at = start + length
    return b"".join(parts)


def datasets_in(resources: bytes) -> bytes:
    """The IPTC datasets among Photoshop's resources, or what is no resource as it is.

    Raises:
        struct.error: the resources end in the midst of one.
    """
    at = len(_PHOTOSHOP) if resources.startswith(_PHOTOSHOP) else 0
    while resources[at : at + 4] == b"8BIM":
        kind, name = struct.unpack_from(">HB", resources, at + 4)
        at += 6 + name + 1 + (name + 1) % 2
        (length,) = struct.unpack_from(">I", resources, at)
        if kind == _RESOURCE:
            return resources[at + 4 : at + 4 + length]
        at += 4 + length + length % 2
    return b"" if at else resources


def app13(iptc: bytes | None) -> bytes:
    """A JPEG's segment of IPTC datasets; empty if there are none, or too many for one."""
    if not iptc:
        return b""
    resource = b"8BIM" + struct.pack(">H2xI", _RESOURCE, len(iptc)) + iptc + bytes(len(iptc) % 2)
    body = _PHOTOSHOP + resource
    if len(body) > _LONGEST_SEGMENT:
        return b""
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body
