"""`impasto stylize`: paint one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.options import with_settings
from impasto.cli.outputs import Outputs
from impasto.cli.progress import FetchProgress
from impasto.settings import load_settings
from impasto.task import StyleTask, start_file

__all__ = ["stylize"]

OUTPUT, MASKS, SERVER = "Output", "Masks", "Server"


@with_settings
def stylize(
    content: Annotated[
        str, typer.Argument(help="The photograph to paint.", metavar="CONTENT", show_default=False)
    ],
    style: Annotated[
        list[str],
        typer.Argument(
            help="The picture to learn from; several are blended, or paint where their masks say.",
            metavar="STYLE",
            show_default=False,
        ),
    ],
    *,
    mask: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="White where a style paints, grey for a share, once for each style; where no mask "
            "paints the photograph stays.",
            rich_help_panel=MASKS,
            show_default=False,
        ),
    ] = None,
    style_mask: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            help="White where a style image is learnt from, once for each style.",
            rich_help_panel=MASKS,
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            metavar="OUT",
            help="Where the painting goes; its ending says the format.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ],
    plot: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.png",
            help="Draw the loss curves.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = None,
    log: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.jsonl",
            help="Write every event, one JSON object a line.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = None,
    save_every: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=0,
            help="Keep the picture after every N steps, numbered. [dim]\\[default: never][/dim]",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = 0,
    checkpoint: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Keep a checkpoint that `impasto resume` goes on from.",
            rich_help_panel=OUTPUT,
            show_default=False,
        ),
    ] = None,
    checkpoint_every: Annotated[
        int,
        typer.Option(
            metavar="N",
            min=1,
            help="Steps between two checkpoints.",
            rich_help_panel=OUTPUT,
        ),
    ] = 25,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Paint on another machine, where `impasto serve` runs.",
            rich_help_panel=SERVER,
            show_default=False,
        ),
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            metavar="TOKEN",
            envvar="IMPASTO_TOKEN",
            show_envvar=False,
            help="The token that server wants. [dim]\\[default: IMPASTO_TOKEN][/dim]",
            rich_help_panel=SERVER,
            show_default=False,
        ),
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option("-v", "--verbose", help="Say what was decided.", rich_help_panel=OUTPUT),
    ] = False,
    quiet: Annotated[
        bool,
        typer.Option("-q", "--quiet", help="Print nothing but errors.", rich_help_panel=OUTPUT),
    ] = False,
    settings: dict[str, Any],
) -> None:
    """Paint a photograph in the style of another picture."""
    chosen = load_settings(settings)
    outputs = Outputs(output, plot, log, save_every, checkpoint, checkpoint_every)
    masks, style_masks = mask or [], style_mask or []
    inputs = [Path(name) for name in (content, *style, *masks, *style_masks)]
    if (start := start_file(chosen.init)) is not None:
        inputs.append(Path(start))
    if chosen.weights_file is not None:
        inputs.append(Path(chosen.weights_file))
    bits = 16 if chosen.bits == "16" else 8
    outputs.check(inputs, bits, paints=chosen.color != "only")
    verbosity = -1 if quiet else int(verbose)
    task = StyleTask.of(content, style, masks=masks, style_masks=style_masks)
    if server is not None:
        from impasto.cli.remote import paint_there

        raise typer.Exit(paint_there(server, token, task, chosen, outputs, verbosity))
    from impasto.cli.session import paint
    from impasto.methods.protocol import RunOptions
    from impasto.painting import paint as prepared

    with FetchProgress(f"weights of {chosen.backbone}", verbosity) as on_fetch:
        options = RunOptions(save_every, on_fetch, output_format=outputs.format)
        painting = prepared(task, chosen, options)
    raise typer.Exit(paint(painting, outputs, verbosity))
