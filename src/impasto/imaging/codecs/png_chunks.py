"""What a PNG says beside its pixels, read chunk by chunk; and the pixels alone, for Pillow.

Pillow refuses a picture for a text or a profile that unpacks to more than a megabyte, and does not
know cICP. So it gets the chunks that pixels need, and the others are read here, where a broken one
costs no more than itself. Source: PNG, third edition (W3C, 2025), sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from impasto.imaging.codecs.captions import datasets_in
from impasto.imaging.codecs.file_bytes import Bytes, Span
from impasto.settings.embedded import KEYWORD, itxt

__all__ = [
    "BEHIND_HEADER",
    "INCH_M",
    "SIGNATURE",
    "Ancillary",
    "chunk",
    "lean",
    "read",
    "texts",
    "with_recipe",
    "with_texts",
]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BEHIND_HEADER = len(SIGNATURE) + 25  # where the chunk behind IHDR begins
PIXELS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
LONGEST_TEXT = 64 * 2**20  # unpacked, in all: more than any profile and XMP packet have
INCH_M = 0.0254
XMP = b"XML:com.adobe.xmp"
RAW_PROFILE = b"Raw profile type "
# Keywords of a text (PNG, 11.3.3.2) and the EXIF tags that mean the same.
TEXTS = {b"Author": 315, b"Copyright": 33432, b"Description": 270}
APP1_XMP = b"http://ns.adobe.com/xap/1.0/\0"


@dataclass
class Ancillary:
    """What the chunks beside the pixels say.

    Attributes:
        bits: of a sample.
        cicp: colour primaries, transfer function, matrix and range, as ITU-T H.273 numbers them.
        icc: the unpacked profile.
        srgb: whether the colours are sRGB by the sRGB chunk.
        gamma: the exponent of the encoding; 1 is linear light.
        chromaticities: white, red, green and blue as (x, y) pairs.
        exif: an EXIF block.
        xmp: an XMP packet.
        iptc: IPTC datasets.
        texts: what it says by the keywords of `TEXTS`, by the EXIF tag that means the same, UTF-8.
        dpi: pixels per inch, across and down.
        pictures: of an animation, how many it has.
        damaged: names of chunks that cannot be read and were left out.
        left: bytes that may still be unpacked.
    """

    bits: int = 8
    cicp: tuple[int, int, int, int] | None = None
    icc: bytes | None = None
    srgb: bool = False
    gamma: float | None = None
    chromaticities: tuple[tuple[float, float], ...] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    texts: dict[int, bytes] = field(default_factory=dict)
    dpi: tuple[float, float] | None = None
    pictures: int = 1
    damaged: tuple[str, ...] = ()
    left: int = LONGEST_TEXT


def lean(data: Bytes) -> list[Span]:
    """What of the file its pixels need; all from where it stops making sense."""
    spans, end = [(0, len(SIGNATURE))], len(SIGNATURE)
    for name, start, stop in _chunks(data):
        end = stop + 4
        if name not in PIXELS:
            continue
        if spans[-1][1] == start - 8:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start - 8, end))
    return [*spans, (end, len(data))]


def read(data: Bytes) -> Ancillary:
    """Everything else that the file says."""
    ancillary = Ancillary()
    for name, start, stop in _chunks(data):
        reader = _READERS.get(name)
        if reader is None:
            continue
        try:
            reader(ancillary, data[start:stop])
        except (ValueError, IndexError, struct.error, zlib.error, UnicodeDecodeError):
            damaged = (*ancillary.damaged, name.decode("latin-1"))
            ancillary.damaged = tuple(dict.fromkeys(damaged))
    return ancillary


def _chunks(data: Bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of each chunk that is there as a whole."""
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if at + 12 + length > len(data) or not name.isalpha():
            return
        yield name, at + 8, at + 8 + length
        at += 12 + length
        if name == b"IEND":
            return


def with_texts(data: bytes, xmp: bytes | None, recipe: str | None) -> bytes:
    """A PNG with an XMP packet and a recipe behind its header.

    Args:
        data: without either.
        xmp, recipe: None for none.
    """
    return data[:BEHIND_HEADER] + texts(xmp, recipe) + data[BEHIND_HEADER:]


def texts(xmp: bytes | None, recipe: str | None) -> bytes:
    """The chunks of an XMP packet and a recipe; empty for neither."""
    bodies = [] if xmp is None else [XMP + bytes(5) + xmp]  # not packed, in no language
    bodies += [] if recipe is None else [itxt(recipe)]
    return b"".join(chunk(b"iTXt", body) for body in bodies)


