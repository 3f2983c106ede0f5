"""`impasto doodle`: paint a drawing in flat colours of a painting's own regions."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import typer

from impasto.arrangements.doodle.options import DoodleOptions
from impasto.asked import Asked
from impasto.cli.help import everyday, examples
from impasto.cli.one_picture import Wanted, paint_one, with_outputs
from impasto.cli.options import option, with_asked, with_settings
from impasto.cli.standard_input import STANDARD
from impasto.settings import load_settings

__all__ = ["doodle"]

KIND = "doodle"


@partial(with_settings, defaults={"recipe": KIND})
@partial(with_asked, model=DoodleOptions)
@partial(with_outputs, name="DRAWING-PAINTING.png")
@examples(
    "doodle drawing.png painting.jpg --labels labels.png -o out.png",
    "doodle drawing.png starry-night --fast",
)
def doodle(
    drawing: Annotated[
        str,
        typer.Argument(
            metavar="DRAWING",
            help=f"The drawing, in at most 16 flat colours; {STANDARD} for standard input.",
            show_default=False,
        ),
    ],
    painting: Annotated[
        str,
        typer.Argument(
            metavar="PAINTING",
            help="The painting that it is painted of, or the name of a sample.",
            show_default=False,
        ),
    ],
    *,
    labels: Annotated[
        str | None,
        everyday(
            option(
                "Doodle",
                metavar="FILE",
                help="The painting as a drawing in the same colours, each where it means what it "
                "means there. Without it the painting is split into regions by itself.",
            )
        ),
    ] = None,
    wanted: Wanted,
    options: dict[str, Any],
    settings: dict[str, Any],
) -> None:
    """Paint a drawing in flat colours, each colour of its own part of a painting."""
    pictures = {"content": drawing, "style": painting}
    if labels is not None:
        pictures["labels"] = labels
    # Checked before anything is read or painted.
    told = DoodleOptions.of(**options).model_dump(mode="json")
    chosen = load_settings({"recipe": KIND, **settings})
    raise typer.Exit(paint_one(Asked(KIND, told, pictures), chosen, wanted))
