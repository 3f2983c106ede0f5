from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.media.film import Frame, SegmentWriter
from tools import film_picture

pytest.importorskip("av")


def test_a_film_and_its_painting_play_side_by_side(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_picture, "WIDE", 64)
    clip, place = tmp_path / "clip.nut", tmp_path / "both.webp"
    ramp = np.linspace(0, 255, 64 * 48 * 3).astype(np.uint8).reshape(48, 64, 3)
    with SegmentWriter(clip, (48, 64), rate=Fraction(12)) as film:
        for number in range(6):
            shifted = np.roll(ramp, number, axis=1)
            film.add(Frame(shifted, Fraction(number, 12), Fraction(1, 12)))
    film_picture.picture(clip, "swirls", place)
    with Image.open(place) as shown:
        assert shown.size == (128, 48)
        assert shown.n_frames == 6
        left, right = (np.asarray(shown.convert("RGB"))[:, side] for side in np.s_[:64, 64:])
    assert np.abs(left.astype(int) - ramp).mean() < 12
    assert np.abs(right.astype(int) - ramp).mean() > 12
