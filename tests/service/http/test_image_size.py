from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from impasto.service.http.image_size import image_size

KINDS = ["JPEG", "PNG", "WebP", "TIFF", "BMP", "GIF"]


def encoded(kind: str, **more: object) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(file, kind.upper(), **more)
    return file.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_the_header_tells_what_a_decoder_would(kind: str) -> None:
    assert image_size(io.BytesIO(encoded(kind)), kind) == (40, 60)


@pytest.mark.parametrize("options", [{"lossless": True}, {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}])
def test_webp_of_each_layout(options: dict[str, object]) -> None:
    assert image_size(io.BytesIO(encoded("WebP", **options)), "WebP") == (40, 60)


def test_jpeg_behind_long_segments_and_progressive() -> None:
    plain = encoded("JPEG", progressive=True)
    data = plain[:2] + 3 * (b"\xff\xe1\xff\xff" + bytes(65_533)) + b"\xff" + plain[2:]
    assert image_size(io.BytesIO(data), "JPEG") == (40, 60)


def test_heic_tells_the_whole_picture_and_not_its_tiles() -> None:
    heif = pytest.importorskip("pillow_heif")
    file = io.BytesIO()
    heif.from_pillow(Image.new("RGB", (80, 48))).save(file)
    height, width = image_size(file, "HEIC") or (0, 0)
    assert (height, width) >= (48, 80)  # what is coded may be padded; the decoder crops
    assert width <= 128


def test_big_tiff_and_both_orders() -> None:
    for order, mark in (("<", b"II"), (">", b"MM")):
        entries = struct.pack(f"{order}HHQQ", 256, 4, 1, 60 if order == "<" else 60 << 32)
        entries += struct.pack(f"{order}HHQQ", 257, 4, 1, 40 if order == "<" else 40 << 32)
        head = mark + struct.pack(f"{order}HHHQQ", 43, 8, 0, 16, 2)
        assert image_size(io.BytesIO(head + entries), "TIFF") == (40, 60)


def test_a_bitmap_from_top_to_bottom_has_a_positive_height() -> None:
    data = bytearray(encoded("BMP"))
    data[22:26] = (-40).to_bytes(4, "little", signed=True)
    assert image_size(io.BytesIO(data), "BMP") == (40, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_cut_anywhere_it_tells_the_size_or_that_it_is_cut(kind: str) -> None:
    data = encoded(kind)
    for end in range(16, min(len(data), 400)):
        assert image_size(io.BytesIO(data[:end]), kind) in (None, (40, 60)), end


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIDAT" + bytes(40)),
        ("JPEG", b"\xff\xd8\xff\xda" + bytes(40)),
        ("JPEG", b"\xff\xd8" + bytes(40)),
        ("JPEG", b"\xff\xd8" + b"\xff\xe0\0\x02" * 5000),
        ("WebP", b"RIFF\0\0\0\0WEBPJUNK" + bytes(40)),
        ("TIFF", b"II*\0\x08\0\0\0\0\0" + bytes(40)),
        ("TIFF", b"II+\0\x08\0\0\0" + b"\xff" * 40),
        ("HEIC", b"\0\0\0\x10ftypheic\0\0\0\0" + bytes(40)),
    ],
)
def test_nonsense_is_a_value_error(kind: str, data: bytes) -> None:
    with pytest.raises(ValueError):
        image_size(io.BytesIO(data), kind)


def test_a_file_of_many_bytes_is_hardly_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(encoded("PNG"))
    with path.open("r+b") as file:
        file.truncate(2_000_000_000)
    with path.open("rb") as file:
        assert image_size(file, "PNG") == (40, 60)
        assert file.tell() < 100
