from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from impasto import samples
from impasto.cli import main
from impasto.settings import describe
from impasto.settings.tones import TONES
from tools.blocks import run_python

PAGE = Path(__file__).parents[2] / "docs" / "words.md"
TEXT = PAGE.read_text()


def test_the_plan_on_the_page_is_the_plan_of_its_phrase(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (shown,) = re.findall(r"```\n(三分水彩.*?)```", TEXT, re.DOTALL)
    phrase, *_ = shown.splitlines()
    assert main(["words", phrase]) == 0
    assert capsys.readouterr().out == shown.replace(" -o painted.png", "")


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("IMPASTO_LIBRARY", str(tmp_path / "library"))
    (tmp_path / "photo.jpg").write_bytes(samples.content("chelsea").read_bytes())
    import impasto

    stylize = impasto.stylize
    monkeypatch.setattr(
        impasto,
        "stylize",
        lambda *given, **more: stylize(
            *given, **more, size=48, steps=1, style_fit="stretch", upscale=True
        ),
    )
    run_python(PAGE)


def test_every_phrase_of_the_page_has_a_plan(capsys: pytest.CaptureFixture[str]) -> None:
    commands = [
        shlex.split(line, comments=True)
        for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
        for line in block.splitlines()
    ]
    phrases = [words[words.index("--text") + 1] for words in commands if "--text" in words]
    phrases += [words[2] for words in commands if words[1] == "words" and len(words) == 3]
    assert len(phrases) > 3
    for phrase in phrases:
        assert main(["words", phrase]) == 0
        assert "unknown" not in capsys.readouterr().out


def test_every_tone_and_option_of_the_page_is_there() -> None:
    (table,) = re.findall(r"## Light and colour.*", TEXT, re.DOTALL)
    assert all(f"`{tone}`" in table for tone in TONES)
    known = {setting.flag for setting in describe()} | {
        "--text",
        "--json",
        "--quiet",
        "--also",
        "--title",
        "--mask",
        "--keep",
    }
    ours = re.sub(r"`python -m [^`]*`", "", TEXT)  # benchmarks have options of their own
    assert set(re.findall(r"--[a-z][a-z-]+", ours)) <= known
