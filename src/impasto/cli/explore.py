"""`impasto explore`: a grid of paintings, to find settings by looking."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.options import (
    OUTPUT,
    Content,
    flag,
    option,
    overwrite_option,
    quiet_option,
    verbosity_of,
    with_settings,
)
from impasto.errors import SettingError, UnknownNameError
from impasto.files import check_absent
from impasto.settings import StyleSettings
from impasto.task import start_file

__all__ = ["explore", "parse_vary"]

HOLD_COMMAS = ("content_layers", "style_layers", "style_blend")


@with_settings
def explore(
    content: Content,
    style: Annotated[
        list[str],
        typer.Argument(
            help="The picture to learn from, or several.", metavar="STYLE", show_default=False
        ),
    ],
    *,
    output: Annotated[
        Path,
        option(
            OUTPUT,
            "-o",
            "--output",
            metavar="SHEET",
            help="Where the sheet goes; its ending says the format.",
        ),
    ],
    vary: Annotated[
        list[str],
        option(
            OUTPUT,
            metavar="NAME=A,B,…",
            help="A setting and its values, between semicolons where they hold commas. The first "
            "makes columns, the second rows; further ones nest in them.",
        ),
    ],
    overwrite: Annotated[bool, overwrite_option(OUTPUT)] = False,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    settings: dict[str, Any],
) -> None:
    """Paint a grid of small pictures that differ in a few settings, to choose by looking.

    A draft of every cell comes first; the paintings replace them one by one.
    They have 256 px on the longest side unless --size or --shape is given.
    """
    from impasto import imaging
    from impasto.cli.explore_session import Exploration, ExploreProgress
    from impasto.cli.progress import FetchProgress
    from impasto.cli.runner import follow
    from impasto.workflows.explore import explore, sheet

    varied = parse_vary(vary, settings)
    grid = sheet(content, style, varied, **settings)
    starts = [str(settings.get("init", "")), *varied.get("init", [])]
    images = [file for start in starts if (file := start_file(start)) is not None]
    imaging.check_output(output, inputs=map(Path, [content, *style, *images]))
    if not overwrite:
        check_absent(output)
    progress = ExploreProgress(grid.count, quiet)
    command = Exploration(output, grid, progress, [content, *style], settings)
    with FetchProgress("weights", verbosity_of(quiet)) as on_bytes:

        def on_fetch(done: int, total: int | None) -> None:
            progress.pause()  # one bar at a time
            on_bytes(done, total)

        cells = explore(content, style, varied, on_event=progress, on_fetch=on_fetch, **settings)
        code = follow(cells, command)
    raise typer.Exit(code)


def parse_vary(texts: Iterable[str], common: dict[str, Any]) -> dict[str, list[str]]:
    """Settings and their values, by field name, from "name=value,value".

    Args:
        texts: one for each setting; values that hold commas stand between semicolons.
        common: what is set for all cells.

    Raises:
        UnknownNameError: no such setting.
        SettingError: no values, a setting twice, or one that is given as well.

    Example:
        >>> parse_vary(["strength=0.2,0.8", "style-layers=relu1_1,relu2_1;relu4_1"], {})
        {'strength': ['0.2', '0.8'], 'style_layers': ['relu1_1,relu2_1', 'relu4_1']}
    """
    fields = {_option(name): name for name in StyleSettings.model_fields}
    varied: dict[str, list[str]] = {}
    for text in texts:
        option, mark, values = text.partition("=")
        option = option.strip().removeprefix("--").replace("_", "-")
        name = fields.get(option, option.replace("-", "_"))
        if name not in StyleSettings.model_fields:
            raise UnknownNameError("setting", option, fields)
        apart = ";" if ";" in values or name in HOLD_COMMAS else ","
        split = [value.strip() for value in values.split(apart)]
        if not mark or not all(split):
            raise SettingError(
                f"--vary {text!r} lacks a value: write it like --vary strength=0.2,0.5,0.8"
            )
        if name in varied:
            raise SettingError(f"{option} is varied twice: give all its values in one --vary")
        if name in common:
            raise SettingError(f"{option} is varied and given: leave one of them out")
        varied[name] = split
    return varied


def _option(name: str) -> str:
    return flag(name).removeprefix("--")
