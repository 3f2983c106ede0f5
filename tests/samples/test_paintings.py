"""The works of the past: what is on record, and how scans become samples."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from impasto.samples.paintings import PAINTINGS
from samples.paintings import CROPS, LONGEST, encode, painting

TERM = 70  # years after an artist's death for which a work is protected
AS_OF = 2025  # the first year in which all were free


@pytest.mark.parametrize("name", PAINTINGS)
def test_a_work_is_in_the_public_domain_and_on_record(name: str) -> None:
    work = PAINTINGS[name]
    assert work.year <= work.artist.died < AS_OF - TERM
    assert work.origin
    for words in (work.title, work.artist.name):
        assert words.en.strip()
        assert any("一" <= letter <= "鿿" for letter in words.zh)


def test_every_work_has_its_scan_and_every_scan_its_work() -> None:
    assert list(CROPS) == list(PAINTINGS)


def test_a_frame_is_cut_off_and_the_rest_made_small() -> None:
    scan = Image.new("RGB", (1020, 520), "black")
    ImageDraw.Draw(scan).rectangle((10, 10, 1009, 509), fill="red")
    picture = painting(scan, (10, 10, 1010, 510))
    assert picture.size == (LONGEST, LONGEST // 2)
    assert picture.getcolors() == [(LONGEST * LONGEST // 2, (255, 0, 0))]


def test_a_file_holds_the_picture_and_no_metadata() -> None:
    picture = Image.new("RGB", (8, 6), "white")
    picture.info["comment"] = b"scanned by Ada"
    with Image.open(io.BytesIO(encode(picture))) as opened:
        assert opened.size == (8, 6)
        assert not opened.getexif()
        assert "comment" not in opened.info
