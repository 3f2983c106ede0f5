from __future__ import annotations

import shlex
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import main
from impasto.cli.explore_cells import parse_vary, vary_seeds, vary_styles
from impasto.errors import MemoryShortError, SettingError, UnknownNameError
from impasto.workflows import explore_cells as exploring
from tests import warm
from tests.taught import write_taught

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
TINY = ["--size", "64", "--steps", "3"]


def arguments(folder: Path, *more: str) -> list[str]:
    return ["explore", CONTENT, STYLE, "-o", str(folder / "sheet.png"), *TINY, *more]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["strength=0.2, 0.5"], {"strength": ["0.2", "0.5"]}),
        (["--tv-weight=1", "tv_loss=l1"], {"tv_weight": ["1"], "tv_loss": ["l1"]}),
        (["weights=a.pth"], {"weights_file": ["a.pth"]}),
        (
            ["style-layers=relu1_1=2,relu2_1;relu4_1"],
            {"style_layers": ["relu1_1=2,relu2_1", "relu4_1"]},
        ),
        (["recipe=default,mine.toml"], {"recipe": ["default", "mine.toml"]}),
    ],
)
def test_what_varies_is_read(texts: list[str], expected: dict[str, list[str]]) -> None:
    assert parse_vary(texts, {}) == expected


@pytest.mark.parametrize(
    ("texts", "error", "expected"),
    [
        (["stregth=1"], UnknownNameError, "'stregth' is not a setting; did you mean 'strength'"),
        (["weight=1"], UnknownNameError, "did you mean 'weights'"),
        (["strength"], SettingError, "lacks a value: write it like --vary strength=0.2"),
        (["strength=0.2,,0.3"], SettingError, "lacks a value"),
        (["strength="], SettingError, "lacks a value"),
        (["strength=1", "strength=0"], SettingError, "strength is varied twice"),
        (["seed=1"], SettingError, "seed is varied and given"),
    ],
)
def test_what_cannot_vary_is_told(texts: list[str], error: type[Exception], expected: str) -> None:
    with pytest.raises(error, match=expected):
        parse_vary(texts, {"seed": "3"})


def test_a_sheet_is_painted_and_every_cell_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vary = ["--vary", "strength=0.2,0.8", "--vary", "style-layers=relu1_1,relu3_1;relu4_1"]
    assert main(arguments(tmp_path, *vary, "--no-upscale")) == 0
    streams = capsys.readouterr()
    sheet, *lines = streams.out.splitlines()
    with Image.open(tmp_path / "sheet.png") as picture:
        size = f"{picture.width} x {picture.height} px"
    assert sheet.startswith(f"{tmp_path / 'sheet.png'}  {size}, 4 cells, ")
    assert [line.rsplit("  ", 1)[0] for line in lines[::2]] == [
        "1  strength 0.2, style layers relu1_1,relu3_1",
        "2  strength 0.8, style layers relu1_1,relu3_1",
        "3  strength 0.2, style layers relu4_1",
        "4  strength 0.8, style layers relu4_1",
    ]
    command = f"   impasto stylize {CONTENT} {STYLE} --steps 3 --no-upscale"
    assert lines[1] == f"{command} --strength 0.2 --style-layers relu1_1,relu3_1"
    assert lines[-1] == f"{command} --strength 0.8 --style-layers relu4_1"
    assert streams.err == (
        f"drafts are in {tmp_path / 'sheet.png'}; each is replaced when it is painted\n"
    )


def test_what_is_printed_paints_the_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for source, name in ((CONTENT, "a photo.jpg"), (STYLE, "-style.jpg")):
        with Image.open(source) as picture:
            picture.save(name)
    pictures = ["--", "a photo.jpg", "woodcut", "-style.jpg"]
    line = ["explore", "--each", "--steps", "3", "--vary", "shape=48x72"]
    assert main([*line, "--vary", "upscale=no,yes", *pictures]) == 0
    told = capsys.readouterr().out.splitlines()
    commands = [row.strip() for row in told if row.startswith("   impasto ")]
    assert commands[0] == (
        "impasto stylize 'a photo.jpg' woodcut --steps 3 --shape 48x72 --no-upscale"
    )
    assert commands[-1].startswith("impasto stylize 'a photo.jpg' ./-style.jpg ")
    for command in (commands[0], commands[-1]):
        assert main(shlex.split(command)[1:]) == 0
    with Image.open("a photo-woodcut.png") as large:
        assert large.size == (72, 48)
    assert Path("a photo--style.png").exists()


