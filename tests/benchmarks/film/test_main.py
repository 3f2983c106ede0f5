from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks.film import contenders
from benchmarks.film.__main__ import main

COPY = "import shutil, sys; shutil.copy(*sys.argv[1:])"


@pytest.fixture
def command(films: Path, judge_file: Path, texture: Any, tmp_path: Path) -> list[str]:
    Image.fromarray(texture(64, 64, 9)).save(tmp_path / "great-wave.png")
    options = {
        "--clips": films,
        "--styles": tmp_path / "great-wave.png",
        "--judge": judge_file,
        "--work": tmp_path / "work",
        "--out": tmp_path / "film.json",
        "--size": 64,
        "--seconds": 12,
    }
    return [str(part) for pair in options.items() for part in pair]


@pytest.fixture
def copiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contenders that paint nothing, in place of ours and of each frame alone."""

    def copy(film: Path, style: Path, out: Path) -> list[str]:
        assert style.exists()
        return [sys.executable, "-S", "-c", COPY, str(film), str(out)]

    def both(*_: Any) -> dict[str, contenders.Contender]:
        return {name: contenders.Contender(name, copy) for name in ("alone", "one-pass")}

    monkeypatch.setattr(contenders, "contenders", both)


@pytest.mark.usefixtures("copiers")
def test_all_clips_are_painted_measured_and_shown(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = ["brook", "card", "long"]
    assert main([*command, "--only", "alone", "one-pass", "--take", *taken]) == 0
    results = json.loads((tmp_path / "film.json").read_text())
    clips = {clip["clip"]: clip["films"] for clip in results["clips"]}
    assert list(clips) == taken
    assert clips["card"]["one-pass"]["ghost"]["1"] == pytest.approx(0, abs=0.1)
    assert clips["long"]["one-pass"]["drift"]["L"][0] == pytest.approx(0, abs=3)
    assert clips["brook"]["one-pass"]["cost"]["seconds"] > 0
    # Both copied the clip, so that every ratio is 1.
    known = {ratio for ratio in results["over_alone"]["one-pass"].values() if ratio is not None}
    assert known == {1.0}
    assert (tmp_path / "work" / "sheets" / "brook-01.png").exists()
    assert "| card | one-pass |" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (["--only", "alon"], "'alon' is not a contender; did you mean 'alone'?"),
        (["--only", "peer"], "no --peer is given"),
        (["--size", "0"], "--size is 0: it must be above 0"),
        (["--styles", "candy.jpg", "--only", "alone"], "candy.jpg is no style that is held out"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_painted(
    command: list[str],
    more: list[str],
    wrong: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*command, *more]) == 2
    assert wrong in capsys.readouterr().err
    assert not (tmp_path / "work").exists()
