from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from impasto import samples
from impasto.cli import demo, main
from impasto.events import Event, Started


class Painted:
    """A result whose picture is ready."""

    picture = Image.new("RGB", (8, 8))


TINY = ["--size", "128", "--steps", "2"]


def test_the_demo_writes_what_it_promises_and_prints_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pictures"
    assert main(["demo", "--out", str(out), *TINY]) == 0
    streams = capsys.readouterr()
    names = ["rocket-starry-night.png", "losses.png", "log.jsonl", "contact-sheet.jpg"]
    *lines, _, now, _ = streams.out.splitlines()
    assert [line.split("  ")[0] for line in lines] == [str(out / name) for name in names]
    assert now == "Now yours:"
    assert {path.name for path in out.iterdir()} == set(names)
    with Image.open(out / names[0]) as picture:
        assert max(picture.size) == 128
    styles = samples.HIGHLIGHTS[1:]
    count = 1 + len(styles)
    said = [line for line in streams.err.splitlines() if not line.startswith("note: ")]
    assert said[0].startswith(f"{count} pictures: ")  # too small for a word about the time
    pairs = ["rocket in starry-night", *(f"chelsea in {style}" for style in styles)]
    assert said[1:] == [f"{n} of {count}: {pair}" for n, pair in enumerate(pairs, 1)]


def test_the_demo_says_at_its_start_how_long_all_of_it_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def paint(_run: object, _outputs: object, *, on_event: Callable[[Event], None]) -> int:
        on_event(Started(100, predicted_s=60.0))
        return 1

    monkeypatch.setattr("impasto.cli.session.paint", paint)
    # Seven cells of 3/7 of the size and half the steps: about a tenth of the work each.
    assert main(["demo", "--out", str(tmp_path), "--size", "896", "--steps", "100"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("8 pictures, which take about 2 min in all: ")
    assert said[1] == "1 of 8: rocket in starry-night"


def test_a_folder_that_cannot_be_made_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["demo", "--out", str(tmp_path / "file" / "pictures"), *TINY]) == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    assert "name a folder you can write to with --out" in line


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_sheet_is_painted_keeps_the_rest(
    number: int,
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def signal_itself(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)

    monkeypatch.setattr("impasto.painting.stylize", signal_itself)
    assert main(["demo", "--out", str(tmp_path), *TINY]) == code
    sheet = tmp_path / "contact-sheet.jpg"
    last = capsys.readouterr().err.splitlines()[-1]
    assert last == f"stopped: {sheet} is not written, all else is"
    names = {"rocket-starry-night.png", "losses.png", "log.jsonl"}
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.parametrize("folder", [".venv/bin", "my tools"])
def test_the_demo_ends_with_a_command_that_can_be_pasted(
    folder: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [f"{folder}/impasto"])
    monkeypatch.setattr("impasto.painting.stylize", lambda *_, **__: Painted)
    assert main(["demo", "--out", "pictures", *TINY]) == 0
    program, *words = shlex.split(capsys.readouterr().out.splitlines()[-1])
    assert program == f"{folder}/impasto"
    assert words == ["stylize", "YOUR-PHOTO.jpg", "YOUR-PAINTING.jpg", "-o", "painted.png"]


def test_the_command_is_short_where_the_shell_finds_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "impasto"
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(script)])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert demo._program() == "impasto"
    monkeypatch.setenv("PATH", "/nowhere")
    assert demo._program() == str(script)


def test_a_process_that_no_script_started_is_called_by_its_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["/somewhere/impasto/__main__.py"])
    monkeypatch.setattr(sys, "executable", "/my python")
    assert demo._program() == "'/my python' -m impasto"