def with_recipe(data: bytes, recipe: str) -> bytes:
    """A PNG with this recipe in place of the one it has, if it has one."""
    for name, start, stop in _chunks(data):
        if name == b"iTXt" and data[start:stop].startswith(KEYWORD + b"\0"):
            data = data[: start - 8] + data[stop + 4 :]
            break
    return with_texts(data, None, recipe)


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk with its length and its checksum."""
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))


def _unpacked(into: Ancillary, packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(packed, max(1, into.left))
    into.left -= len(text)
    if not unpacker.eof:
        raise ValueError("too long, or cut")
    return text


def _ihdr(into: Ancillary, body: bytes) -> None:
    into.bits = body[8]


def _cicp(into: Ancillary, body: bytes) -> None:
    primaries, transfer, matrix, full_range = struct.unpack(">4B", body)
    into.cicp = primaries, transfer, matrix, full_range


def _iccp(into: Ancillary, body: bytes) -> None:
    name_end = body.index(b"\0")
    into.icc = _unpacked(into, body[name_end + 2 :])


def _srgb(into: Ancillary, _body: bytes) -> None:
    into.srgb = True


def _gama(into: Ancillary, body: bytes) -> None:
    (gamma,) = struct.unpack(">I", body)
    if not gamma:
        raise ValueError("gamma")
    into.gamma = gamma / 100_000


def _chrm(into: Ancillary, body: bytes) -> None:
    numbers = [number / 100_000 for number in struct.unpack(">8I", body)]
    into.chromaticities = tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _actl(into: Ancillary, body: bytes) -> None:
    (into.pictures,) = struct.unpack(">I", body[:4])


def _phys(into: Ancillary, body: bytes) -> None:
    across, down, unit = struct.unpack(">IIB", body)
    if unit == 1 and across and down:
        into.dpi = across * INCH_M, down * INCH_M


def _exif(into: Ancillary, body: bytes) -> None:
    into.exif = body


def _itxt(into: Ancillary, body: bytes) -> None:
    keyword, rest = body.split(b"\0", 1)
    is_profile = keyword.startswith(RAW_PROFILE)
    if keyword != XMP and keyword not in TEXTS and not is_profile:
        return
    packed = rest[0]
    _language, _translated, text = rest[2:].split(b"\0", 2)
    text = _unpacked(into, text) if packed else text
    if keyword == XMP:
        into.xmp = text
    elif is_profile:
        _profile(into, keyword.removeprefix(RAW_PROFILE), text)
    else:
        into.texts[TEXTS[keyword]] = text


def _ztxt(into: Ancillary, body: bytes) -> None:
    keyword, rest = body.split(b"\0", 1)
    if keyword.startswith(RAW_PROFILE):
        _profile(into, keyword.removeprefix(RAW_PROFILE), _unpacked(into, rest[1:]))
    elif keyword in TEXTS:
        into.texts.setdefault(TEXTS[keyword], _utf8(_unpacked(into, rest[1:])))


def _text(into: Ancillary, body: bytes) -> None:
    keyword, text = body.split(b"\0", 1)
    if keyword.startswith(RAW_PROFILE):
        _profile(into, keyword.removeprefix(RAW_PROFILE), text)
    elif keyword in TEXTS:
        into.texts.setdefault(TEXTS[keyword], _utf8(text))


def _utf8(latin: bytes) -> bytes:
    return latin.decode("latin-1").encode()


def _profile(into: Ancillary, kind: bytes, text: bytes) -> None:
    """What ImageMagick and exiftool write as a text, since older PNGs have no place for it."""
    block = _from_hex(text)
    if kind == b"iptc" and into.iptc is None:
        into.iptc = datasets_in(block)
    elif kind == b"xmp" or (kind == b"APP1" and block.startswith(APP1_XMP)):
        into.xmp = into.xmp or block.removeprefix(APP1_XMP)
    elif kind in (b"icc", b"icm") and into.icc is None:
        into.icc = block
    elif kind in (b"exif", b"APP1") and into.exif is None:
        into.exif = block


def _from_hex(text: bytes) -> bytes:
    """ImageMagick's way: an empty line, a name, a length, then lines of hexadecimal digits."""
    return bytes.fromhex(text.split(b"\n", 3)[3].decode("latin-1"))  # which passes over spaces


_READERS = {
    b"IHDR": _ihdr,
    b"cICP": _cicp,
    b"iCCP": _iccp,
    b"sRGB": _srgb,
    b"gAMA": _gama,
    b"cHRM": _chrm,
    b"pHYs": _phys,
    b"acTL": _actl,
    b"eXIf": _exif,
    b"iTXt": _itxt,
    b"zTXt": _ztxt,
    b"tEXt": _text,
}
