"""A painting at the command line: run it, write what was asked for, lose nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.cli.outputs import Outputs
from impasto.cli.progress import Progress
from impasto.errors import CheckpointError, InputError, NonFiniteError, OutputError
from impasto.events import Event, Preview, Step
from impasto.signals import Stop

if TYPE_CHECKING:
    from impasto.methods.protocol import Run

__all__ = ["paint"]


class _Troubles:
    """Outputs that failed on the way: told at once, and the painting goes on without them."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._told: dict[str, InputError] = {}

    def survive(self, write: Callable[..., None], *arguments: object) -> bool:
        """Write, and remember what could not be; whether it could."""
        try:
            write(*arguments)
        except (OutputError, CheckpointError) as error:
            if str(error) not in self._told:
                self._progress.say(f"impasto: {error}")
            self._told[str(error)] = error
            return False
        return True

    def tell(self) -> None:
        """Raise the first trouble, now that the picture is safe."""
        for error in self._told.values():
            raise error


def paint(painting: Run, outputs: Outputs, verbosity: int = 0) -> int:
    """Run a painting to its end and write its outputs.

    Args:
        painting: fresh, or made to resume.
        outputs: already checked.
        verbosity: as for `Progress`.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the picture so
        far and a checkpoint are written.

    Raises:
        NonFiniteError: after the last good picture was written.
    """
    from impasto.reports import Log

    progress, stop = Progress(verbosity), Stop()
    troubles = _Troubles(progress)
    log = Log(outputs.log, painting.past_events()) if outputs.log else None
    steps = [event for event in painting.past_events() if isinstance(event, Step)]
    try:
        with stop.listening():
            for event in painting:
                progress(event)
                if log is not None:
                    troubles.survive(log, event)
                if isinstance(event, Step):
                    steps.append(event)
                troubles.survive(_write_on_the_way, painting, outputs, event)
                if stop.asked and isinstance(event, Step):
                    # The checkpoint first: from it all the rest can be had again.
                    kept = troubles.survive(_save_checkpoint, painting, outputs, outputs.rescue)
                    seen = troubles.survive(_write_results, painting, outputs, steps)
                    progress.close()
                    progress.say(_farewell(outputs, event, seen, kept))
                    return stop.exit_code
            _write_or_rescue(painting, outputs, steps)
    except NonFiniteError as error:
        if error.result is None:
            raise
        error.result.save(outputs.output)
        _plot(outputs, steps)
        raise NonFiniteError(f"{error}; the last good picture is in {outputs.output}") from None
    finally:
        progress.close()
        if log is not None:
            log.close()
    if verbosity >= 0:
        height, width = painting.shape
        print(
            f"{outputs.output}  {width} x {height} px, {len(steps)} steps, {painting.seconds:.1f} s"
        )
    troubles.tell()
    return 0


def _write_on_the_way(painting: Run, outputs: Outputs, event: Event) -> None:
    if isinstance(event, Preview):
        painting.result().save(outputs.numbered(event.step))
    elif outputs.checkpoint is not None and isinstance(event, Step):
        due = event.step % outputs.checkpoint_every == 0
        if due:
            _save_checkpoint(painting, outputs, outputs.checkpoint)


def _write_results(painting: Run, outputs: Outputs, steps: list[Step]) -> None:
    painting.result().save(outputs.output)
    _plot(outputs, steps)


def _write_or_rescue(painting: Run, outputs: Outputs, steps: list[Step]) -> None:
    """Write the results; if the picture cannot be, keep the work in a checkpoint."""
    try:
        painting.result().save(outputs.output)
    except OutputError as error:
        _save_checkpoint(painting, outputs, outputs.rescue)
        raise OutputError(
            f"{error}; the work is kept: when there is room, impasto resume {outputs.rescue}"
        ) from None
    _plot(outputs, steps)


def _plot(outputs: Outputs, steps: list[Step]) -> None:
    from impasto.reports import plot_losses

    if outputs.plot is not None:
        plot_losses(steps, outputs.plot)


def _farewell(outputs: Outputs, event: Step, seen: bool, kept: bool) -> str:
    """What was saved of a run that was stopped, and how to go on."""
    said = f"stopped after step {event.step} of {event.steps}"
    if seen:
        said += f": the picture so far is in {outputs.output}"
    return f"{said}; go on with: impasto resume {outputs.rescue}" if kept else said


def _save_checkpoint(painting: Run, outputs: Outputs, path: Path) -> None:
    from impasto.methods import checkpoint

    checkpoint.save(painting.checkpoint(outputs.as_json()), path)
