from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from impasto import imaging
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "large.md"


def test_the_page_about_large_pictures_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    photo = np.random.default_rng(0).random((400, 600, 3), np.float32)
    imaging.write("photo.tif", photo)
    run_python(PAGE)
    there = imaging.read("painted.png").pixels.astype(int)
    assert np.abs(there - (255 - np.rint(photo * 255))).max() <= 1
    assert (tmp_path / "painted_zoom" / "index.html").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {
        "photo.tif",
        "painted.png",
        "painted_zoom",
    }
