"""`impasto letter`, as a person calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from impasto.cli import main
from impasto.settings.embedded import text_in
from tests.arrangements.letter.lettered import FONT, bar, effect, mask

FAST = ["--size", "64", "--steps", "1", "--threads", "1", "--font", FONT, "--quiet"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a style and the mask of its letters."""
    monkeypatch.chdir(tmp_path)
    Image.fromarray(effect().pixels).save("flame.png")
    Image.fromarray(mask(bar()).pixels).save("flame-text.png")
    return tmp_path


def complaint(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["letter", *arguments, *FAST]) == 2
    line = capsys.readouterr().err.removesuffix("\n")
    assert line.startswith("impasto: ")
    assert "\n" not in line
    return line


def test_words_are_painted_and_remember_how(here: Path) -> None:
    words = ["letter", "Hi", "flame.png", "--style-text", "flame-text.png"]
    assert main([*words, "-o", "out.png", *FAST]) == 0
    assert Image.open("out.png").mode == "RGBA"
    recipe = text_in((here / "out.png").read_bytes())
    assert recipe is not None
    assert 'recipe = "letter"' in recipe
    assert 'text = "Hi"' in recipe
    assert f'font = "{Path(FONT).name}"' in recipe  # and not where it lies here


def test_without_a_name_the_file_is_called_after_words_and_style(here: Path) -> None:
    assert main(["letter", "H i", "flame.png", *FAST]) == 0
    assert (here / "H-i-flame.png").exists()


def test_a_logo_stands_in_place_of_words(here: Path) -> None:
    Image.fromarray(255 - mask(bar()).pixels).save("logo.png")
    assert main(["letter", "--glyphs", "logo.png", "flame.png", *FAST]) == 0
    assert (here / "logo-flame.png").exists()


def test_a_checkpoint_goes_on_to_the_same_picture(here: Path) -> None:
    words = ["letter", "Hi", "flame.png", *FAST, "--steps", "3"]
    assert main([*words, "-o", str(here / "whole.png")]) == 0
    kept = ["--checkpoint", "c.safetensors", "--checkpoint-every", "1"]
    assert main([*words, "-o", "out.png", *kept]) == 0
    assert main(["resume", "c.safetensors", "-o", "again.png", "--quiet"]) == 0
    pictures = [Image.open(name).tobytes() for name in ("whole.png", "again.png")]
    assert pictures[0] == pictures[1]


def test_a_list_goes_into_a_folder_and_ends_with_one_if_some_failed(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "words.txt").write_text("Hi\n\U0010fffd\n")
    words = ["letter", "--list", "words.txt", "flame.png", "-o", "out", *FAST]
    assert main(words) == 1
    assert [path.name for path in (here / "out").glob("*.png")] == ["Hi.png"]
    assert "U+10FFFD" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Hi"], "Missing argument 'STYLE'"),
        (["Hi", "flame.png", "--list", "words.txt"], "give STYLE alone"),
        (["--list", "words.txt", "flame.png"], "into a folder"),
        (["\U0010fffd", "flame.png", "-o", "o.png"], "no glyph for"),
        (["  ", "flame.png", "-o", "o.png"], "no words"),
        (["Hi", "flame.png", "--looseness", "3", "-o", "o.png"], "looseness"),
        (["Hi", "none.png", "-o", "o.png"], "none.png"),
        (["--list", "w.txt", "flame.png", "-o", "o", "--film", "f.mp4"], "--film is of one"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert here.exists()
    assert told in complaint(capsys, *arguments)
