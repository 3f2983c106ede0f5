"""XMP packets: what is wrong of the painting is cut out of one, every other byte stays.

Source: XMP specification, parts 1 and 2 (Adobe, 2012 and 2016).
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

from impasto.settings import embedded

__all__ = ["clean"]

_TIFF, _EXIF = "http://ns.adobe.com/tiff/1.0/", "http://ns.adobe.com/exif/1.0/"
_PHOTOSHOP = "http://ns.adobe.com/photoshop/1.0/"
_WRONG = {
    (namespace, name)
    for namespace, names in {
        _TIFF: "Orientation ImageWidth ImageLength BitsPerSample SamplesPerPixel Compression "
        "PhotometricInterpretation PlanarConfiguration NativeDigest",
        _EXIF: "PixelXDimension PixelYDimension ColorSpace NativeDigest",
        "http://ns.adobe.com/xap/1.0/": "Thumbnails",
        _PHOTOSHOP: "ICCProfile ColorMode",
        embedded.NAMESPACE.decode(): embedded.PROPERTY.decode(),
        "http://ns.adobe.com/xmp/note/": "HasExtendedXMP",  # that part stays behind
    }.items()
    for name in names.split()
}
_LONGEST_PACKET = 4 * 2**20  # no program writes as much
_TAG = re.compile(rb"<(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")
_ATTRIBUTE = re.compile(rb"\s+([\w.:-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")


def clean(packet: bytes) -> bytes | None:
    """The packet without orientation, sizes, colour space, thumbnails and an earlier recipe.

    Args:
        packet: as the file holds it.

    Returns:
        None if it is no well-formed UTF-8, declares entities or is longer than 4 MB.

    Example:
        >>> tiff = b'xmlns:t="http://ns.adobe.com/tiff/1.0/"'
        >>> clean(b"<a " + tiff + b' t:Orientation="6" t:Make="C"/>').partition(b"/1.0/")[2]
        b'" t:Make="C"/>'
    """
    if len(packet) > _LONGEST_PACKET:
        return None
    cuts = _Cuts(packet)
    try:
        cuts.parser.Parse(packet, True)
    except (expat.ExpatError, ValueError):
        return None
    parts, at = [], 0
    for start, end in sorted(cuts.ranges):
        if start >= at:
            parts.append(packet[at:start])
            at = end
    return b"".join([*parts, packet[at:]])


class _Cuts:
    """Ranges of bytes that belong to what is wrong, gathered while a packet is parsed."""

    def __init__(self, packet: bytes) -> None:
        self.ranges: list[tuple[int, int]] = []
        self._packet = packet
        self._scopes: dict[str, list[str]] = {}
        self._open: list[int | None] = []  # where an element that is cut begins
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartNamespaceDeclHandler = self._declare
        self.parser.EndNamespaceDeclHandler = self._forget
        self.parser.EntityDeclHandler = self._refuse

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._scopes.setdefault(prefix or "", []).append(uri or "")

    def _forget(self, prefix: str | None) -> None:
        self._scopes[prefix or ""].pop()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        is_wrong = _split(name) in _WRONG
        self._open.append(at if is_wrong else None)
        if is_wrong or not any(_split(each) in _WRONG for each in attributes):
            return
        tag = _TAG.match(self._packet, at)
        for attribute in _ATTRIBUTE.finditer(tag[0]) if tag else ():
            prefix, _, local = attribute[1].decode().rpartition(":")
            scope = self._scopes.get(prefix)
            if scope and (scope[-1], local) in _WRONG:
                self.ranges.append((at + attribute.start(), at + attribute.end()))

    def _end(self, _name: str) -> None:
        start = self._open.pop()
        if start is None:
            return
        tag = _TAG.match(self._packet, start)
        if tag is not None and not tag[0].endswith(b"/>"):
            tag = _TAG.match(self._packet, self.parser.CurrentByteIndex)
        if tag is None:
            raise ValueError("a tag that the parser alone understands")
        self.ranges.append((start, tag.end()))

    def _refuse(self, *_: Any) -> None:
        raise ValueError("an entity, which could grow")


def _split(name: str) -> tuple[str, str]:
    """A name as expat gives it: its namespace and the rest."""
    namespace, _, local = name.rpartition(" ")
    return namespace, local
