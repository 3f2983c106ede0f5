from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from impasto import samples
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "python.md"


def test_the_page_about_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(samples.content("chelsea"), "photo.jpg")
    shutil.copy(samples.style("swirls"), "painting.jpg")
    run_python(PAGE)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"painted.png", "preview-3.png", "preview-6.png", "run.safetensors"} <= names
