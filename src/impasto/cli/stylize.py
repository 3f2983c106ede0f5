"""`impasto stylize`: paint one picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from impasto.cli.help import everyday, examples
from impasto.cli.one_picture import Wanted, paint_one, with_outputs
from impasto.cli.options import (
    MASKS,
    content_argument,
    option,
    style_mask_option,
    with_settings,
)
from impasto.cli.standard_input import STANDARD
from impasto.cli.worded import Said, command_of, with_words
from impasto.errors import InputError
from impasto.settings import load_settings
from impasto.task import StyleTask

__all__ = ["stylize"]


@with_settings
@with_outputs
@with_words
@examples(
    "stylize photo.jpg painting.jpg -o painted.png",
    "stylize photo.jpg --text 'half watercolour, half woodcut, cold'",
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
    style_mask: Annotated[list[str] | None, style_mask_option()] = None,
    said: Said,
    wanted: Wanted,
    settings: dict[str, Any],
) -> None:
    """Paint a photograph in the style of another picture."""
    files = {"--mask": mask, "--style-mask": style_mask, "--keep": keep, "-o": wanted.output}
    worded = said.read(
        style or (),
        settings,
        command_of("stylize", [content], files),
        quiet=wanted.verbosity < 0,
        masked=bool(mask),
    )
    chosen = load_settings(worded.settings)
    if not worded.styles and chosen.model is None:
        raise InputError(
            "Missing argument 'STYLE': name a painting, or a sample: impasto styles, or say it in "
            "words: --text"
        )
    named = StyleTask.of(
        content,
        worded.styles,
        masks=mask,
        style_masks=style_mask,
        keep=keep,
        taught=chosen.model is not None,
    )
    # Words that only chose settings are no part of the painting: it is the one of the line shown.
    named = named.replace(prompt=worded.prompt if chosen.text_weight else "")
    raise typer.Exit(paint_one(named, chosen, replace(wanted, plan=worded.record)))
