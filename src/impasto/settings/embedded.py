"""A recipe inside a painting's own file: how it is written there, and found again.

A PNG has it as a text under the keyword `impasto`, every other format as a property of its XMP
packet. Neither is packed, so that it is found in the file's bytes whatever the format, as the XMP
specification means packets to be found (part 3, "Packet scanning"); no picture is decoded.
"""

from __future__ import annotations

import html
import re
from xml.sax.saxutils import escape

__all__ = ["KEYWORD", "NAMESPACE", "PROPERTY", "into_xmp", "itxt", "text_in"]

KEYWORD = b"impasto"
NAMESPACE = b"urn:impasto:painting:1"
PROPERTY = b"recipe"
LONGEST_TEXT = 100_000  # bytes, as of a recipe file
_RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IN_PNG = b"iTXt" + KEYWORD + bytes(5)  # not packed, in no language, under no translated name


def itxt(text: str) -> bytes:
    """The body of a PNG's iTXt chunk.

    Example:
        >>> itxt("steps = 60")
        b'impasto\\x00\\x00\\x00\\x00\\x00steps = 60'
    """
    return _IN_PNG.removeprefix(b"iTXt") + text.encode()


def into_xmp(xmp: bytes | None, text: str) -> bytes | None:
    """An XMP packet that has the recipe beside what was in it.

    Args:
        xmp: UTF-8, or None for a packet of the recipe alone.
        text: of the recipe.

    Returns:
        None where a packet has no place for properties: no `rdf:RDF` that ends.

    Example:
        >>> packet = into_xmp(None, "recipe = 'gatys'")
        >>> packet.count(b"<impasto:recipe>recipe = 'gatys'</impasto:recipe>")
        1
    """
    description = (
        b'<rdf:Description xmlns:rdf="%b" rdf:about="" xmlns:impasto="%b">'
        b"<impasto:%b>%b</impasto:%b></rdf:Description>"
    ) % (_RDF, NAMESPACE, PROPERTY, escape(text).encode(), PROPERTY)
    if xmp is None:
        return (
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="%b">%b</rdf:RDF></x:xmpmeta>'
        ) % (_RDF, description)
    prefix = re.search(rb"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(_RDF) + rb"[\"']", xmp)
    place = -1 if prefix is None else xmp.rfind(b"</" + prefix[1] + b":RDF")
    return None if place < 0 else xmp[:place] + description + xmp[place:]


def text_in(data: bytes) -> str | None:
    """The recipe in the bytes of a painting's file; None if there is none.

    Args:
        data: the whole file, of any format.

    Example:
        >>> text_in(into_xmp(None, "a < b\\n"))
        'a < b\\n'
        >>> text_in(b"no painting") is None
        True
    """
    start = data.find(_IN_PNG)
    if start >= 4:
        end = start + 4 + int.from_bytes(data[start - 4 : start], "big")
        return _decoded(data[start + len(_IN_PNG) : end])
    declared = data.find(NAMESPACE)
    if declared < 0:
        return None
    around = data[max(0, declared - 256) : declared + LONGEST_TEXT * 2]
    prefix = re.search(rb"xmlns:([\w.-]+)\s*=\s*[\"']" + re.escape(NAMESPACE) + rb"[\"']", around)
    if prefix is None:
        return None
    name = re.escape(prefix[1] + b":" + PROPERTY)
    element = re.search(rb"<" + name + rb">([^<]*)</" + name + rb">", around)
    attribute = re.search(name + rb"\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", around)
    found = element or attribute
    decoded = None if found is None else _decoded(b"".join(part or b"" for part in found.groups()))
    try:
        return None if decoded is None else html.unescape(decoded)
    except ValueError:  # a character's number of thousands of digits
        return None


def _decoded(body: bytes) -> str | None:
    try:
        return body.decode() if len(body) <= LONGEST_TEXT else None
    except UnicodeDecodeError:
        return None
