"""`impasto stylize`: paint one picture."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from impasto.cli.help import everyday, examples
from impasto.cli.one_picture import Wanted, paint_one, with_outputs
from impasto.cli.options import content_argument, option, with_settings
from impasto.cli.standard_input import STANDARD
from impasto.errors import InputError
from impasto.settings import load_settings
from impasto.task import StyleTask

__all__ = ["stylize"]

MASKS = "Masks"


@with_settings
@with_outputs
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
    wanted: Wanted,
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
    raise typer.Exit(paint_one(named, chosen, wanted))
