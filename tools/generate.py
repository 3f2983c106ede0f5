"""Write the files that are read off the code: `python -m tools.generate`.

`docs/cli.md` holds the help of every command, `docs/settings.md` every setting and recipe,
`settings/options.py` the settings as typed keywords, `samples/SOURCES.md` where each sample comes
from; `examples/notebook.ipynb` is put together. A test fails when a file is older than the code.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from typer import rich_utils
from typer.main import get_command

from impasto.cli.app import app, main
from impasto.cli.help import ALL, SettingsCommand
from impasto.settings import Description, StyleSettings, describe, described
from impasto.settings.recipes import RECIPES
from impasto.text import format_value
from tools import notebook, sources, style_options
from tools.tables import code, table

__all__ = ["PAGES", "cli_page", "settings_page", "write"]

ROOT = Path(__file__).parents[1]
WIDTH = 100
NOTICE = "<!-- Written by `python -m tools.generate`; change the code instead. -->"
BOUNDS = {"ge": "≥ {}", "gt": "> {}", "le": "≤ {}", "lt": "< {}"}


def cli_page() -> str:
    """The help of every command, as it is seen in a terminal of `WIDTH` columns."""
    parts = ["# The command line", NOTICE, CLI_INTRODUCTION]
    for words, option in _commands(get_command(app)):
        title = " ".join(["impasto", *words])
        parts += [f"## `{title}`", f"```text\n{_help(words, option)}\n```"]
    return "\n\n".join(parts) + "\n"


def settings_page() -> str:
    """Every setting by group, and what each recipe sets differently from `default`."""
    parts = ["# Settings", NOTICE, SETTINGS_INTRODUCTION]
    groups: dict[str, list[Description]] = {}
    for setting in describe():
        groups.setdefault(setting.theme, []).append(setting)
    for group, settings in groups.items():
        rows = [_row(setting) for setting in settings]
        head = ("setting", "option", "takes", "default", "what it does")
        parts += [f"## {group}", table(head, rows)]
    parts += ["## Recipes", RECIPES_INTRODUCTION]
    for recipe in RECIPES.values():
        parts += [f"### `{recipe.name}`", f"{recipe.summary[0].upper()}{recipe.summary[1:]}."]
        if recipe.differs:
            parts.append(f"Differs from its source: {recipe.differs}.")
        if rows := _differing(recipe.name):
            parts.append(table(("setting", "value", "`default` has"), rows))
    return "\n\n".join(parts) + "\n"


PAGES = {
    "docs/cli.md": cli_page,
    "docs/settings.md": settings_page,
    "src/impasto/settings/options.py": style_options.module,
    "src/impasto/samples/SOURCES.md": lambda: sources.page(NOTICE),
    "examples/notebook.ipynb": notebook.page,
}

CLI_INTRODUCTION = """\
Every command answers to `--help`. Those that take the settings show there what is used every day,
and everything with `--help-all`; this page holds the whole answers. What the settings mean is also
in [settings.md](settings.md), as one table; exit codes are in
[getting-started.md](getting-started.md#exit-codes)."""

SETTINGS_INTRODUCTION = """\
A setting has one name: in Python it is a keyword (`impasto.stylize(…, tv_weight=0.1)`), on the
command line an option (`--tv-weight 0.1`). What is not given comes from the recipe; the defaults
below are those of the recipe `default`. Values are written as on the command line: layers as
`relu1_1,relu3_1=0.5` (a layer alone weighs 1), sizes as height x width."""

RECIPES_INTRODUCTION = """\
A recipe is a complete set of settings under a name. Whatever is given beside it takes its place."""


def write(root: Path = ROOT) -> list[Path]:
    """Write all files into the house, or one like it."""
    paths = []
    for name, page in PAGES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")
        paths.append(path)
    return paths


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """The words of a command and of all below it, but for those that help does not show.

    With each the option that prints its whole help.
    """
    yield words, ALL if isinstance(command, SettingsCommand) else "--help"
    for name, child in getattr(command, "commands", {}).items():
        if not child.hidden:
            yield from _commands(child, (*words, name))


def _help(words: tuple[str, ...], option: str) -> str:
    with _plain_terminal(), redirect_stdout(io.StringIO()) as out:
        main([*words, option])
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n")


@contextmanager
def _plain_terminal() -> Iterator[None]:
    """Help without colours, `WIDTH` columns wide, whatever terminal this runs in."""
    rich: dict[str, Any] = {"MAX_WIDTH": WIDTH, "COLOR_SYSTEM": None, "FORCE_TERMINAL": False}
    columns = {"COLUMNS": str(WIDTH)}  # the usage line is wrapped by it
    with patch.multiple(rich_utils, **rich), patch.dict(os.environ, columns):
        yield


def _row(setting: Description) -> tuple[str, ...]:
    option = code(setting.flag)
    if setting.kind == "switch":
        option += f", {code('--no-' + setting.name.replace('_', '-'))}"
    default = setting.unset or code(format_value(setting.default))
    return code(setting.name), option, _takes(setting), default, setting.help


def _takes(setting: Description) -> str:
    if setting.choices and not setting.open:
        return ", ".join(code(choice) for choice in setting.choices)
    if setting.kind == "switch":
        return "yes or no"
    words = {"whole": "whole number", "number": "number"}.get(setting.kind, "")
    unit = setting.metavar or ("" if words else "NAME")
    words = f"{words} ({unit})" if words and unit else words or code(unit)
    bounds = [BOUNDS[key].format(_bound(bound)) for key, bound in setting.bounds.items()]
    return ", ".join([words, *bounds])


def _bound(value: float) -> str:
    return "2^63" if value == 2**63 else format_value(value)


def _differing(recipe: str) -> list[tuple[str, ...]]:
    plain, other = StyleSettings(), StyleSettings(recipe=recipe)
    return [
        (code(name), _format_setting(name, other), _format_setting(name, plain))
        for name in StyleSettings.model_fields
        if name != "recipe" and getattr(plain, name) != getattr(other, name)
    ]


def _format_setting(name: str, settings: StyleSettings) -> str:
    value = getattr(settings, name)
    unset = described(name).unset
    return str(unset) if value is None and unset else code(format_value(value))


if __name__ == "__main__":
    for path in write():
        print(path)
