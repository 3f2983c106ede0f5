"""`impasto batch`: paint many pictures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from impasto.cli.options import with_settings
from impasto.cli.progress import FetchProgress
from impasto.settings import load_settings
from impasto.task import start_file

__all__ = ["batch"]

OUTPUT = "Output"


@with_settings
def batch(
    contents: Annotated[
        list[str],
        typer.Argument(
            help="Photographs, and folders of them, to paint.",
            metavar="CONTENT",
            show_default=False,
        ),
    ],
    *,
    style: Annotated[
        list[str],
        typer.Option(
            "--style",
            metavar="STYLE",
            help="The picture to learn from; more than once for several.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="DIR",
            help="Folder for the paintings; subfolders of CONTENT are kept. What is painted "
            "there already is skipped.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ],
    format: Annotated[
        str | None,
        typer.Option(
            metavar="png|jpg|webp|tiff",
            help="Format of all paintings. [dim]\\[default: that of each content][/dim]",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int,
        typer.Option(
            "-j",
            "--jobs",
            metavar="N",
            min=1,
            help="Pictures painted at once, each by a process of its own; they share the threads.",
        ),
    ] = 1,
    quiet: Annotated[
        bool,
        typer.Option("-q", "--quiet", help="Print nothing but errors.", rich_help_panel=OUTPUT),
    ] = False,
    settings: dict[str, Any],
) -> None:
    """Paint many pictures. Stopped or killed, the same command goes on where it was."""
    chosen = load_settings(settings)
    from impasto.cli.batch_progress import BatchProgress
    from impasto.cli.runner import follow
    from impasto.workflows.batch import plan, run

    others = [*style, *([chosen.weights_file] if chosen.weights_file else [])]
    if (start := start_file(chosen.init)) is not None:
        others.append(start)
    items = plan(contents, output, format=format, bits=chosen.bits, inputs=others)
    verbosity = -1 if quiet else 0
    with FetchProgress(f"weights of {chosen.backbone}", verbosity) as on_fetch:
        events = run(items, style, output, chosen, jobs=jobs, on_fetch=on_fetch)
        code = follow(events, BatchProgress(verbosity))
    raise typer.Exit(code)
