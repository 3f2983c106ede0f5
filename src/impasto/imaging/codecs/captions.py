"""XMP and IPTC: what is carried over of them, byte for byte.

Left behind is what would be wrong of the painting: orientation (it has been applied), pixel sizes,
the colour space, thumbnails and previews. Sources: XMP specification, part 2 (Adobe, 2016);
IPTC-NAA Information Interchange Model, version 4.2.
"""

from __future__ import annotations

import re
import struct
from typing import Any, NamedTuple
from xml.parsers import expat

__all__ = ["Captions", "app13", "carry"]

# Properties by namespace; None for all of it.
_WRONG: dict[bytes, tuple[bytes, ...]] = {
    b"http://ns.adobe.com/tiff/1.0/": (
        *(b"Orientation", b"ImageWidth", b"ImageLength", b"BitsPerSample", b"SamplesPerPixel"),
        *(b"Compression", b"PhotometricInterpretation", b"PlanarConfiguration", b"NativeDigest"),
    ),
    b"http://ns.adobe.com/exif/1.0/": (
        *(b"PixelXDimension", b"PixelYDimension", b"ColorSpace", b"NativeDigest"),
    ),
    b"http://ns.adobe.com/xap/1.0/": (b"Thumbnails",),
    b"http://ns.adobe.com/photoshop/1.0/": (b"ICCProfile", b"ColorMode"),
}
_DATASET, _APPLICATION = 0x1C, 2
_PREVIEWS = frozenset({131, 200, 201, 202})  # the way it was held, and small pictures
_RESOURCE = 0x0404  # where Photoshop's segment keeps IPTC
_LONGEST_SEGMENT = 65_533
_LONGEST_PACKET, _MOST_PREFIXES = 4 * 2**20, 8  # no program writes as much


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
        packet = _clean_xmp(xmp.rstrip(b"\0"))
        if packet is None:
            notes.append("its XMP is damaged and left out")
    if isinstance(iptc, bytes) and iptc:
        datasets = _clean_iptc(iptc)
        if datasets is None:
            notes.append("its IPTC is damaged and left out")
    return Captions(packet, datasets or None, tuple(notes))


def _clean_xmp(packet: bytes) -> bytes | None:
    if len(packet) > _LONGEST_PACKET or not _is_xml(packet):
        return None
    for namespace, names in _WRONG.items():
        declared = re.findall(rb'xmlns:([\w.-]+)\s*=\s*["\']' + namespace + rb'["\']', packet)
        for prefix in sorted(set(declared))[:_MOST_PREFIXES]:
            for name in names:
                full = re.escape(prefix + b":" + name)
                packet = re.sub(rb"\s" + full + rb'\s*=\s*("[^"]*"|\'[^\']*\')', b"", packet)
                packet = re.sub(rb"<" + full + rb"(\s[^>]*)?/>", b"", packet)
                ending = rb"</" + full + rb"\s*>"
                packet = re.sub(
                    rb"<" + full + rb"(\s[^>]*)?>.*?" + ending, b"", packet, flags=re.DOTALL
                )
    return packet if _is_xml(packet) else None


def _is_xml(packet: bytes) -> bool:
    """Whether it is well-formed, and declares no entities that could grow."""
    parser = expat.ParserCreate("utf-8")

    def refuse(*_: Any) -> None:
        raise ValueError("an entity")

    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(packet, True)
    except (expat.ExpatError, ValueError):
        return False
    return True


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


def app13(iptc: bytes | None) -> bytes:
    """A JPEG's segment of IPTC datasets; empty if there are none, or too many for one."""
    if not iptc:
        return b""
    resource = b"8BIM" + struct.pack(">H2xI", _RESOURCE, len(iptc)) + iptc + bytes(len(iptc) % 2)
    body = b"Photoshop 3.0\0" + resource
    if len(body) > _LONGEST_SEGMENT:
        return b""
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body
