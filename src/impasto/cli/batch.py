"""`impasto batch`: paint many pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.help import everyday, examples
from impasto.cli.options import (
    OUTPUT,
    cluster_option,
    option,
    quiet_option,
    verbosity_of,
    with_settings,
)
from impasto.cli.progress import FetchProgress
from impasto.cli.worded import Said, command_of, with_words
from impasto.errors import InputError
from impasto.samples.lookup import sample_or
from impasto.settings import load_settings
from impasto.task import files_of

__all__ = ["batch", "left_out_line"]

NAMED = 5  # of the files that are left out; the others are counted


@with_settings
@with_words
@examples(
    "batch photos/ --style painting.jpg -o painted/",
    "batch photos/ --style swirls -o square/ --shape 1080x1080 --jobs 2",
)
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
        list[str] | None,
        everyday(
            option(
                None,
                metavar="STYLE",
                help="The picture to learn from, or the name of a sample (`impasto styles` lists "
                "them); more than once for several. A --model that was taught its own needs none.",
            )
        ),
    ] = None,
    output: Annotated[
        str,
        everyday(
            option(
                OUTPUT,
                "-o",
                "--output",
                metavar="DIR",
                help="Folder for the paintings; subfolders of CONTENT are kept. Pictures "
                "that are painted already are skipped.",
            )
        ),
    ],
    format: Annotated[
        str | None,
        everyday(
            option(
                OUTPUT,
                metavar="png|jpg|webp|tiff",
                help="Format of all paintings. [dim]\\[default: that of each content][/dim]",
            )
        ),
    ] = None,
    jobs: Annotated[
        int,
        everyday(
            option(
                None,
                "-j",
                "--jobs",
                metavar="N",
                min=1,
                help="How many pictures are painted at once, each by its own process; they share "
                "the threads.",
                show_default=True,
            )
        ),
    ] = 1,
    cluster: Annotated[str | None, cluster_option(OUTPUT)] = None,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    said: Said,
    settings: dict[str, Any],
) -> None:
    """Paint many pictures. After a stop or a crash, the same command continues."""
    line = command_of("batch", contents, {"-o": output}, flag="--style")
    worded = said.read(style or (), settings, line, quiet=quiet)
    chosen, styles = load_settings(worded.settings), worded.styles
    if not styles and chosen.model is None:
        raise InputError(
            "Missing option '--style': name a painting, or a sample: impasto styles, or say it in "
            "words: --text"
        )
    said.refuse_guidance(chosen.text_weight)
    from impasto.cli.batch_progress import BatchProgress
    from impasto.cli.runner import follow
    from impasto.workflows.batch import Note, plan, run

    inputs = [Path(sample_or("style", name)) for name in styles] + files_of(chosen)
    left_out: list[Path] = []
    items = plan(
        contents,
        output,
        format=format,
        bits=chosen.bits,
        inputs=inputs,
        on_left_out=left_out.append,
    )
    verbosity = verbosity_of(quiet)
    progress = BatchProgress(verbosity)
    if left_out:
        progress.take(Note(left_out_line(left_out)))
    with FetchProgress(f"weights of {chosen.backbone}", verbosity) as on_fetch:
        events = run(items, styles, output, chosen, jobs=jobs, cluster=cluster, on_fetch=on_fetch)
        code = follow(events, progress)
    raise typer.Exit(code)


def left_out_line(files: Sequence[Path]) -> str:
    """The pictures in folders that are not painted, in a sentence."""
    from impasto.imaging.codecs.formats import readable_formats
    from impasto.text import format_path

    names = [format_path(file) for file in files[:NAMED]]
    if len(files) > NAMED:
        names.append(f"{len(files) - NAMED} more")
    count = f"{len(files)} file{'s' if len(files) > 1 else ''}"
    return (
        f"{count} left out: {', '.join(names)}; a folder's files are read by their endings, as "
        f"{readable_formats()}: convert or rename the pictures to be painted"
    )
