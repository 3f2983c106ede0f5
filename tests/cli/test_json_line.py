"""`--json`: one line for a program, whatever the end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import imaging, samples
from impasto.cli import json_line, main, painting
from impasto.cli.outputs import Outputs
from impasto.cli.session import paint
from impasto.errors import OutputError
from impasto.events import Started
from impasto.reports import Log
from impasto.settings import StyleSettings
from tests.methods.test_init import NegativeRun
from tools.blocks import code_blocks

CONTENT, STYLE = str(samples.content("chelsea")), str(samples.style("swirls"))
FAST = ["--size", "64", "--coarsest", "0", "--steps", "2", "--threads", "1", "--json"]


def only_line(text: str | bytes) -> dict[str, Any]:
    (line,) = text.splitlines()
    record: dict[str, Any] = json.loads(line)
    return record


def test_a_painting_is_told_in_one_line_with_every_note(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    small, out, log = tmp_path / "small.png", tmp_path / "out.jpg", tmp_path / "log.jsonl"
    with Image.open(CONTENT) as photo:
        photo = photo.resize((48, 32))
        photo.putalpha(200)
        photo.save(small)
    command = ["stylize", str(small), STYLE, "-o", str(out), "--log", str(log), "--seed", "7"]
    assert main([*command, "--verbose", *FAST]) == 0
    streams = capsys.readouterr()
    assert streams.err == ""
    record = only_line(streams.out)
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert record == {
        "output": str(out),
        "format": "JPEG",
        "width": 48,
        "height": 32,
        "seconds": events[-1]["seconds"],
        "method": "optimization",
        "steps": 2,
        "backbone": "slim",
        "recipe": "default",
        "seed": 7,
        "losses": events[-2]["losses"],
        "notes": [*events[0]["notes"], *events[-1]["notes"]],
    }
    assert any("small.png" in note for note in events[0]["notes"])
    assert any("JPEG holds no transparency" in note for note in events[-1]["notes"])


def test_beside_a_picture_on_standard_output_the_line_is_on_standard_error(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    command = ["stylize", CONTENT, STYLE, "--output=-", "--format", "webp", *FAST]
    assert main(command) == 0
    streams = capsysbinary.readouterr()
    assert imaging.read(streams.out).width == 64
    record = only_line(streams.err)
    assert (record["output"], record["format"]) == ("-", "WebP")


@pytest.mark.parametrize(
    ("more", "message", "code"),
    [
        (["--strength", "2"], "strength is '2': give a number from 0 to 1", 2),
        (["--strenght", "1"], "did you mean --strength?", 2),
        (["--mask", "gone.png"], "gone.png does not exist", 2),
    ],
)
@pytest.mark.parametrize("output", ["out.png", "-"])
def test_an_error_is_told_in_one_line_where_a_painting_would_be(
    output: str,
    more: list[str],
    message: str,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["stylize", CONTENT, STYLE, "-o", output, *more, *FAST]) == code
    told, silent = capsys.readouterr()[:: -1 if output == "-" else 1]
    assert silent == ""
    record = only_line(told)
    assert message in record["error"]
    assert record["exit_code"] == code
    assert not record["error"].startswith("impasto")


def test_what_is_not_foreseen_is_a_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the moon")

    monkeypatch.setattr("impasto.painting.paint", fail)
    assert main(["stylize", CONTENT, STYLE, "-o", "out.png", *FAST]) == 1
    record = only_line(capsys.readouterr().out)
    assert "RuntimeError: the moon" in record["error"]
    assert record["exit_code"] == 1


def test_ctrl_c_before_the_work_is_a_line_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("impasto.painting.paint", interrupt)
    assert main(["stylize", CONTENT, STYLE, "-o", "out.png", *FAST]) == 130
    record = only_line(capsys.readouterr().out)
    assert record == {"error": "interrupted: nothing more is written", "exit_code": 130}


def test_a_trouble_on_the_way_stands_beside_the_picture_that_was_painted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OutputError("the log cannot be written: make room")

    monkeypatch.setattr(Log, "__call__", fail)
    outputs = Outputs(tmp_path / "out.png", log=tmp_path / "log.jsonl")
    assert paint(NegativeRun(StyleSettings()), outputs, -1, as_json=True) == 2
    record = only_line(capsys.readouterr().out)
    assert record["output"] == str(tmp_path / "out.png")
    assert record["error"] == "the log cannot be written: make room"
    assert record["exit_code"] == 2
    assert (record["method"], record["steps"], record["losses"]) == ("negative", 0, None)
    assert record["backbone"] is None


@pytest.mark.parametrize("as_json", [False, True])
def test_a_reader_that_went_away_leaves_the_film_whole(
    as_json: bool,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_: bytes) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(painting, "send_picture", fail)
    film, more = tmp_path / "film.gif", ["--json"] if as_json else []
    command = ["stylize", CONTENT, STYLE, "-o", "-", "--film", str(film), *FAST[:-1], *more]
    assert main(command) == 141
    with Image.open(film) as frames:
        assert frames.n_frames > 1
    streams = capsys.readouterr()
    assert streams.out == ""
    if as_json:
        record = only_line(streams.err)
        assert (record["width"], record["exit_code"]) == (64, 141)
    else:
        assert streams.err == ""


def test_the_page_shows_a_line_with_the_keys_that_there_are() -> None:
    page = Path(__file__).parents[2] / "docs" / "getting-started.md"
    ((_, shown),) = code_blocks(page, "json")
    started = Started(1, backbone="slim")
    record = json_line.painting(
        Path("painted.png"),
        "PNG",
        (341, 512),
        1,
        started=started,
        steps=[],
        settings=StyleSettings(),
        notes=[],
    )
    assert list(only_line(shown)) == list(record)
    table = page.read_text().partition("| key | what it is |")[2].partition("\n\n")[0]
    rows = table.strip().splitlines()
    keys = [key for row in rows for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert set(keys) == {*record, *json_line.failure("", 1)}


def test_a_record_of_nothing_painted_has_null_for_what_there_is_not() -> None:
    record = json_line.painting(
        None,
        "PNG",
        (4, 6),
        0.12345,
        started=Started(0),
        steps=[],
        settings=StyleSettings(),
        notes=[],
    )
    assert (record["output"], record["losses"], record["backbone"]) == ("-", None, None)
    assert record["seconds"] == 0.123
