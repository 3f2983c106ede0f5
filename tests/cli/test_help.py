"""The short help and the whole one, of the commands that take every setting."""

from __future__ import annotations

import re
import shlex
from typing import Any

import pytest
from typer.main import get_command

from impasto.cli import letter, main
from impasto.cli.app import app
from impasto.cli.help import ALL, SettingsCommand, laid_out
from impasto.cli.options import flag
from impasto.settings import StyleSettings, describe

COLUMNS, SCREEN = 80, 40
EVERYDAY = [setting for setting in describe() if setting.everyday]
PAINTING = ["stylize", "doodle", "letter", "portrait", "batch", "video", "explore"]
RARE = {"letter": set(letter.RARE)}  # of little use to a command
COMMANDS = [[name] for name in PAINTING] + [["recipe", "save"]]


def help_of(words: list[str], capsys: pytest.CaptureFixture[str], option: str = "--help") -> str:
    assert main([*words, option]) == 0
    return capsys.readouterr().out


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(COLUMNS))


def test_every_command_that_takes_the_settings_has_both_pages() -> None:
    command: Any = get_command(app)
    commands = [*command.commands.values(), *command.commands["recipe"].commands.values()]
    with_settings = {
        child.name for child in commands if "style_layers" in {p.name for p in child.params}
    }
    both = {child.name for child in commands if isinstance(child, SettingsCommand)}
    assert both == with_settings == {words[-1] for words in COMMANDS}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_short_help_fits_a_screen(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines = help_of(words, capsys).splitlines()
    assert len(lines) <= SCREEN
    assert max(map(len, lines)) <= COLUMNS
    assert lines == help_of(words, capsys, "-h").splitlines()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_short_help_has_every_everyday_option_and_no_other_setting(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = help_of(words, capsys)
    shown = {s.name for s in describe() if re.search(rf"│ {s.flag}\b(?!-)", page)}
    assert shown == {setting.name for setting in EVERYDAY} - RARE.get(words[-1], set())


@pytest.mark.parametrize("name", PAINTING)
def test_the_short_help_has_about_a_dozen_settings_and_two_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 6 <= len(EVERYDAY) <= 12
    page = help_of([name], capsys)
    assert page.split("Examples")[1].count(f"│ impasto {name} ") == 2


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_examples_are_commands_that_can_be_typed(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for example in re.findall(r"│ impasto (.*?) +│", help_of(words, capsys)):
        command: Any = get_command(app)
        rest = shlex.split(example)
        while hasattr(command, "commands"):
            command = command.commands[rest.pop(0)]
        command.make_context("impasto", rest)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_whole_help_has_every_setting_and_breaks_no_value(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    page = help_of(words, capsys, ALL)
    assert max(map(len, page.splitlines())) <= COLUMNS
    for name in StyleSettings.model_fields:
        assert re.search(rf"│ {flag(name)}\b(?!-)", page), name
    for setting in describe():
        if setting.choices and not setting.open:
            assert f"{setting.flag} {'|'.join(setting.choices)}" in page
    assert "<bool>" not in page
    assert "None" not in page
    assert "--upscale / --no-upscale" in page


def test_the_short_help_says_how_many_options_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    count = re.search(r"Show all (\d+) options", help_of(["stylize"], capsys))
    assert count is not None
    rows = re.findall(r"^│ -", help_of(["stylize"], capsys, ALL), re.MULTILINE)
    assert int(count[1]) == len(rows)


def test_rows_stand_in_two_columns_and_a_long_name_above_its_help() -> None:
    rows = [("--size PX", "Longest side."), ("--color style|luminance|match", "Whose."), ("-q", "")]
    assert laid_out(rows, 25) == [
        "--size PX  Longest side.",
        "--color style|luminance|match",
        "           Whose.",
        "-q",
    ]


def test_no_word_is_broken_however_narrow_it_is() -> None:
    lines = laid_out([("--fit X", "relu1_1,relu2_1,relu3_1 or none")], 12)
    assert lines == ["--fit X  relu1_1,relu2_1,relu3_1", "         or none"]
