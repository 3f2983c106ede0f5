"""A training of this process at the command line: follow it, write what was asked, lose nothing."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.cli import json_line
from impasto.cli.outputs import check_distinct
from impasto.cli.progress import Progress, print_line
from impasto.cli.runner import Command, follow, stop_sentence
from impasto.errors import (
    CheckpointError,
    ClusterError,
    ImpastoError,
    InputError,
    MissingPackageError,
    OutputError,
)
from impasto.events import Event, Finished, Part, Preview, Started, Step
from impasto.files import check_absent, check_place
from impasto.text import format_about, format_bytes, format_path

if TYPE_CHECKING:
    from impasto.reports import Log
    from impasto.training.stylizers import Training

__all__ = ["NETWORK", "TrainingOutputs", "learn", "resume_training"]

NETWORK, CHECKPOINT, PREVIEW = ".safetensors", ".checkpoint.safetensors", "-preview.png"


@dataclass(frozen=True)
class TrainingOutputs:
    """Where a training writes.

    Attributes:
        output: the network.
        preview: the sheet of what it paints so far; None for a file beside the output.
        plot: the loss curves.
        log: the events, one JSON object a line.
    """

    output: Path
    preview: Path | None = None
    plot: Path | None = None
    log: Path | None = None

    @property
    def sheet(self) -> Path:
        """Where the preview goes."""
        return self.preview or self.output.with_name(f"{self.output.stem}{PREVIEW}")

    @property
    def checkpoint(self) -> Path:
        """The state to go on from; gone when the network is there."""
        return self.output.with_name(f"{self.output.stem}{CHECKPOINT}")

    def check(self, inputs: Sequence[Path], *, overwrite: bool) -> None:
        """Refuse what could not be written at the end, or would overwrite an input.

        Args:
            inputs: pictures that it reads.
            overwrite: whether what is there already may be replaced; a checkpoint of a training
                always may, one of other work never.

        Raises:
            OutputError: naming the place and the remedy.
        """
        from impasto import imaging
        from impasto.reports.curves import check_plot

        if self.output.suffix != NETWORK:
            raise OutputError(
                f"{format_path(self.output)} is no name for a network: end it in {NETWORK}"
            )
        places = {"network": self.output, "preview": self.sheet, "plot": self.plot}
        places |= {"log": self.log, "checkpoint": self.checkpoint}
        written = {what: path for what, path in places.items() if path is not None}
        for what, path in written.items():
            check_place(path, inputs=inputs, replaced=what != "log")
        check_distinct(written)
        for what, path in written.items():
            if not overwrite and what != "checkpoint":
                check_absent(path)
        if self.checkpoint.exists():
            from impasto.methods import state_file
            from impasto.training.stylizers.run import FORMAT

            state_file.check_own(self.checkpoint, FORMAT, "this training", overwrite=overwrite)
        imaging.check_output(self.sheet, inputs=list(inputs))
        if self.plot is not None:
            check_plot(self.plot)

    def as_json(self) -> dict[str, str | None]:
        """For a checkpoint: absolute paths, so that `resume` works from any folder."""
        paths = {part.name: getattr(self, part.name) for part in fields(self)}
        return {name: str(path.absolute()) if path else None for name, path in paths.items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TrainingOutputs:
        """The outputs of the training that a checkpoint is of.

        Raises:
            CheckpointError: it names none, as one from a library call.
        """
        if not data.get("output"):
            raise CheckpointError(
                "this checkpoint names no output: it was written by a program, which has to "
                "resume it itself with Training.resumed(…); or name one with -o"
            )
        names = {part.name for part in fields(cls)}
        return cls(**{name: Path(path) for name, path in data.items() if name in names and path})


def learn(
    training: Training,
    outputs: TrainingOutputs,
    verbosity: int,
    *,
    as_json: bool,
    cluster: str | None = None,
) -> int:
    """Follow a training to its end and write its outputs.

    Args:
        training: fresh, or made to go on.
        outputs: already checked.
        verbosity: as for `Progress`.
        as_json: whether a line of JSON is printed at the end, and nothing else.
        cluster: that learns, kept for whoever goes on.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the network so far
        and a checkpoint are written.
    """
    training.outputs = outputs.as_json() | ({} if cluster is None else {"cluster": cluster})
    return follow(_events(training), _Following(training, outputs, verbosity, as_json))


def resume_training(
    checkpoint: Path, output: Path | None, verbosity: int, *, overwrite: bool, as_json: bool
) -> int:
    """Go on with a training that was stopped; its exit code.

    Args:
        checkpoint: what it kept.
        output: where the network goes in place of where it was to go.
        verbosity, as_json: as for `learn`.
        overwrite: whether a file at `output` may be replaced.
    """
    from impasto.training.stylizers import Training

    training = Training.resumed(checkpoint)
    known = training.outputs if output is None else training.outputs | {"output": str(output)}
    outputs = TrainingOutputs.from_json(known)
    if output is not None and not overwrite:
        check_absent(output)
    inputs = [Path(file.path) for file in (*training.styles, *training.photographs.files)]
    outputs.check(inputs, overwrite=True)  # with what it wrote itself
    cluster = training.outputs.get("cluster")
    with ExitStack() as stack:
        if cluster is not None:
            from impasto.workflows.shared_training import shares_of

            say = partial(print_line, above=None)
            try:
                place = shares_of(cluster, training.threads, say)
                _, training.learning.elsewhere = stack.enter_context(place)
            except (ClusterError, MissingPackageError) as error:
                print_line(f"{error}; until then it goes on here", None)
        return learn(training, outputs, verbosity, as_json=as_json, cluster=cluster)


def _events(training: Training) -> Iterator[Event]:
    """A generator, which `follow` can close."""
    yield from training


class _Following(Command[Event]):
    """A training that this process does."""

    def __init__(
        self, training: Training, outputs: TrainingOutputs, verbosity: int, as_json: bool
    ) -> None:
        from impasto.reports import Log

        self._training, self._outputs = training, outputs
        self.quiet, self._as_json = verbosity < 0, as_json
        self._progress = Progress(verbosity)
        past = list(training.past_events())
        self._steps = [event for event in past if isinstance(event, Step)]
        self._notes: list[str] = []
        self._log: Log | None = None if outputs.log is None else Log(outputs.log, past)
        self._troubles: dict[str, InputError] = {}
        self._compares = False

    def take(self, event: Event) -> None:
        if isinstance(event, Step):
            self._steps.append(event)
        if isinstance(event, Started | Finished):
            self._notes += event.notes
        if isinstance(event, Part) and not self._compares:
            self._compares = True
            self._progress.say("paints some pictures by optimisation, to compare with")
        self._progress(event)
        if self._log is not None:
            self._survives(self._log, event)
        if isinstance(event, Preview):
            self._survives(self._write_preview, event)
            self._survives(self._training.keep, self._outputs.checkpoint)
            if event.step == self._training.learning.course.steps:
                self._save()  # before the comparison, which takes longer and may be stopped

    def finish(self) -> int:
        self._training.forget(self._outputs.checkpoint)
        self._survives(self._plot)
        trouble = next(iter(self._troubles.values()), None)
        if self._as_json:
            record = self._record()
            if trouble is not None:
                record |= json_line.failure(str(trouble), trouble.exit_code)
            json_line.print_json(record)
            return int(record.get("exit_code", 0))
        if not self.quiet:
            self._print_results()
        if trouble is not None:
            raise trouble
        return 0

    def stop(self) -> str:
        outputs = self._outputs
        # The checkpoint first: from it all the rest can be had again.
        has_checkpoint = self._survives(self._training.keep, outputs.checkpoint)
        kept = []
        if self._steps and self._survives(self._training.save, outputs.output):
            kept.append(f"the network so far is in {format_path(outputs.output)}")
        if has_checkpoint:
            size = format_bytes(outputs.checkpoint.stat().st_size)
            kept.append(f"a checkpoint is in {format_path(outputs.checkpoint)}, {size}")
        self._survives(self._plot)
        return stop_sentence(
            after=f"step {len(self._steps)} of {self._training.learning.course.steps}",
            state=", ".join(kept),
            resume=f"go on with: {self._resumption()}" if has_checkpoint else "",
        )

    def report_stop(self, sentence: str, exit_code: int) -> None:
        if self._as_json:
            said = "; ".join([sentence, *self._troubles])
            json_line.print_json(json_line.failure(said, exit_code))
        else:
            super().report_stop(sentence, exit_code)

    def rescue(self, error: ImpastoError) -> ImpastoError:
        self._survives(self._plot)
        return error

    def close(self) -> None:
        self._progress.close()
        if self._log is not None:
            self._log.close()

    def _resumption(self) -> str:
        return f"impasto resume {shlex.quote(str(self._outputs.checkpoint))}"

    def _save(self) -> None:
        try:
            self._training.save(self._outputs.output)
        except OutputError as error:
            self._training.keep(self._outputs.checkpoint)
            raise OutputError(
                f"{error}; what was learnt is kept: when there is room, {self._resumption()}"
            ) from None

    def _write_preview(self, event: Preview) -> None:
        import numpy as np

        from impasto import imaging

        imaging.write(self._outputs.sheet, np.asarray(event.picture, np.float32) / 255)

    def _plot(self) -> None:
        from impasto.reports import plot_losses

        if self._outputs.plot is not None:
            plot_losses(self._steps, self._outputs.plot)

    def _print_results(self) -> None:
        names, output = self._training.names, self._outputs.output
        styles = names[0] if len(names) == 1 else f"{len(names)} styles"
        size = format_bytes(output.stat().st_size)
        took = format_about(self._training.seconds)
        print(f"{output}  {styles}, {len(self._steps)} steps, {took}, {size}")
        print(f"{self._outputs.sheet}  what it paints")
        row = "" if len(names) == 1 else f":{names[0]}"
        model = shlex.quote(f"{output}{row}")
        print(f"\nPaint with it:\nimpasto stylize YOUR-PHOTO.jpg --model {model} -o painted.png")

    def _record(self) -> dict[str, Any]:
        return {
            "output": str(self._outputs.output),
            "preview": str(self._outputs.sheet),
            "styles": list(self._training.names),
            "steps": len(self._steps),
            "seconds": round(self._training.seconds, 3),
            "losses": dict(self._steps[-1].losses) if self._steps else None,
            "notes": self._notes,
        }

    def _survives(self, write: Callable[..., object], *arguments: object) -> bool:
        """Whether something could be written; if not, the reason is told once and kept."""
        try:
            write(*arguments)
        except (OutputError, CheckpointError) as error:
            if str(error) not in self._troubles:
                self._progress.say(f"impasto: {error}")
            self._troubles[str(error)] = error
            return False
        return True
