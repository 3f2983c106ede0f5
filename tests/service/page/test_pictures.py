"""Pictures that the page carries inside itself."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import numpy as np
from PIL import Image

from impasto.service.page.pictures import inlined


def shown(address: str) -> Image.Image:
    head, data = address.split(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_picture_that_is_not_there_is_nothing(tmp_path: Path) -> None:
    assert inlined(tmp_path / "preview.png") == ""


def test_a_large_picture_is_made_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (400, 200), "teal").save(tmp_path / "a.png")
    assert shown(inlined(tmp_path / "a.png", 100)).size == (100, 50)


def test_what_is_transparent_lies_on_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(tmp_path / "a.png")
    pixel = shown(inlined(tmp_path / "a.png")).getpixel((4, 4))
    assert np.abs(np.subtract(pixel, (250, 248, 243))).max() <= 2


def test_a_picture_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "preview.png"
    Image.new("RGB", (8, 8), "black").save(path)
    first = inlined(path)
    Image.new("RGB", (8, 8), "white").save(path)
    os.utime(path, ns=(1, 1))
    assert inlined(path) != first