def test_quiet_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments(tmp_path, "--vary", "seed=1", "-q")) == 0
    assert capsys.readouterr() == ("", "")
    assert (tmp_path / "sheet.png").exists()


@pytest.mark.parametrize("quiet", [False, True])
def test_a_cell_that_fails_is_told_with_its_reason(
    quiet: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paint = exploring.run

    def run(content: Any, style: Any, settings: Any, **more: Any) -> Any:
        if settings.tv_weight == 2:
            raise MemoryShortError("there is no room")
        return paint(content, style, settings, **more)

    monkeypatch.setattr(exploring, "run", run)
    more = ["-q"] if quiet else []
    assert main(arguments(tmp_path, "--vary", "tv-weight=1,2", *more)) == 1
    streams = capsys.readouterr()
    sentence = "2  tv weight 2  not painted: there is no room"
    assert sentence in (streams.err if quiet else streams.out.splitlines())
    assert (tmp_path / "sheet.png").exists()


BAD: dict[str, tuple[list[str], str]] = {
    "nothing": ([], "--vary"),
    "same": (["--vary", "seed=1,2"], "nothing is random with --init content"),
    "same variants": (["--variants", "2", "--init", "content"], "seed would paint the same"),
    "two places": (["--vary", "style=woodcut"], "--vary style=… names the styles already"),
    "unknown style": (["--styles", "swirls,wodcut"], "did you mean woodcut?"),
    "unknown": (["--vary", "stregth=1"], "did you mean 'strength'"),
    "value": (["--vary", "strength=0.5,7"], "strength is '7'"),
    "many": (["--vary", f"seed={','.join(map(str, range(65)))}"], "65 cells"),
    "layer": (["--vary", "style-layers=relu1_1;relu9_1"], "'relu9_1' is not a layer of slim"),
    "recipe": (["--vary", "seed=1", "--recipe", "gone.toml"], "gone.toml does not exist"),
    "format": (["--vary", "seed=1", "-o", "sheet.xyz"], "ends in '.xyz'"),
    "folder": (["--vary", "seed=1", "-o", "no/sheet.png"], "does not exist"),
    "input": (["--vary", "seed=1", "-o", STYLE], "is one of the inputs"),
    "start": (["--vary", f"init=noise,image:{STYLE}", "-o", STYLE], "is one of the inputs"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line_before_the_work(
    case: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(exploring, "run", None)
    options, expected = BAD[case]
    assert main(arguments(tmp_path, *options)) == 2
    streams = capsys.readouterr()
    assert expected in streams.err
    assert streams.err.count("\n") == 1
    assert not any(tmp_path.iterdir())


def test_styles_have_cells_of_their_own() -> None:
    every = list(samples.names("style"))
    assert vary_styles({}, ["a.jpg", "b.jpg"], None, False) == (["a.jpg", "b.jpg"], {})
    assert vary_styles({}, ["a.jpg", "b.jpg"], None, True) == ([], {"style": ["a.jpg", "b.jpg"]})
    assert vary_styles({}, [], "all", False) == ([], {"style": every})
    assert vary_styles({}, ["a.jpg"], "swirls, all", False)[1]["style"] == [
        *("a.jpg", "swirls"),
        *every,
    ]
    assert parse_vary(["style=swirls,a.jpg", "strength=1"], {})["style"] == ["swirls", "a.jpg"]
    assert parse_vary(["style=all"], {})["style"] == every
    with pytest.raises(SettingError, match=r"no style is given: .* or --styles all"):
        vary_styles({"strength": ["1"]}, [], None, True)


def test_variants_start_from_noise_unless_a_seed_shows_anyway() -> None:
    seeds = {"seed": ["0", "1", "2"]}
    assert vary_seeds({}, {}, 3) == (seeds, {"init": "noise"})
    assert vary_seeds({}, {"init": "style"}, 3) == (seeds, {"init": "style"})
    assert vary_seeds({}, {"style_loss": "sliced"}, 3) == (seeds, {"style_loss": "sliced"})
    assert vary_seeds({"init": ["blend"]}, {}, 3) == ({"init": ["blend"], **seeds}, {})
    assert vary_seeds({}, {}, None) == ({}, {})
    with pytest.raises(SettingError, match="leave seed out"):
        vary_seeds({}, {"seed": "3"}, 4)


def test_a_photograph_in_every_style_is_painted_on_a_sheet_with_a_name_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    every = samples.names("style")[-7:]
    monkeypatch.setattr(samples, "names", lambda _kind: every)
    assert main(["explore", "chelsea", "--styles", "all", *TINY]) == 0
    sheet, *lines = capsys.readouterr().out.splitlines()
    assert sheet.startswith("chelsea-sheet.png  ")
    assert lines[1::2] == [f"   impasto stylize chelsea {name} --steps 3" for name in every]


def test_a_model_that_was_taught_its_styles_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    taught = write_taught(Path("own.safetensors"))
    given = ["explore", "chelsea", "--size", "64", "-o"]
    varied = ["a.png", "--vary", f"model={taught}:blue,{taught}:red"]
    assert main([*given, *varied]) == 0
    _, *lines = capsys.readouterr().out.splitlines()
    assert lines[1::2] == [
        f"   impasto stylize chelsea --model own.safetensors:{row}" for row in ("blue", "red")
    ]
    assert main([*given, "b.png", "--model", f"{taught}:red", "--vary", "strength=0.2,0.8"]) == 0
    assert "--model own.safetensors:red --strength 0.8" in capsys.readouterr().out


def test_a_sheet_overwrites_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    taught = write_taught(Path("own.png"))
    arguments = ["explore", "chelsea", "-o", "own.png", "--model", f"{taught}:blue"]
    assert main([*arguments, "--overwrite", "--vary", "strength=0.2,0.8"]) == 2
    assert "own.png" in capsys.readouterr().err


def test_help_tells_the_size_that_cells_have(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "--help"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert "Longest side of the picture. [default: 256]" in page
    assert "[default: 512]" not in page


def test_several_styles_are_handed_on_as_a_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def run(_: Any, style: Any, *__: Any, **___: Any) -> Any:
        calls.append(style)
        raise MemoryShortError("enough")

    monkeypatch.setattr(exploring, "run", run)
    output = ["-o", str(tmp_path / "sheet.png"), "--vary", "seed=1", "-q", "--overwrite"]
    assert main(["explore", CONTENT, STYLE, *output]) == 1
    assert main(["explore", CONTENT, STYLE, CONTENT, *output]) == 1
    assert calls == [[STYLE], [STYLE], [STYLE, CONTENT], [STYLE, CONTENT]]


# Sends itself a signal from within, once a number of cells is done: the same moment every time.
PROGRAM = """
import os, sys
from impasto.cli import explore_session, main
count_cell = explore_session.ExploreProgress.count_cell
def count_and_signal(self, cell):
    count_cell(self, cell)
    if self._done == {cell}:
        os.kill(os.getpid(), {signal})
explore_session.ExploreProgress.count_cell = count_and_signal
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other there")
@pytest.mark.parametrize(
    ("number", "code", "cell", "count"),
    [
        (signal.SIGINT, 130, 1, 0),
        (signal.SIGINT, 130, 2, 0),
        (signal.SIGTERM, 143, 2, 0),
        (signal.SIGTERM, 143, 3, 1),
    ],
)
def test_a_signal_leaves_the_sheet_so_far(
    number: int, code: int, cell: int, count: int, tmp_path: Path
) -> None:
    program = PROGRAM.format(cell=cell, signal=int(number))
    command = ["-c", program, *arguments(tmp_path, "--vary", "tv-weight=1,2")]
    process = warm.run(command, capture_output=True, text=True)
    assert process.returncode == code
    assert process.stdout == ""
    last = process.stderr.splitlines()[-1]
    sheet = tmp_path / "sheet.png"
    assert last == f"stopped after {count} of 2 cells: the sheet so far is in {sheet}"
    with Image.open(sheet) as picture:
        picture.load()
    assert list(tmp_path.iterdir()) == [sheet]


def test_variants_of_one_pass_would_be_one_painting(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "chelsea", "swirls", "--variants", "3", "--fast"]) == 2
    assert "--variants would all be one painting: a network" in capsys.readouterr().err
