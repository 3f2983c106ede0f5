from __future__ import annotations

import re
from pathlib import Path

import pytest

from impasto import samples
from impasto.settings import describe
from impasto.settings.server import ServerOptions
from tests.clips import write_clip
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "clip.md"


def test_the_page_about_clip_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("transformers", reason="the extra clip is not installed")
    monkeypatch.chdir(tmp_path)
    write_clip(tmp_path / "clip")
    (tmp_path / "photo.jpg").write_bytes(samples.content("chelsea").read_bytes())
    (tmp_path / "painting.jpg").write_bytes(samples.style("swirls").read_bytes())
    run_python(PAGE)
    assert (tmp_path / "out.png").is_file()
    told = capsys.readouterr().out
    assert "impasto stylize photo.jpg " in told
    assert "CLIP finds these nearest" in told


def test_every_option_of_the_page_is_there() -> None:
    named = set(re.findall(r"--[a-z][a-z-]+", PAGE.read_text()))
    known = {setting.flag for setting in (*describe(), *describe(ServerOptions))}
    assert named <= {*known, "--text", "--server", "--cluster"}
