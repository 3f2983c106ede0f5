from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from samples.doodles import DOODLES
from tools import doodle_gallery
from tools.page import WIDTH


def test_each_row_is_as_high_as_its_drawing_asks_for() -> None:
    blank = Image.new("RGB", (64, 48))
    one = doodle_gallery.page([(DOODLES[0], blank)])
    two = doodle_gallery.page([(DOODLES[0], blank), (DOODLES[1], blank)])
    assert one.width == two.width == WIDTH
    assert two.height > 2 * one.height - 200


def test_the_picture_of_the_page_is_small_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doodle_gallery.main(["--size", "64", "--steps", "1", "--out", str(tmp_path)])
    assert (tmp_path / "doodle.jpg").stat().st_size <= doodle_gallery.BYTES
    assert "doodle.jpg" in capsys.readouterr().out


def test_the_picture_in_the_docs_is_small_enough() -> None:
    assert (doodle_gallery.FOLDER / "doodle.jpg").stat().st_size <= doodle_gallery.BYTES
