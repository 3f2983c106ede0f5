from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.training.stylizers.styles import read_styles


def saved(path: Path, size: tuple[int, int], clear: tuple[int, int] | None = None) -> Path:
    """A grey picture, at one place transparent."""
    picture = Image.new("RGBA", size, (90, 90, 90, 255))
    if clear:
        picture.putpixel(clear, (0, 255, 0, 0))
    picture.save(path)
    return path


def test_styles_are_as_large_as_they_are_learnt_at_the_most(tmp_path: Path) -> None:
    paths = [saved(tmp_path / "a.png", (1024, 512)), saved(tmp_path / "b.png", (96, 80))]
    pixels, notes = read_styles(paths)
    assert [tuple(style.shape) for style in pixels] == [(1, 3, 256, 512), (1, 3, 80, 96)]
    assert notes == ()


def test_a_style_that_is_transparent_in_places_is_told_of(tmp_path: Path) -> None:
    _, (note,) = read_styles([saved(tmp_path / "mine.png", (96, 96), clear=(3, 3))])
    assert note.endswith(
        "mine.png is transparent in places, which are learnt in the colours around"
    )


def test_a_style_without_room_for_a_stroke_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match=r"strip\.png is 512 x 34 px"):
        read_styles([saved(tmp_path / "strip.png", (900, 60))])
