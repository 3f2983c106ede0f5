"""`impasto sheet`: one's photograph in every sample style, in one pass."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from impasto import samples
from impasto.cli.explore_cells import STYLE
from impasto.cli.options import (
    content_argument,
    output_option,
    overwrite_option,
    quiet_option,
    verbosity_of,
)
from impasto.cli.outputs import default_output
from impasto.files import check_absent
from impasto.samples.lookup import sample_or

__all__ = ["sheet"]

SETTINGS: dict[str, Any] = {"method": "one-pass"}


def sheet(
    content: Annotated[str, content_argument()],
    output: Annotated[Path | None, output_option(None, "SHEET", "sheet", "PHOTO-sheet.png")] = None,
    size: Annotated[
        int | None,
        typer.Option(metavar="PX", min=64, help="Longest side of each.", show_default=False),
    ] = None,
    overwrite: Annotated[bool, overwrite_option()] = False,
    quiet: Annotated[bool, quiet_option()] = False,
) -> None:
    """Show a photograph in every sample style at once, each with its name.

    It is `impasto explore PHOTO --styles all --fast`: the last lines are the commands that paint
    each of them large.
    """
    from impasto import imaging
    from impasto.cli.explore_session import Exploration, ExploreProgress
    from impasto.cli.runner import follow
    from impasto.workflows import explore

    varied = {STYLE: list(samples.names("style"))}
    settings = SETTINGS if size is None else {**SETTINGS, "size": size}
    photo = Path(sample_or("content", content))
    output = output or default_output([photo, "sheet"])
    imaging.check_output(output, inputs=[photo])
    if not overwrite:
        check_absent(output)
    grid = explore.sheet(content, None, varied, **settings)
    progress = ExploreProgress(grid.count, verbosity_of(quiet) < 0)
    command = Exploration(output, grid, progress, [content], settings)
    cells = explore.explore(content, None, varied, on_event=progress, **settings)
    raise typer.Exit(follow(cells, command))
