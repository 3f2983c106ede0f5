from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from impasto import imaging
from impasto.imaging.codecs.captions import carry

XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:e="http://ns.adobe.com/exif/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" tiff:Orientation="6" xmp:Rating='5'
 e:ColorSpace="65535"><dc:creator><rdf:Seq><rdf:li>Zoë Müller 山田</rdf:li></rdf:Seq></dc:creator>
<tiff:ImageWidth>4000</tiff:ImageWidth><e:PixelYDimension/>
<xmp:Thumbnails><rdf:Alt><rdf:li>/9j/4AAQ</rdf:li></rdf:Alt></xmp:Thumbnails>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def dataset(number: int, data: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, 2, number, len(data)) + data


IPTC = dataset(80, "Zoë".encode("latin-1")) + dataset(202, b"preview") + dataset(120, b"A sea.")


def test_what_would_be_wrong_of_the_painting_goes_and_all_else_stays() -> None:
    packet = carry(XMP, None).xmp
    assert packet is not None
    for word in (b"Orientation", b"ImageWidth", b"PixelYDimension", b"ColorSpace", b"Thumbnails"):
        assert word not in packet
    assert "Zoë Müller 山田".encode() in packet
    assert b"xmp:Rating='5'" in packet


def test_previews_go_and_captions_stay() -> None:
    assert carry(None, IPTC).iptc == dataset(80, b"Zo\xeb") + dataset(120, b"A sea.")


@pytest.mark.parametrize(
    "packet",
    [
        b"<x>",
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
        XMP[:-40],
        XMP.decode().encode("utf-16"),
        b"\xff\xfe",
    ],
)
def test_a_broken_packet_is_left_out_and_named(packet: bytes) -> None:
    assert carry(packet, None) == (None, None, ("its XMP is damaged and left out",))


def test_datasets_that_end_early_are_left_out_and_named() -> None:
    assert carry(None, IPTC[:-3]).notes == ("its IPTC is damaged and left out",)
    assert carry("no bytes", 7) == (None, None, ())


@pytest.mark.parametrize("source", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize(
    ("target", "bits"),
    [(".jpg", 8), (".png", 8), (".png", 16), (".webp", 8), (".tif", 8), (".tif", 16)],
)
def test_they_travel_through_any_pair_of_formats(
    source: str, target: str, bits: int, tmp_path: Path
) -> None:
    pixels = np.full((20, 30, 3), 0.5, np.float32)
    image, path = Image.new("RGB", (30, 20), "grey"), tmp_path / f"photo{source}"
    if source == ".png":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode(), "", "", zip=True)
        image.save(path, pnginfo=info)
    elif source == ".tif":
        imaging.write(path, pixels, xmp=XMP, iptc=IPTC)
    else:
        image.save(path, xmp=XMP)
    photo = imaging.read(path)
    painted = tmp_path / f"painted{target}"
    imaging.write(painted, pixels, bits=bits, **photo.metadata)
    again = imaging.read(painted)
    assert again.notes == ()
    assert again.xmp == photo.xmp == carry(XMP, None).xmp
    if source == ".tif" and target in (".jpg", ".tif"):
        assert again.iptc == carry(None, IPTC).iptc


def test_a_jpeg_written_by_others_gives_its_captions(tmp_path: Path) -> None:
    from impasto.imaging.codecs.captions import app13

    path = tmp_path / "press.jpg"
    Image.new("RGB", (30, 20)).save(path, extra=app13(IPTC))
    assert imaging.read(path).iptc == carry(None, IPTC).iptc


def test_what_is_too_long_for_a_jpeg_is_left_out(tmp_path: Path) -> None:
    long = XMP.replace(b"<dc:creator>", b"<dc:creator>" + b" " * 70_000)
    pixels = np.zeros((20, 30, 3), np.float32)
    imaging.write(tmp_path / "a.jpg", pixels, xmp=long, iptc=dataset(120, bytes(60_000)) * 2)
    picture = imaging.read(tmp_path / "a.jpg")
    assert (picture.xmp, picture.iptc) == (None, None)
