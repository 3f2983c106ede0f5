from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from impasto import imaging
from impasto.imaging.codecs.png_chunks import SIGNATURE, read

PACKET, IPTC = b"<x/>", b"\x1c\x02\x78\x00\x03sea"
RESOURCES = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(IPTC)) + IPTC


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    whole = [(b"IHDR", bytes(13)), *chunks, (b"IEND", b"")]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in whole
    )


def raw(kind: bytes, block: bytes, packed: bool) -> tuple[bytes, bytes]:
    text = b"\n%b\n%8d\n%b\n" % (kind, len(block), block.hex().encode())
    keyword = b"Raw profile type " + kind + b"\0"
    return (b"zTXt", keyword + b"\0" + zlib.compress(text)) if packed else (b"tEXt", keyword + text)


@pytest.mark.parametrize("packed", [False, True])
def test_raw_profiles_are_what_their_names_say(packed: bool) -> None:
    app1 = b"http://ns.adobe.com/xap/1.0/\0" + PACKET
    assert read(png(raw(b"xmp", PACKET, packed))).xmp == PACKET
    assert read(png(raw(b"APP1", app1, packed))).xmp == PACKET
    assert read(png(raw(b"APP1", b"Exif\0\0II*\0", packed))).exif == b"Exif\0\0II*\0"
    assert read(png(raw(b"iptc", RESOURCES, packed))).iptc == IPTC
    assert read(png(raw(b"iptc", IPTC, packed))).iptc == IPTC
    assert read(png(raw(b"icc", b"a profile", packed))).icc == b"a profile"


def test_a_raw_profile_may_be_an_international_text() -> None:
    _, body = raw(b"exif", b"II*\0", packed=False)
    keyword, text = body.split(b"\0", 1)
    assert read(png((b"iTXt", keyword + bytes(5) + text))).exif == b"II*\0"


def test_texts_have_the_tags_of_exif_that_mean_the_same() -> None:
    author = "Zo\u00eb \u738b".encode()
    data = png(
        (b"tEXt", b"Copyright\0\xa9 Zo\xeb"),
        (b"iTXt", b"Author\0\1\0\0\0" + zlib.compress(author)),
        (b"zTXt", b"Description\0\0" + zlib.compress(b"a sea")),
        (b"tEXt", b"Software\0another"),
    )
    assert read(data).texts == {33432: "\u00a9 Zo\u00eb".encode(), 315: author, 270: b"a sea"}


def test_a_kind_of_damage_is_named_once() -> None:
    assert read(png(*[(b"iCCP", b"name\0\0no zlib")] * 28)).damaged == ("iCCP",)


def test_a_raw_profile_reaches_the_picture(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    kind, body = raw(b"iptc", RESOURCES, packed=True)
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    (tmp_path / "a.png").write_bytes(data[:33] + chunk + data[33:])
    assert imaging.read(tmp_path / "a.png").iptc == IPTC
