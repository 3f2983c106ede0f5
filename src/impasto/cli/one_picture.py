"""What every command has that paints one picture: where it goes, how it is told, who paints it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from impasto.asked import Asked
from impasto.cli.help import everyday
from impasto.cli.options import (
    OUTPUT,
    cluster_option,
    format_option,
    json_option,
    log_option,
    option,
    output_option,
    overwrite_option,
    plot_option,
    quiet_option,
    server_option,
    token_option,
    verbose_option,
    verbosity_of,
    with_options,
)
from impasto.cli.outputs import Outputs, output_of
from impasto.cli.progress import FetchProgress
from impasto.cli.standard_input import STANDARD, Source, StandardInput, with_standard_input
from impasto.errors import CheckpointError, SettingError
from impasto.reports.film import FILM_FORMATS
from impasto.samples.lookup import located
from impasto.settings import StyleSettings
from impasto.settings.model_files import ONE_PASS, model_file
from impasto.task import Role, StyleTask, files_of, start_file

__all__ = ["Wanted", "paint_one", "with_outputs"]


@dataclass(frozen=True)
class Wanted:
    """What was typed of the options that `with_outputs` adds, under their names.

    Attributes:
        plan: that words came to, for a program that reads it.
    """

    output: str | None = None
    format: str | None = None
    overwrite: bool = False
    plot: Path | None = None
    log: Path | None = None
    film: Path | None = None
    deep_zoom: Path | None = None
    save_every: int = 0
    checkpoint: Path | None = None
    checkpoint_every: int = 25
    cluster: str | None = None
    server: str | None = None
    token: str | None = None
    verbose: bool = False
    quiet: bool = False
    as_json: bool = False
    plan: Mapping[str, Any] | None = None

    @property
    def verbosity(self) -> int:
        """As `Progress` takes it."""
        return verbosity_of(self.quiet or self.as_json, self.verbose)


def with_outputs(
    command: Callable[..., None], name: str = "PHOTO-STYLE.png"
) -> Callable[..., None]:
    """Give a command the options of a picture, in place of its parameter `wanted`, a `Wanted`.

    Args:
        command: which.
        name: of the file that is written without `-o`, for the help.
    """
    file = output_option(OUTPUT, "OUT", f"painting, {STANDARD} for standard output", name)
    output = inspect.Parameter(
        "output",
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[str | None, file],
    )
    others = inspect.signature(_options, eval_str=True).parameters.values()
    return with_options(command, "wanted", [output, *others], lambda typed: Wanted(**typed))


def _options(
    *,
    format: Annotated[str | None, format_option(OUTPUT, ", or under its default name")] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT, keeps=True)] = False,
    plot: Annotated[Path | None, plot_option(OUTPUT)] = None,
    log: Annotated[Path | None, log_option(OUTPUT)] = None,
    film: Annotated[
        Path | None,
        everyday(
            option(
                OUTPUT,
                metavar="FILE",
                help="Make a film of the painting, from the photograph to the finished "
                f"picture: {' or '.join(FILM_FORMATS)}.",
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
            OUTPUT,
            metavar="FILE",
            help="Keep a checkpoint that `impasto resume` continues from.",
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
) -> None:
    """The options of a picture but `-o`, as a signature."""


def paint_one(
    named: StyleTask[str] | Asked[str],
    settings: StyleSettings,
    wanted: Wanted,
    title: str | None = None,
) -> int:
    """Check everything, then paint a picture here, on a cluster or on a server, and write it.

    Args:
        named: what was typed; `-` in it is standard input.
        settings: complete.
        wanted: where it goes.
        title: what its file is called without `-o`; None for the names of its pictures.

    Returns:
        The exit code, as `impasto.cli.session.paint` gives it.

    Raises:
        ImpastoError: whatever is wrong, before anything is painted.
    """
    if start_file(settings.init) == STANDARD:
        raise SettingError(
            f"init is {settings.init}, and standard input can be the photograph, a style or a "
            "mask: name a file to start from"
        )
    task: StyleTask[Source] | Asked[Source] = located(with_standard_input(named))
    given = task.given()
    if wanted.checkpoint is not None:
        _check_can_be_found_again(given)
    place = output_of(wanted.output, _named_after(given, settings, title), wanted.format)
    outputs = Outputs(
        place,
        wanted.plot,
        wanted.log,
        wanted.save_every,
        wanted.checkpoint,
        wanted.checkpoint_every,
        wanted.film,
        wanted.format,
        wanted.deep_zoom,
        wanted.plan,
    )
    if wanted.server is not None and wanted.deep_zoom is not None:
        raise SettingError(
            "--deep-zoom is written where the picture is painted: leave it out with --server"
        )
    inputs = [Path(name) for name in given.values() if isinstance(name, str | Path)]
    inputs += files_of(settings)
    no_steps = _why_no_steps(settings)
    bits = 16 if settings.bits == "16" else 8
    outputs.check(inputs, bits, no_steps=no_steps, overwrite=wanted.overwrite)
    if wanted.server is not None and wanted.cluster is not None:
        raise SettingError(
            "--server has the picture painted there, and --cluster here: leave one of them out"
        )
    if wanted.server is not None:
        from impasto.cli.remote import paint_there

        return paint_there(
            wanted.server,
            wanted.token,
            task,
            settings,
            outputs,
            wanted.verbosity,
            wanted.as_json,
        )
    if not no_steps:
        outputs.check_rescue(overwrite=wanted.overwrite)
    return _paint_here(task, settings, outputs, wanted)


def _paint_here(
    task: StyleTask[Source] | Asked[Source],
    settings: StyleSettings,
    outputs: Outputs,
    wanted: Wanted,
) -> int:
    from impasto.cli.held import holders_at
    from impasto.cli.session import paint
    from impasto.methods.protocol import RunOptions
    from impasto.painting import paint as run

    with holders_at(wanted.cluster, settings) as (holders, chosen):
        with FetchProgress(f"weights of {chosen.backbone}", wanted.verbosity) as on_fetch:
            every = outputs.preview_every(chosen.steps)
            options = RunOptions(every, on_fetch, output_format=outputs.format, holders=holders)
            painting = run(task, chosen, options)
        return paint(painting, outputs, wanted.verbosity, as_json=wanted.as_json)


def _named_after(
    given: Mapping[str, Source], settings: StyleSettings, title: str | None
) -> list[Source]:
    """What the file of a picture is called after."""
    styles = [given[role] for role in given if Role.parse(role).kind == "style"]
    model = model_file(settings.model)
    if not styles and model is not None:
        styles.append(str(model))
    return [given["content"] if title is None else title, *styles]


def _why_no_steps(settings: StyleSettings) -> str:
    """What takes no steps here, in words; empty where some may be taken."""
    if settings.color == "only":
        return "--color only moves colours"
    return f"--method {settings.method} paints at once" if settings.method in ONE_PASS else ""


def _check_can_be_found_again(given: Mapping[str, Source]) -> None:
    """Refuse a checkpoint of a painting that could not be gone on with.

    Raises:
        CheckpointError: a picture comes from standard input.
    """
    for role, source in given.items():
        if isinstance(source, StandardInput):
            raise CheckpointError(
                f"--checkpoint keeps where the pictures lie, and {Role.parse(role).phrase} comes "
                f"from {source}, which can be read once: save it to a file, or leave --checkpoint "
                "out"
            )
