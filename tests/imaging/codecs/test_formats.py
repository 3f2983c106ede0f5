import pytest

from impasto.imaging.codecs.formats import (
    FORMATS,
    by_name,
    by_suffix,
    holds_16_bit,
    readable_formats,
    sniff,
    writable_suffixes,
)


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WebP"),
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
        (b"II+\x00", "TIFF"),
        (b"BM", "BMP"),
        (b"GIF87a", "GIF"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
    ],
)
def test_first_bytes_tell_the_format(head: bytes, name: str) -> None:
    kind = sniff(head.ljust(16, b"\0"))
    assert kind is not None
    assert kind.name == name


@pytest.mark.parametrize(
    "head",
    [b"%!PS-Adobe-3.0", b"%PDF-1.7", b"<svg xmlns=", b"RIFF\0\0\0\0WAVE", b"\0\0\0\x18ftypavif"],
)
def test_other_files_are_no_pictures(head: bytes) -> None:
    assert sniff(head.ljust(16, b"\0")) is None


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for kind in FORMATS for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))


def test_suffix_chooses_the_format_in_any_case() -> None:
    assert by_suffix("a/b.TIF") is by_name("TIFF")
    assert by_suffix("a/b.c/d") is None


def test_only_png_and_tiff_hold_16_bits() -> None:
    assert [kind.name for kind in FORMATS if holds_16_bit(kind.name)] == ["PNG", "TIFF"]


def test_jpeg_and_bmp_hold_no_alpha() -> None:
    assert [kind.name for kind in FORMATS if kind.writes and not kind.alpha] == ["JPEG", "BMP"]


def test_gif_is_read_and_not_written() -> None:
    assert "GIF" in readable_formats()
    assert ".gif" not in writable_suffixes()
