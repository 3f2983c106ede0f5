from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.media.film import Frame, SegmentWriter
from tools import film_picture

pytest.importorskip("av")


RAMP = np.linspace(0, 255, 64 * 48 * 3).astype(np.uint8).reshape(48, 64, 3)


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Half a second, 64 x 48 px."""
    monkeypatch.setattr(film_picture, "WIDE", 64)
    monkeypatch.setattr(film_picture, "ALONE", 64)
    path = tmp_path / "clip.nut"
    with SegmentWriter(path, (48, 64), rate=Fraction(12)) as film:
        for number in range(6):
            shifted = np.roll(RAMP, number, axis=1)
            film.add(Frame(shifted, Fraction(number, 12), Fraction(1, 12)))
    return path


def test_what_is_kept_stands_alone_in_its_painting(clip: Path, tmp_path: Path) -> None:
    place, mask = tmp_path / "kept.webp", tmp_path / "mask.png"
    left = Image.new("L", (64, 48), 0)
    left.paste(255, (0, 0, 32, 48))
    left.save(mask)
    film_picture.picture(clip, "swirls", place, mask, start=0.25)
    with Image.open(place) as shown:
        assert shown.size == (64, 48)
        assert shown.n_frames > 1
        first = np.asarray(shown.convert("RGB")).astype(int)
    apart = np.abs(first - np.roll(RAMP, 3, axis=1)).mean((0, 2))
    assert apart[:28].mean() < 12 < apart[36:].mean()


def test_a_film_and_its_painting_play_side_by_side(clip: Path, tmp_path: Path) -> None:
    place = tmp_path / "both.webp"
    film_picture.picture(clip, "swirls", place)
    with Image.open(place) as shown:
        assert shown.size == (128, 48)
        assert shown.n_frames == 6
        left, right = (np.asarray(shown.convert("RGB"))[:, side] for side in np.s_[:64, 64:])
    assert np.abs(left.astype(int) - RAMP).mean() < 12
    assert np.abs(right.astype(int) - RAMP).mean() > 12
