from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.cli import main


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPASTO_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    for name, colour in {"sea": (20, 40, 200), "sand": (220, 190, 120)}.items():
        Image.fromarray(np.full((64, 64, 3), colour, np.uint8)).save(f"{name}.png")
    return tmp_path


def test_pictures_are_added_listed_found_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library", "add", "sea.png", "sand.png"]) == 0
    assert capsys.readouterr().out.split() == ["sea", "sand"]
    assert main(["library", "add", "sea.png", "--title", "North Sea"]) == 0
    assert capsys.readouterr().out == "sea (was there)\n"
    assert main(["library", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["sand", "sea"]
    assert "North Sea  [blue 100%" in lines[1]
    assert main(["library", "list", "not blue"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split()[1] == "sand"
    assert main(["library", "list", "blue", "north"]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0].split()[1] == "sea"
    assert "looked for in titles: north; wishes are: red, " in told.err
    assert main(["library", "list", "blue", "--bundled", "--limit", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["library", "remove", "sea"]) == 0
    assert capsys.readouterr().out == "sea is removed\n"


def test_what_is_left_out_is_told_and_ends_with_2(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "bad.png").write_bytes(b"no picture")
    assert main(["library", "add", "bad.png", "sea.png"]) == 2
    told = capsys.readouterr()
    assert told.out == "sea\n"
    assert "bad.png is left out: " in told.err


def test_alone_it_says_what_it_can(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["library"]) == 0
    shown = capsys.readouterr().out
    assert "add" in shown
    assert "remove" in shown
