from __future__ import annotations

import io

import pytest
from PIL import Image

from tools import page


def test_a_row_has_a_square_for_each_picture() -> None:
    picture = page.row(
        [("left", Image.new("RGB", (30, 20), "red")), ("right", Image.new("L", (9, 9)))]
    )
    assert picture.width == page.WIDTH
    middle = picture.height // 2
    assert picture.getpixel((page.MARGIN + 5, middle)) == (255, 0, 0)
    assert picture.getpixel((page.WIDTH - page.MARGIN - 5, middle)) == (0, 0, 0)


def test_a_picture_too_heavy_is_encoded_at_lower_quality(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image.effect_noise((200, 200), 80).convert("RGB")
    heavy = len(page.encode(picture))
    monkeypatch.setattr(page, "BYTES", heavy - 1)
    lighter = page.encode(picture)
    assert len(lighter) < heavy
    assert Image.open(io.BytesIO(lighter)).size == (200, 200)
