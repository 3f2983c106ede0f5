"""`impasto explore`: a grid of paintings, to compare settings side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.explore_cells import EVERY, VARIED_START, parse_vary, vary_seeds, vary_styles
from impasto.cli.help import everyday, examples
from impasto.cli.options import (
    OUTPUT,
    cluster_option,
    content_argument,
    option,
    output_option,
    overwrite_option,
    quiet_option,
    verbosity_of,
    with_settings,
)
from impasto.cli.outputs import default_output
from impasto.cli.worded import Said, command_of, with_words
from impasto.errors import SettingError
from impasto.files import check_absent
from impasto.reports.sheet import CELL_PX
from impasto.samples.lookup import sample_or
from impasto.settings import load_settings
from impasto.settings.model_files import files_of_model
from impasto.task import start_file

__all__ = ["explore"]

CELLS = "Cells"


@partial(with_settings, defaults={"size": CELL_PX})
@with_words
@examples(
    "explore photo.jpg --styles all",
    "explore photo.jpg painting.jpg --vary strength=0.2,0.5,0.8",
)
def explore(
    content: Annotated[str, content_argument()],
    style: Annotated[
        list[str] | None,
        typer.Argument(
            help="The picture to learn from, or the name of a sample (`impasto styles` lists "
            "them); several are blended, or have cells of their own with --each.",
            metavar="STYLE",
            show_default=False,
        ),
    ] = None,
    *,
    vary: Annotated[
        list[str] | None,
        everyday(
            option(
                CELLS,
                metavar="NAME=A,B,…",
                help="A setting and its values, between semicolons where they hold commas; `style` "
                "has pictures and samples. The first makes columns, the second rows; further ones "
                "nest in them.",
            )
        ),
    ] = None,
    styles: Annotated[
        str | None,
        everyday(
            option(
                CELLS,
                metavar=f"{EVERY}|NAME,…",
                help=f"Styles that get cells of their own; {EVERY}: every sample.",
            )
        ),
    ] = None,
    each: Annotated[
        bool,
        everyday(
            option(CELLS, "--each", help="Give each STYLE cells of its own, in place of a blend.")
        ),
    ] = False,
    variants: Annotated[
        int | None,
        everyday(
            option(
                CELLS,
                metavar="N",
                min=1,
                help="N paintings that differ only by chance: other seeds, from --init "
                f"{VARIED_START} unless another start is chosen.",
            )
        ),
    ] = None,
    output: Annotated[
        Path | None,
        output_option(OUTPUT, "SHEET", "sheet", "PHOTO-sheet.png"),
    ] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT)] = False,
    cluster: Annotated[str | None, cluster_option(OUTPUT)] = None,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    said: Said,
    settings: dict[str, Any],
) -> None:
    """Paint a grid of small pictures that differ in style or settings.

    A draft of every cell comes first; the paintings replace them one by one. The last lines are
    the commands that paint each of them large: no smaller than `impasto stylize` by itself.
    """
    from impasto import imaging
    from impasto.cli.explore_session import Exploration, ExploreProgress
    from impasto.cli.progress import FetchProgress
    from impasto.cli.runner import follow
    from impasto.workflows.explore import explore, sheet

    files = {"--vary": vary, "--styles": styles, "-o": None if output is None else str(output)}
    worded = said.read(style or (), settings, command_of("explore", [content], files), quiet=quiet)
    settings = worded.settings
    varied = parse_vary(vary or [], settings)
    for weight in varied.get("text_weight", [settings.get("text_weight", 0.0)]):
        said.refuse_guidance(load_settings({"text_weight": weight}).text_weight)
    models = [model for model in (settings.get("model"), *varied.get("model", [])) if model]
    shared, varied = vary_styles(varied, worded.styles, styles, each, taught=bool(models))
    varied, settings = vary_seeds(varied, settings, variants)
    if not varied:
        raise SettingError(
            "nothing varies: give --vary strength=0.2,0.5,0.8, several styles and --each, "
            f"--styles {EVERY} or --variants 4"
        )
    grid = sheet(content, shared or None, varied, **settings)
    starts = [str(settings.get("init", "")), *varied.get("init", [])]
    images = [file for start in starts if (file := start_file(start)) is not None]
    photo = Path(sample_or("content", content))
    learnt = [Path(sample_or("style", name)) for name in (*shared, *varied.get("style", []))]
    output = output or default_output([photo, "sheet"])
    named = [*map(Path, images), *(file for model in models for file in files_of_model(model))]
    imaging.check_output(output, inputs=[photo, *learnt, *named])
    if not overwrite:
        check_absent(output)
    progress = ExploreProgress(grid.count, quiet)
    command = Exploration(output, grid, progress, [content, *shared], settings)
    with FetchProgress("weights", verbosity_of(quiet)) as on_bytes:

        def on_fetch(done: int, total: int | None) -> None:
            progress.pause()  # one bar at a time
            on_bytes(done, total)

        cells = explore(
            content,
            shared or None,
            varied,
            on_event=progress,
            on_fetch=on_fetch,
            cluster=cluster,
            on_note=progress.say,
            **settings,
        )
        code = follow(cells, command)
    raise typer.Exit(code)
