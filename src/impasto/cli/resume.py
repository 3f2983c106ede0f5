"""`impasto resume`: go on with a painting that was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from impasto.cli.options import quiet_option, verbose_option, verbosity_of

__all__ = ["resume"]


def resume(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="FILE", help="What --checkpoint wrote.", show_default=False)
    ],
    verbose: Annotated[bool, verbose_option()] = False,
    quiet: Annotated[bool, quiet_option()] = False,
) -> None:
    """Continue a painting that was stopped; it becomes the picture it would have been.

    The checkpoint is enough: it names the pictures, the settings and the outputs.
    """
    from impasto.cli.outputs import Outputs
    from impasto.cli.progress import FetchProgress
    from impasto.cli.session import paint
    from impasto.methods import checkpoint as checkpoints
    from impasto.painting import resumed

    state = checkpoints.load(checkpoint)
    outputs = Outputs.from_json(state.outputs)
    inputs = [Path(file.path) for file in state.inputs.values()]
    if state.settings.get("weights_file"):
        inputs.append(Path(state.settings["weights_file"]))
    outputs.check(inputs, overwrite=True)  # with what it wrote itself
    verbosity = verbosity_of(quiet, verbose)
    with FetchProgress("weights", verbosity) as on_fetch:
        painting = resumed(
            state,
            preview_every=outputs.preview_every(int(state.settings["steps"])),
            on_fetch=on_fetch,
            output_format=outputs.format,
        )
    raise typer.Exit(paint(painting, outputs, verbosity))
