from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto import imaging
from impasto.errors import PictureError
from impasto.imaging.codecs.colour_space import adobe_rgb
from impasto.imaging.codecs.file_bytes import stream_of
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.jpeg_segments import read


@pytest.fixture
def teal() -> bytes:
    file = BytesIO()
    Image.new("RGB", (24, 16), "teal").save(file, "JPEG")
    return file.getvalue()


def segment(app: int, body: bytes) -> bytes:
    return bytes([0xFF, 0xE0 + app]) + (len(body) + 2).to_bytes(2, "big") + body


def after_start(data: bytes, extra: bytes) -> bytes:
    return data[:2] + extra + data[2:]


@pytest.mark.parametrize(
    ("app", "body"), [(0, b"JFIF\0"), (0, b"JFIF\0\1"), (2, b"ICC_PROFILE\0\1"), (14, b"Adobe\0d")]
)
def test_a_segment_that_is_too_short_does_not_cost_the_picture(
    app: int, body: bytes, teal: bytes, tmp_path: Path
) -> None:
    (tmp_path / "plain.jpg").write_bytes(teal)
    (tmp_path / "short.jpg").write_bytes(after_start(teal, segment(app, body)))
    plain, short = (imaging.read(tmp_path / f"{name}.jpg") for name in ("plain", "short"))
    assert np.array_equal(short.pixels, plain.pixels)
    (note,) = short.notes
    assert f"its APP{app} segment is damaged and left out" in note


@pytest.mark.parametrize(
    ("app", "body"),
    [(0, b"JFXX\0"), (1, b"Exif\0\0"), (3, b""), (14, b"Adobe\0d" + bytes(5)), (2, b"MPF\0")],
)
def test_other_segments_stay(app: int, body: bytes, teal: bytes) -> None:
    data = after_start(teal, segment(app, body))
    segments = read(data)
    assert segments.lean == [(0, len(data))]
    assert segments.damaged == ()


def test_bytes_of_filling_and_lone_markers_are_passed_over(teal: bytes) -> None:
    data = after_start(teal, b"\xff\xff\xff\x01" + segment(0, b"JFIF\0"))
    segments = read(data)
    assert segments.damaged == ("APP0",)
    assert stream_of(data, segments.lean).read() == after_start(teal, b"\xff\xff\xff\x01")


@pytest.mark.parametrize(
    ("marker", "bits", "kind"),
    [
        (0xC3, 16, "a lossless JPEG of 16 bits"),
        (0xC1, 12, "a JPEG of 12 bits"),
        (0xDE, 8, "a hierarchical JPEG of 8 bits"),
    ],
)
def test_a_sound_jpeg_of_a_rare_kind_is_named(
    marker: int, bits: int, kind: str, teal: bytes, tmp_path: Path
) -> None:
    at = teal.index(b"\xff\xc0")
    data = teal[: at + 1] + bytes([marker]) + teal[at + 2 : at + 4] + bytes([bits]) + teal[at + 5 :]
    (tmp_path / "rare.jpg").write_bytes(data)
    with pytest.raises(PictureError, match=f"rare.jpg is {kind} a sample, which impasto does not"):
        imaging.read(tmp_path / "rare.jpg")


def test_more_scans_than_any_picture_needs_are_refused(teal: bytes) -> None:
    many = 501 * b"\xff\xda"
    end = teal.rindex(b"\xff\xd9")
    with pytest.raises(UnreadLayoutError, match="a JPEG of more than 500 scans"):
        read(teal[:end] + many + teal[end:])
    behind = teal + many  # what lies behind the end is another matter
    assert read(behind).lean == [(0, len(behind))]


def test_filling_without_end_costs_no_more_than_its_length(teal: bytes) -> None:
    data = teal[:2] + b"\xff" * 5_000_000 + teal[2:]
    assert read(data).damaged == ()


def test_ordinary_jpegs_are_not_refused(teal: bytes) -> None:
    progressive = BytesIO()
    Image.new("L", (24, 16)).save(progressive, "JPEG", progressive=True)
    for data in (teal, progressive.getvalue(), b"\xff\xd8", b""):
        try:
            read(data)
        except UnreadLayoutError as error:  # pragma: no cover
            pytest.fail(str(error))


def _with_profile(order: list[int], after_frame: bool) -> bytes:
    """A teal JPEG in Adobe RGB whose profile comes in two parts, in this order."""
    file, icc = BytesIO(), adobe_rgb()
    Image.new("RGB", (24, 16), "teal").save(file, "JPEG", quality=100)
    data, halves = file.getvalue(), (icc[:4000], icc[4000:])
    parts = b"".join(
        segment(2, b"ICC_PROFILE\0" + bytes([number, 2]) + halves[number - 1]) for number in order
    )
    frame = data.index(b"\xff\xc0")
    at = frame + 2 + int.from_bytes(data[frame + 2 : frame + 4], "big") if after_frame else 2
    return data[:at] + parts + data[at:]


@pytest.mark.parametrize("after_frame", [False, True])
@pytest.mark.parametrize("order", [[1, 2], [2, 1], [1, 2, 1, 2]])
def test_a_profile_counts_wherever_its_parts_lie(
    order: list[int], after_frame: bool, tmp_path: Path
) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(_with_profile(order, after_frame))
    assert read(path.read_bytes()).profile == adobe_rgb()
    red, green, _ = imaging.read(path).pixels[8, 8]
    assert red == 0
    assert green > 128  # teal of Adobe RGB is stronger than sRGB has it


def test_a_profile_of_which_a_part_is_missing_is_none() -> None:
    assert read(_with_profile([2], after_frame=False)).profile is None


@pytest.mark.parametrize("with_mark", [True, False])
def test_inks_are_inverted_where_adobe_s_mark_says_so(with_mark: bool, tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("CMYK", (24, 16), (255, 0, 0, 0)).save(file, "JPEG", quality=100)
    data = file.getvalue()
    if not with_mark:  # Pillow stores inks inverted; without the mark these are the inverse inks
        at = data.index(b"\xff\xee")
        data = data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]
    (tmp_path / "a.jpg").write_bytes(data)
    expected = (0, 255, 255) if with_mark else (0, 0, 0)
    picture = imaging.read(tmp_path / "a.jpg")
    assert np.abs(picture.pixels[8, 8].astype(int) - expected).max() <= 2


def test_xmp_that_goes_on_in_other_segments_is_noted(teal: bytes, tmp_path: Path) -> None:
    more = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32 + bytes(8) + b"<x/>"
    (tmp_path / "a.jpg").write_bytes(after_start(teal, segment(1, more)))
    (note,) = imaging.read(tmp_path / "a.jpg").notes
    assert "the part of its XMP beyond 64 KiB is left out" in note
