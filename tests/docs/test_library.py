"""What docs/library.md says of painters and words."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from impasto.library import WISHES
from impasto.painters import DIRECTED, NAMES, PaintSource
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "library.md"
TEXT = PAGE.read_text(encoding="utf-8")


def test_its_python_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("impasto.painters.paint", lambda _source: np.zeros((512, 640, 3)))
    run_python(PAGE)
    printed = capsys.readouterr().out.strip()
    assert printed == re.findall(r"# (paint:\S+)", TEXT)[0]


def test_every_text_of_a_painter_can_be_painted() -> None:
    for text in re.findall(r"paint:[a-z][^\s'\"`]+", TEXT):
        PaintSource.parse(text)


def test_all_painters_and_wishes_are_named() -> None:
    assert all(name in TEXT for name in NAMES)
    row = next(line for line in TEXT.splitlines() if line.startswith("| `direction`"))
    assert all(name in row for name in DIRECTED)
    table = TEXT[TEXT.index("| words | measured |") :]
    assert all(re.search(rf"\b{word}\b", table) for word in WISHES)
