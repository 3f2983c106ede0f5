from __future__ import annotations

import pytest

from impasto.imaging.codecs.captions import carry
from impasto.imaging.codecs.directories import ASCII, EXIF, MAKER_NOTE, Directory, Field, serialise
from impasto.imaging.codecs.exif import MARK
from impasto.imaging.codecs.metadata import Metadata
from impasto.settings.embedded import into_xmp


def block(note: int = 0, artist: int = 2) -> bytes:
    photo = {EXIF: Directory("<", {MAKER_NOTE: Field(7, note, bytes(note))})} if note else {}
    fields = {315: Field(ASCII, artist, b"A" * (artist - 1) + b"\0")}
    return MARK + serialise(Directory("<", fields, photo))


IPTC = b"\x1c\x02\x78\x00\x03sea"


def test_what_fits_stays_as_it_is() -> None:
    whole = Metadata(block(), b"<x/>", IPTC)
    for kind in ("JPEG", "TIFF"):
        assert whole.fitted(kind) == (whole, ())


@pytest.mark.parametrize("kind", ["PNG", "WebP", "HEIC"])
def test_what_a_format_has_no_place_for_is_named(kind: str) -> None:
    fitted, sentences = Metadata(block(), b"<x/>", IPTC).fitted(kind)
    assert fitted == Metadata(block(), b"<x/>")
    assert sentences == (
        f"{kind} holds no IPTC (caption, keywords, author): the photograph's is left out; "
        ".jpg or .tif would keep it",
    )


def test_of_a_long_exif_a_jpeg_keeps_all_but_the_makers_part() -> None:
    fitted, (sentence,) = Metadata(block(note=70_000)).fitted("JPEG")
    assert fitted.exif is not None
    assert b"A\0" in fitted.exif
    assert len(fitted.exif) < 200
    assert sentence.startswith("the camera maker's private part of the EXIF is too long for a JPEG")


def test_the_longest_packet_that_a_jpeg_holds_is_kept() -> None:
    for length, fits in ((65_504, True), (65_505, False)):
        fitted, _ = Metadata(xmp=b"x" * length).fitted("JPEG")
        assert (fitted.xmp is not None) == fits


def test_what_is_too_long_for_a_jpeg_is_named() -> None:
    many = IPTC[:3] + (30_000).to_bytes(2, "big") + bytes(30_000)
    iptc = carry(None, many * 3).iptc
    fitted, sentences = Metadata(block(artist=70_000), b"x" * 70_000, iptc).fitted("JPEG")
    assert fitted == Metadata()
    assert [sentence.split(" is ")[0] for sentence in sentences] == [
        "the EXIF",
        "the XMP",
        "the IPTC",
    ]


def test_a_recipe_has_its_place_in_every_format_but_one() -> None:
    whole = Metadata(recipe="steps = 60")
    for kind in ("JPEG", "PNG", "WebP", "TIFF", "HEIC"):
        assert whole.fitted(kind) == (whole, ())
    fitted, (sentence,) = whole.fitted("BMP")
    assert fitted == Metadata()
    assert sentence == "BMP holds no recipe: how it was painted is not in the file"


def test_where_the_photographs_packet_leaves_no_room_the_recipe_gives_way() -> None:
    odd = Metadata(xmp=b"<x/>", recipe="steps = 60")
    assert odd.fitted("PNG") == (odd, ())
    fitted, (sentence,) = odd.fitted("TIFF")
    assert fitted == Metadata(xmp=b"<x/>")
    assert "no place for the recipe" in sentence
    packet = into_xmp(None, "x" * 65_000)
    long = Metadata(xmp=packet, recipe="y" * 400)
    fitted, (sentence,) = long.fitted("JPEG")
    assert fitted == Metadata(xmp=packet)
    assert "no room for the recipe in a JPEG" in sentence
    assert long.fitted("WebP") == (long, ())
