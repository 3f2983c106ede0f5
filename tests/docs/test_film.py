"""What the page about films tells people to type, typed."""

from __future__ import annotations

import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from impasto import samples
from impasto.cli import main
from impasto.media.film import CODECS, probe
from tests.films import card, even_times, make_film
from tests.workflows.film.conftest import smears  # noqa: F401 - a fixture
from tools.blocks import code_blocks, run_python

PAGE = Path(__file__).parents[2] / "docs" / "film.md"


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in with a small film and two small paintings."""
    monkeypatch.chdir(tmp_path)
    rate = Fraction(10)
    make_film(
        tmp_path / "film.mp4",
        pictures=[card(n) for n in range(20)],
        times=even_times(20, rate),
        sounds=["aac"],
    )
    for name, style in (("painting.jpg", "swirls"), ("other.jpg", "woodcut")):
        with Image.open(samples.style(style)) as picture:
            picture.thumbnail((96, 96))
            picture.save(name)
    left = Image.new("L", (64, 48), 0)
    left.paste(255, (0, 0, 32, 48))
    left.save("left.png")
    ImageOps.invert(left).save("right.png")
    make_film(
        tmp_path / "matte.mp4", pictures=[card(n) for n in range(20)], times=even_times(20, rate)
    )
    return tmp_path


@pytest.mark.usefixtures("smears")
def test_every_command_of_the_page_does_what_it_says() -> None:
    lines = [line for _, block in code_blocks(PAGE, "sh") for line in block.splitlines()]
    commands = [shlex.split(line)[1:] for line in lines if line.startswith("impasto ")]
    assert len(commands) == 6
    for words in commands:
        assert main([*words, "-q"]) == 0, words
        assert probe(words[words.index("-o") + 1]).sounds == 1
    assert probe("part.mp4").frames == 12
    assert probe("part.mp4").width == 48


@pytest.mark.usefixtures("smears")
def test_the_python_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    run_python(PAGE)
    assert probe("again.mp4").frames == 20
    assert capsys.readouterr().out.splitlines()[-1].startswith("FilmFinished(")


def test_the_contents_are_the_chapters() -> None:
    page = PAGE.read_text()
    contents = re.findall(r"^- \[(.+)\]\(#", page, re.MULTILINE)
    assert contents == re.findall(r"^## (.+)$", page, re.MULTILINE)


@pytest.mark.parametrize("codec", [name for name in CODECS if name != "h264"])
def test_the_table_says_which_files_hold_a_codec(codec: str) -> None:
    (row,) = re.findall(rf"^\| (.+) with `--codec {codec}`", PAGE.read_text(), re.MULTILINE)
    assert set(re.findall(r"`(\.\w+)`", row)) == set(CODECS[codec].suffixes)
