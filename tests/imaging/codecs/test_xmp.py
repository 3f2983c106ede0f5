from __future__ import annotations

import pytest

from impasto.imaging.codecs.xmp import clean

TIFF = b'xmlns:t="http://ns.adobe.com/tiff/1.0/"'


@pytest.mark.parametrize(
    ("packet", "cleaned"),
    [
        (b"<a %b><t:Orientation>6</t:Orientation><b/></a>", b"<a %b><b/></a>"),
        (b"<a %b><t:Orientation/><b/></a>", b"<a %b><b/></a>"),
        (b'<a %b><t:ImageWidth c=">"><d>1</d></t:ImageWidth></a>', b"<a %b></a>"),
        (b'<a %b t:Orientation="6" b=">"/>', b'<a %b b=">"/>'),
        (b"<a %b b='t:Orientation=\"6\"'/>", b"<a %b b='t:Orientation=\"6\"'/>"),
        (b"<a %b><!--<t:Orientation>--></a>", b"<a %b><!--<t:Orientation>--></a>"),
        (b"<a %b><t:Make>C</t:Make></a>", b"<a %b><t:Make>C</t:Make></a>"),
        (b'<a %b><b xmlns:t="urn:x"><t:Orientation/></b></a>',) * 2,
    ],
)
def test_only_what_is_wrong_of_the_painting_is_cut_out(packet: bytes, cleaned: bytes) -> None:
    assert clean(packet % TIFF) == cleaned % TIFF


def test_whatever_prefix_it_has() -> None:
    packet = b'<a xmlns="http://ns.adobe.com/exif/1.0/"><ColorSpace>1</ColorSpace></a>'
    assert clean(packet) == b'<a xmlns="http://ns.adobe.com/exif/1.0/"></a>'


@pytest.mark.parametrize("packet", [b"", b"<a>", b"\xff", b'<!DOCTYPE a [<!ENTITY e "e">]><a/>'])
def test_what_is_no_packet_is_none(packet: bytes) -> None:
    assert clean(packet) is None


def test_many_openings_in_a_comment_cost_no_more_than_their_length() -> None:
    inside = b"<t:Orientation>" * 200_000
    packet = b"<a " + TIFF + b"><!--" + inside + b"--></a>"
    assert clean(packet) == packet
