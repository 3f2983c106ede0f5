from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook.ipynb"


def cells() -> list[dict[str, Any]]:
    book: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    listed: list[dict[str, Any]] = book["cells"]
    return listed


def test_the_cells_of_the_notebook_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for cell in cells():
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            exec(source.replace("size=192", "size=64"), names)
    assert names["result"]._repr_png_().startswith(b"\x89PNG")
    assert "step 40 of 40" in capsys.readouterr().out
    assert Image.open("losses.png").width > 500
    assert Image.open("painted.png").size == names["bolder"].picture.size == (64, 43)


def test_the_notebook_holds_no_outputs_and_is_small() -> None:
    assert all(not cell.get("outputs") for cell in cells())
    assert len({cell["id"] for cell in cells()}) == len(cells())
    assert NOTEBOOK.stat().st_size < 5000
