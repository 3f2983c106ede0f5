"""`impasto stylize`: paint one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.help import everyday, examples
from impasto.cli.options import (
    OUTPUT,
    cluster_option,
    content_argument,
    format_option,
    json_option,
    option,
    output_option,
    overwrite_option,
    quiet_option,
    server_option,
    token_option,
    verbose_option,
    verbosity_of,
    with_settings,
)
from impasto.cli.outputs import Outputs, output_of
from impasto.cli.progress import FetchProgress
from impasto.cli.standard_input import STANDARD, Source, StandardInput, with_standard_input
from impasto.errors import CheckpointError, InputError, SettingError
from impasto.reports.film import FILM_FORMATS
from impasto.samples.lookup import located
from impasto.settings import StyleSettings, load_settings
from impasto.settings.model_files import ONE_PASS, model_file
from impasto.task import StyleTask, files_of, start_file

__all__ = ["stylize"]

MASKS = "Masks"


@with_settings
@examples(
    "stylize photo.jpg painting.jpg -o painted.png",
    "stylize photo.jpg swirls --strength 0.7 --fast",
)
def stylize(
    content: Annotated[str, content_argument(f"{STANDARD} for standard input, ")],
    style: Annotated[
        list[str] | None,
        typer.Argument(
            help="The picture to learn from, or the name of a sample (`impasto styles` lists "
            "them); several are blended, or each paints where its mask is white.",
            metavar="STYLE",
            show_default=False,
        ),
    ] = None,
    *,
    mask: Annotated[
        list[str] | None,
        everyday(
            option(
                MASKS,
                metavar="FILE",
                help="White where a style paints, grey for a share, once for each style; where no "
                "mask paints the photograph stays. A cut-out counts where it is opaque.",
            )
        ),
    ] = None,
    keep: Annotated[
        str | None,
        everyday(
            option(
                MASKS,
                metavar="FILE",
                help="White where the photograph stays as it is; the rest is painted.",
            )
        ),
    ] = None,
    style_mask: Annotated[
        list[str] | None,
        option(
            MASKS,
            metavar="FILE",
            help="White on the part of a style picture to use, once for each style.",
        ),
    ] = None,
    output: Annotated[
        str | None,
        output_option(
            OUTPUT, "OUT", f"painting, {STANDARD} for standard output", "PHOTO-STYLE.png"
        ),
    ] = None,
    format: Annotated[str | None, format_option(OUTPUT, ", or under its default name")] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT, keeps=True)] = False,
    plot: Annotated[
        Path | None, option(OUTPUT, metavar="FILE.png", help="Draw the loss curves.")
    ] = None,
    log: Annotated[
        Path | None,
        option(OUTPUT, metavar="FILE.jsonl", help="Write every event, one line of JSON each."),
    ] = None,
    film: Annotated[
        Path | None,
        everyday(
            option(
                OUTPUT,
                metavar="FILE",
                help="Make a film of the painting, from the photograph to the finished picture: "
                f"{' or '.join(FILM_FORMATS)}.",
            )
        ),
    ] = None,
    deep_zoom: Annotated[
        Path | None,
        option(
            OUTPUT,
            metavar="DIR",
            help="Write the picture as tiles too, with a page to look around in it.",
        ),
    ] = None,
    save_every: Annotated[
        int,
        option(
            OUTPUT,
            metavar="N",
            min=0,
            help="Keep the picture after every N steps, numbered. [dim]\\[default: never][/dim]",
        ),
    ] = 0,
    checkpoint: Annotated[
        Path | None,
        option(
            OUTPUT, metavar="FILE", help="Keep a checkpoint that `impasto resume` continues from."
        ),
    ] = None,
    checkpoint_every: Annotated[
        int,
        option(
            OUTPUT, metavar="N", min=1, help="Steps between two checkpoints.", show_default=True
        ),
    ] = 25,
    cluster: Annotated[str | None, cluster_option(OUTPUT)] = None,
    server: Annotated[str | None, server_option()] = None,
    token: Annotated[str | None, token_option()] = None,
    verbose: Annotated[bool, verbose_option(OUTPUT)] = False,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    as_json: Annotated[bool, json_option(OUTPUT)] = False,
    settings: dict[str, Any],
) -> None:
    """Paint a photograph in the style of another picture."""
    chosen = load_settings(settings)
    if not style and chosen.model is None:
        raise InputError("Missing argument 'STYLE': name a painting, or a sample: impasto styles")
    named = StyleTask.of(
        content,
        style or (),
        masks=mask,
        style_masks=style_mask,
        keep=keep,
        taught=chosen.model is not None,
    )
    if start_file(chosen.init) == STANDARD:
        raise SettingError(
            f"init is {chosen.init}, and standard input can be the photograph, a style or a mask: "
            "name a file to start from"
        )
    task = located(with_standard_input(named))
    if checkpoint is not None:
        _check_can_be_found_again(task)
    model = model_file(chosen.model)
    named_after: list[Source] = [task.content, *task.styles]
    if not task.styles and model is not None:
        named_after.append(str(model))
    place = output_of(output, named_after, format)
    outputs = Outputs(
        place, plot, log, save_every, checkpoint, checkpoint_every, film, format, deep_zoom
    )
    if server is not None and deep_zoom is not None:
        raise SettingError(
            "--deep-zoom is written where the picture is painted: leave it out with --server"
        )
    inputs = [Path(name) for name in task.by_role().values() if isinstance(name, str | Path)]
    bits = 16 if chosen.bits == "16" else 8
    inputs += files_of(chosen)
    no_steps = _why_no_steps(chosen)
    outputs.check(inputs, bits, no_steps=no_steps, overwrite=overwrite)
    verbosity = verbosity_of(quiet or as_json, verbose)
    if server is not None and cluster is not None:
        raise SettingError(
            "--server has the picture painted there, and --cluster here: leave one of them out"
        )
    if server is not None:
        from impasto.cli.remote import paint_there

        raise typer.Exit(paint_there(server, token, task, chosen, outputs, verbosity, as_json))
    if not no_steps:
        outputs.check_rescue(overwrite=overwrite)
    from impasto.cli.held import holders_at
    from impasto.cli.session import paint
    from impasto.methods.protocol import RunOptions
    from impasto.painting import paint as run

    with holders_at(cluster, chosen) as (holders, chosen):
        with FetchProgress(f"weights of {chosen.backbone}", verbosity) as on_fetch:
            every = outputs.preview_every(chosen.steps)
            options = RunOptions(every, on_fetch, output_format=outputs.format, holders=holders)
            painting = run(task, chosen, options)
        code = paint(painting, outputs, verbosity, as_json=as_json)
    raise typer.Exit(code)


def _why_no_steps(settings: StyleSettings) -> str:
    """What takes no steps here, in words; empty where some may be taken."""
    if settings.color == "only":
        return "--color only moves colours"
    return f"--method {settings.method} paints at once" if settings.method in ONE_PASS else ""


def _check_can_be_found_again(task: StyleTask[Source]) -> None:
    """Refuse a checkpoint of a painting that could not be gone on with.

    Raises:
        CheckpointError: a picture comes from standard input.
    """
    for role, source in task.by_role().items():
        if isinstance(source, StandardInput):
            raise CheckpointError(
                f"--checkpoint keeps where the pictures lie, and {role.phrase} comes from "
                f"{source}, which can be read once: save it to a file, or leave --checkpoint out"
            )
