from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.film import frames
from benchmarks.film.sheet import write


def test_every_tenth_frame_has_a_row_and_six_rows_a_page(tmp_path: Path) -> None:
    films = {}
    for name, colour in {"film": (255, 0, 0), "ours": (0, 0, 255)}.items():
        films[name] = tmp_path / f"{name}.mp4"
        still = [np.full((32, 64, 3), colour, np.uint8)] * 65
        frames.write(films[name], still, Fraction(24))
    sheets = write(tmp_path / "sheets", "brook", films, longest=64)
    assert [path.name for path in sheets] == ["brook-01.png", "brook-02.png"]
    for path, rows in zip(sheets, (6, 1), strict=True):
        pixels = np.asarray(Image.open(path)).astype(int)
        for axis in (0, 2):
            ours = (pixels[..., axis] > 200) & (np.delete(pixels, axis, 2).max(-1) < 60)
            assert ours.sum() == rows * 64 * 32
