"""`impasto resume`: go on with a painting that was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["resume"]


def resume(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="FILE", help="What --checkpoint wrote.", show_default=False)
    ],
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say what was decided.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Go on with a painting that was stopped, to the same picture, byte for byte.

    Nothing but the checkpoint is needed: pictures, settings and outputs are named inside.
    """
    from impasto.cli.outputs import Outputs
    from impasto.cli.session import paint
    from impasto.engine import checkpoint as checkpoints
    from impasto.transfer import resumed

    state = checkpoints.load(checkpoint)
    outputs = Outputs.from_json(state.outputs)
    outputs.check([Path(file.path) for file in state.inputs.values()])
    painting = resumed(state, preview_every=outputs.save_every)
    raise typer.Exit(paint(painting, outputs, -1 if quiet else int(verbose)))
