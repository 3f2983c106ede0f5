"""`impasto train`: a network of one's own that paints one style, or many, in one pass."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from impasto.cli.options import (
    OUTPUT,
    cluster_option,
    json_option,
    log_option,
    option,
    overwrite_option,
    plot_option,
    quiet_option,
    verbosity_of,
)
from impasto.cli.outputs import default_output
from impasto.cli.training import NETWORK, TrainingOutputs, learn
from impasto.errors import SettingError

__all__ = ["train"]

TRAINING, MACHINE = "Training", "Machine"


def train(
    style: Annotated[
        list[str],
        typer.Argument(
            help="The picture to learn from, or the name of a sample (`impasto styles` lists "
            "them); several become rows of one network, by the names of their files.",
            metavar="STYLE",
            show_default=False,
        ),
    ],
    *,
    minutes: Annotated[
        float | None,
        option(
            TRAINING,
            metavar="N",
            help="How long to learn; steps that are timed first say how many steps that is. "
            "[dim]\\[default: 10][/dim]",
        ),
    ] = None,
    steps: Annotated[
        int | None, option(TRAINING, metavar="N", min=1, help="Steps, in place of minutes.")
    ] = None,
    photos: Annotated[
        Path | None,
        option(
            TRAINING,
            metavar="DIR",
            help="Folder of photographs to learn on, a hundred or more. "
            "[dim]\\[default: four that come with impasto][/dim]",
        ),
    ] = None,
    width: Annotated[
        str,
        option(
            TRAINING,
            metavar="s|m|l",
            help="Size of the network; s and l start from scratch, and learn for longer.",
            show_default=True,
        ),
    ] = "m",
    begins: Annotated[
        str | None,
        option(
            TRAINING,
            "--from",
            metavar="brush|scratch",
            help="What to start from: the bundled network, or random numbers. "
            "[dim]\\[default: brush for width m][/dim]",
        ),
    ] = None,
    adversarial: Annotated[
        float,
        option(
            TRAINING,
            metavar="X",
            min=0,
            help="Weight of a critic that learns to tell paintings from parts of the style, in the "
            "last third.",
            show_default=True,
        ),
    ] = 0.0,
    seed: Annotated[
        int, option(TRAINING, metavar="N", min=0, help="Of all that is drawn.", show_default=True)
    ] = 0,
    comparison: Annotated[
        bool,
        option(
            TRAINING,
            "--comparison/--no-comparison",
            help="Tell at the end how many steps of the optimisation paint as well.",
        ),
    ] = True,
    device: Annotated[
        str,
        option(MACHINE, metavar="cpu|cuda", help="Where to compute.", show_default=True),
    ] = "cpu",
    threads: Annotated[
        int | None,
        option(
            MACHINE,
            metavar="N",
            min=1,
            help="CPU threads. [dim]\\[default: as many as torch takes][/dim]",
        ),
    ] = None,
    cluster: Annotated[str | None, cluster_option(MACHINE, "Learn")] = None,
    output: Annotated[
        Path | None,
        option(
            OUTPUT,
            "-o",
            "--output",
            metavar="OUT",
            help=f"Where to save the network, {NETWORK}. "
            f"[dim]\\[default: STYLE{NETWORK} here, numbered where that is there][/dim]",
        ),
    ] = None,
    preview: Annotated[
        Path | None,
        option(
            OUTPUT,
            metavar="FILE",
            help="Sheet of what it paints so far, every 30 seconds. "
            "[dim]\\[default: OUT-preview.png][/dim]",
        ),
    ] = None,
    plot: Annotated[Path | None, plot_option(OUTPUT)] = None,
    log: Annotated[Path | None, log_option(OUTPUT)] = None,
    overwrite: Annotated[bool, overwrite_option(OUTPUT, keeps=True)] = False,
    quiet: Annotated[bool, quiet_option(OUTPUT)] = False,
    as_json: Annotated[bool, json_option(OUTPUT)] = False,
) -> None:
    """Learn a style of your own, or several, into a network that paints in one pass.

    A stop keeps a checkpoint, and `impasto resume` goes on from it.
    """
    from impasto.samples.lookup import sample_or
    from impasto.training.stylizers import Training

    inputs = [Path(sample_or("style", name)) for name in style]
    output = output or default_output(inputs if len(inputs) == 1 else ["styles"], NETWORK)
    outputs = TrainingOutputs(output, preview, plot, log)
    outputs.check(inputs, overwrite=overwrite)
    begin = partial(
        Training.begin,
        inputs,
        minutes=minutes,
        steps=steps,
        photos=photos,
        width=width,  # type: ignore[arg-type]  # checked there
        begins=begins,  # type: ignore[arg-type]
        adversarial=adversarial,
        seed=seed,
        compares=comparison,
    )
    verbosity = verbosity_of(quiet or as_json)
    if cluster is None:
        training = begin(device=device, threads=threads)
        raise typer.Exit(learn(training, outputs, verbosity, as_json=as_json))
    if device != "cpu":
        raise SettingError(f"device is {device}, and a cluster learns on CPUs: leave one out")
    from impasto.cli.progress import print_line
    from impasto.workflows.on_cluster import THREADS
    from impasto.workflows.shared_training import shares_of

    say = partial(print_line, above=None)
    with shares_of(cluster, threads, say) as (count, elsewhere):
        training = begin(threads=threads or THREADS, shares=count, elsewhere=elsewhere)
        code = learn(training, outputs, verbosity, as_json=as_json, cluster=cluster)
    raise typer.Exit(code)
