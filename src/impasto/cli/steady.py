"""`impasto steady`: take the flicker out of a film that was painted elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from impasto.cli.options import (
    OUTPUT,
    json_option,
    option,
    overwrite_option,
    quiet_option,
    verbosity_of,
)
from impasto.cli.video import (
    codec_option,
    end_option,
    jobs_option,
    preview_option,
    sound_option,
    start_option,
)

__all__ = ["steady"]


def steady(
    painted: Annotated[
        str,
        typer.Argument(
            help="The painted film, a folder of pictures, or their pattern.",
            metavar="PAINTED",
            show_default=False,
        ),
    ],
    *,
    like: Annotated[
        str,
        option(None, metavar="ORIGINAL", help="The film that it was painted from."),
    ],
    start: Annotated[str | None, start_option()] = None,
    end: Annotated[str | None, end_option()] = None,
    jobs: Annotated[int, jobs_option()] = 1,
    output: Annotated[
        str, option(OUTPUT, "-o", "--output", metavar="OUT", help="The steady film.")
    ],
    codec: Annotated[str | None, codec_option()] = None,
    sound: Annotated[bool, sound_option()] = True,
    preview: Annotated[Path | None, preview_option()] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT, keeps=True)] = False,
    force: Annotated[
        bool, option(OUTPUT, "--force", help="Start even if the disk seems too small.")
    ] = False,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    as_json: Annotated[bool, json_option(OUTPUT)] = False,
) -> None:
    """Take the flicker out of a film that was painted elsewhere, frame by frame.

    Where the original stays the same, what was painted there stays too. `impasto resume` after a
    stop.
    """
    from impasto.cli.film import FilmOutputs, paint
    from impasto.workflows.film.ask import asked_steady
    from impasto.workflows.film.style_times import parse_time

    outputs = FilmOutputs(Path(output), preview)
    outputs.check([painted, like], overwrite=overwrite)
    order = asked_steady(
        painted,
        like,
        output,
        start=None if start is None else parse_time(start, "start"),
        end=None if end is None else parse_time(end, "end"),
        codec=codec,
        sound=sound,
        force=force,
    )
    verbosity = verbosity_of(quiet or as_json)
    raise typer.Exit(
        paint(order, outputs, verbosity, as_json=as_json, jobs=jobs, overwrite=overwrite)
    )
