from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "python.md"
SIDE_PX = 160


def test_the_page_about_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for source, name in (
        (samples.content("chelsea"), "photo.jpg"),
        (samples.style("swirls"), "painting.jpg"),
    ):
        with Image.open(source) as picture:
            picture.thumbnail((SIDE_PX, SIDE_PX))
            picture.save(name)
    run_python(PAGE)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"painted.png", "preview-3.png", "preview-6.png", "run.safetensors"} <= names
