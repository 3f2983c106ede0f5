"""`impasto resume`: go on with a painting, a film or a training that was stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impasto.cli.options import (
    cluster_option,
    format_option,
    json_option,
    option,
    overwrite_option,
    quiet_option,
    verbose_option,
    verbosity_of,
)
from impasto.cli.standard_input import STANDARD
from impasto.errors import OutputError, SettingError

if TYPE_CHECKING:
    from impasto.cli.outputs import Outputs
    from impasto.methods.checkpoint import Checkpoint

__all__ = ["resume"]


def resume(
    checkpoint: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="What --checkpoint wrote, or a stop left.", show_default=False
        ),
    ],
    output: Annotated[
        str | None,
        option(
            None,
            "-o",
            "--output",
            metavar="OUT",
            help=f"Where to save it, {STANDARD} for standard output. "
            "[dim]\\[default: the output it was begun with][/dim]",
        ),
    ] = None,
    format: Annotated[str | None, format_option()] = None,
    overwrite: Annotated[bool, overwrite_option(keeps=True)] = False,
    cluster: Annotated[str | None, cluster_option()] = None,
    scratch: Annotated[
        Path | None,
        option(
            None,
            metavar="DIR",
            help="Folder for what a picture in tiles has no memory for. "
            "[dim]\\[default: the folder it was begun with][/dim]",
        ),
    ] = None,
    verbose: Annotated[bool, verbose_option()] = False,
    quiet: Annotated[bool, quiet_option()] = False,
    as_json: Annotated[bool, json_option()] = False,
) -> None:
    """Continue a painting, film or training that was stopped; it ends as it would have.

    The checkpoint is enough: it names the pictures, the settings and the outputs.
    """
    from impasto.cli.held import holders_at
    from impasto.cli.progress import FetchProgress
    from impasto.cli.session import paint
    from impasto.methods import checkpoint as checkpoints
    from impasto.methods import state_file
    from impasto.painting import resumed
    from impasto.settings import from_stored
    from impasto.training.stylizers.run import FORMAT as TRAINING
    from impasto.workflows.film.paths import FORMAT as FILM

    verbosity = verbosity_of(quiet or as_json, verbose)
    kind = state_file.format_of(checkpoint)
    for name, given in (("cluster", cluster), ("scratch", scratch)):
        if given is not None and kind in (TRAINING, FILM):
            raise SettingError(
                f"--{name} goes on with a picture, and {checkpoint} keeps a "
                f"{'training' if kind == TRAINING else 'film'}: leave it out"
            )
    if kind == TRAINING:
        raise typer.Exit(_learn(checkpoint, output, format, verbosity, overwrite, as_json))
    if kind == FILM:
        from impasto.cli.film import resume_film

        raise typer.Exit(resume_film(checkpoint, output, format, verbosity, as_json=as_json))
    state = checkpoints.load(checkpoint)
    outputs = _outputs(state, output, format, overwrite=overwrite)
    settings = from_stored({**state.settings, "threads": state.threads})
    with holders_at(cluster, settings) as (holders, _):
        with FetchProgress("weights", verbosity) as on_fetch:
            painting = resumed(
                state,
                preview_every=outputs.preview_every(int(state.settings["steps"])),
                on_fetch=on_fetch,
                output_format=outputs.format,
                holders=holders,
                scratch=None if scratch is None else str(scratch),
            )
        code = paint(painting, outputs, verbosity, as_json=as_json)
    raise typer.Exit(code)


def _outputs(
    state: Checkpoint, output: str | None, format: str | None, *, overwrite: bool
) -> Outputs:
    """Where a painting that goes on is written, checked.

    Raises:
        OutputError: it was begun for standard output, or a place cannot be written.
    """
    from impasto.cli.outputs import Outputs, output_of
    from impasto.files import check_absent

    outputs = Outputs.from_json(state.outputs)
    inputs = [Path(file.path) for file in state.inputs.values()]
    if state.settings.get("weights_file"):
        inputs.append(Path(state.settings["weights_file"]))
    if output is not None:
        place = output_of(output, [])
        if place is not None and not overwrite:
            check_absent(place)
        kept = outputs.chosen_format if place is None else None
        outputs = replace(outputs, output=place, chosen_format=format or kept)
    elif outputs.output is None:
        raise OutputError(
            "this painting was begun for standard output: say where it goes now, -o FILE or "
            f"-o {STANDARD} > FILE"
        )
    elif format is not None:
        outputs = replace(outputs, chosen_format=format)
    bits = 16 if state.settings.get("bits") == "16" else 8
    outputs.check(inputs, bits, overwrite=True)  # with what it wrote itself
    outputs.check_rescue(overwrite=overwrite)
    return outputs


def _learn(
    checkpoint: Path,
    output: str | None,
    format: str | None,
    verbosity: int,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Go on with a training.

    Raises:
        OutputError: an option is of pictures alone.
    """
    from impasto.cli.training import resume_training

    if format is not None or output == STANDARD:
        option = f"--format {format}" if format is not None else f"-o {STANDARD}"
        raise OutputError(
            f"{option} is for pictures, and this checkpoint is of a training: leave it out"
        )
    place = None if output is None else Path(output)
    return resume_training(checkpoint, place, verbosity, overwrite=overwrite, as_json=as_json)
