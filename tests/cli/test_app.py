from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from impasto import __version__
from impasto.cli import main
from impasto.cli.app import _sends_picture

HEAVY = ("torch", "PIL", "matplotlib", "numpy")


@pytest.mark.parametrize("arguments", [["--help"], ["stylize", "--help"], ["recipe", "list"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom impasto.cli import main\n"
        f"code = main({arguments!r})\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'loaded {heavy}' if heavy else code)"
    )
    process = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert process.returncode == 0, process.stderr
    assert process.stdout


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "stylize" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("former", "present"),
    [
        (["recipes"], ["recipe", "list"]),
        (["backbones"], ["backbone", "list"]),
        (["backbones", "fetch", "slim"], ["backbone", "fetch", "slim"]),
    ],
)
def test_a_name_of_the_first_release_does_the_same_and_is_not_shown(
    former: list[str], present: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(present) == 0
    expected = capsys.readouterr().out
    assert expected
    assert main(former) == 0
    assert capsys.readouterr().out == expected
    assert main(["--help"]) == 0
    page = capsys.readouterr().out
    assert f"│ {former[0]} " not in page
    assert f"│ {present[0]} " in page


def test_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"impasto {__version__}\n"


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        (
            "stylize a.jpg",
            "'STYLE': name a painting, or a sample: impasto styles, or say it in words: --text",
        ),
        ("stylize", "'CONTENT': name a photograph"),
        ("explore", "'CONTENT': name a photograph"),
        ("resume", "'FILE': impasto resume --help shows what belongs there"),
    ],
)
def test_what_is_missing_is_told_with_what_to_give(
    line: str, wish: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(line.split()) == 2
    assert capsys.readouterr().err == f"impasto: Missing argument {wish}\n"


def test_an_unknown_command_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stylise"]) == 2
    err = capsys.readouterr().err
    assert err.startswith("impasto: 'stylise' is not a command of impasto; did you mean 'stylize'?")
    assert err.count("\n") == 1
    assert "backbones" not in err  # a hidden one


def test_ctrl_c_before_the_work_ends_with_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("impasto.cli.doctor._facts", interrupt)
    assert main(["doctor"]) == 130


def test_a_file_that_looks_like_an_option_and_one_with_two_spaces_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-photo.jpg").touch()
    assert main(["stylize", "-photo.jpg", "style.jpg", "-o", "out.png"]) == 2
    assert "write ./-photo.jpg" in capsys.readouterr().err
    assert main(["stylize", "a  c.jpg", "style.jpg", "-o", "out.png"]) == 2
    assert "a  c.jpg does not exist" in capsys.readouterr().err


def test_a_long_word_that_is_no_option_is_told_in_a_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["stylize", "--nope", f"--style-layers={'a' * 300}"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("line", ["-o -", "-o-", "-qo -", "-vqo-", "--output -", "--output=-"])
def test_every_spelling_of_standard_output_is_known_before_it_is_parsed(line: str) -> None:
    assert _sends_picture(["stylize", "-", "swirls", *line.split()])


@pytest.mark.parametrize("line", ["-o ./-", "-o out.png -", "--format - -o a.png", "--output=./-"])
def test_a_dash_elsewhere_is_not_standard_output(line: str) -> None:
    assert not _sends_picture(["stylize", "photo.jpg", *line.split()])


@pytest.mark.parametrize(
    "words",
    [
        ["video", "{}.mp4", "swirls", "-o", "painted.mp4"],
        ["video", "film.mp4", "{}.jpg", "-o", "painted.mp4"],
        ["video", "film.mp4", "swirls", "-o", "{}/%04d.png"],
        ["resume", "{}.checkpoint.safetensors"],
    ],
    ids=" ".join,
)
def test_a_name_that_no_file_can_have_is_told_in_a_sentence(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([word.format("x" * 300) for word in words]) == 2
    told = capsys.readouterr().err
    assert "file name too long" in told
    assert "check the name" in told
