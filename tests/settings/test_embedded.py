from __future__ import annotations

import pytest

from impasto.settings.embedded import into_xmp, text_in

TEXT = 'summary = "a < b & \u201cc\u201d"\nsteps = 60\n'
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
OTHER = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="{RDF}">'
    '<r:Description r:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="image/png"/>'
    "</r:RDF></x:xmpmeta>"
).encode()


@pytest.mark.parametrize("xmp", [None, OTHER])
def test_what_goes_into_a_packet_comes_out(xmp: bytes | None) -> None:
    packet = into_xmp(xmp, TEXT)
    assert packet is not None
    assert text_in(b"before" + packet + b"after") == TEXT


def test_what_was_in_the_packet_stays() -> None:
    packet = into_xmp(OTHER, TEXT)
    assert packet is not None
    start = packet.index(b"<rdf:Description")
    end = packet.index(b"</rdf:Description>") + len(b"</rdf:Description>")
    assert packet[:start] + packet[end:] == OTHER


def test_a_packet_without_rdf_has_no_place() -> None:
    assert into_xmp(b"<x/>", TEXT) is None


def test_a_packet_that_another_program_wrote_anew_is_understood() -> None:
    elsewhere = (
        '<ns1:Description xmlns:painted="urn:impasto:painting:1"'
        ' painted:recipe="steps = 60&#xA;size = 9"/>'
    )
    assert text_in(elsewhere.encode()) == "steps = 60\nsize = 9"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"urn:impasto:painting:1",
        b'xmlns:a="urn:impasto:painting:1"><a:recipe>cut',
        b'xmlns:a="urn:impasto:painting:1"><a:recipe>\xff</a:recipe>',
        b"iTXtimpasto" + bytes(5),
        b'xmlns:a="urn:impasto:painting:1"><a:recipe>&#' + b"9" * 5000 + b";</a:recipe>",
    ],
)
def test_what_holds_none_gives_none(data: bytes) -> None:
    assert text_in(data) is None


def test_a_text_longer_than_any_recipe_is_passed_over() -> None:
    packet = into_xmp(None, "x" * 100_001)
    assert packet is not None
    assert text_in(packet) is None
