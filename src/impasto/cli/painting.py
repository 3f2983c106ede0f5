"""What every painting at the command line has, wherever it is painted: its sight and its ends."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from impasto.cli import json_line
from impasto.cli.outputs import Outputs
from impasto.cli.progress import Progress
from impasto.cli.runner import Command
from impasto.cli.standard_output import send_picture
from impasto.errors import CheckpointError, ClusterError, ImpastoError, OutputError
from impasto.events import Event, Finished, Part, Started, Step
from impasto.settings import StyleSettings
from impasto.signals import PIPE_CLOSED
from impasto.text import format_bytes, format_path

if TYPE_CHECKING:
    from impasto.reports import Film, Log

__all__ = ["Painting"]


class Painting(Command[Event]):
    """One picture that is painted somewhere: its bar, its log and what is written on the way.

    An output that fails on the way is told at once, and the painting goes on without it.

    Args:
        outputs: already checked.
        settings: of the painting.
        verbosity: as for `Progress`.
        as_json: whether a line of JSON is printed at the end, and nothing else.

    Attributes:
        outputs: as given.
        progress: shows the events.
        steps: all so far, those before a checkpoint too.
        film: of it, if one is wanted.
        notes: on the painting so far, a sentence each.
        extent: how far it is: "step 4 of 16", "tile 2 of 9"; empty before there is anything.
    """

    def __init__(
        self, outputs: Outputs, settings: StyleSettings, verbosity: int, as_json: bool
    ) -> None:
        from impasto.reports import Film

        self.outputs, self.quiet = outputs, verbosity < 0
        self.as_json, self._settings = as_json, settings
        self.notes: list[str] = []
        self._started = Started(0)
        self.progress = Progress(verbosity)
        self.steps: list[Step] = []
        self.extent, self._parts = "", ""
        self._was_finished = False
        self.film: Film | None = None if outputs.film is None else Film()
        self._log: Log | None = None
        self._troubles: dict[str, ImpastoError] = {}
        self._reader_left = False

    def open_log(self, earlier: Iterable[Event] = ()) -> None:
        """Make the log ready, if one is wanted.

        Args:
            earlier: events from before a checkpoint.

        Raises:
            OutputError: it cannot be written.
        """
        from impasto.reports import Log

        earlier = list(earlier)
        for event in earlier:
            self._count(event)
        self._was_finished = bool(self.extent)  # until something is painted
        if self.outputs.log is not None:
            self._log = Log(self.outputs.log, earlier)

    def take(self, event: Event) -> None:
        """Show an event, log it, and write what is due after it."""
        self._count(event)
        if isinstance(event, Step | Part):
            self._was_finished = False
        if isinstance(event, Started):
            self._started = event
        if isinstance(event, Started | Finished):
            self.notes += event.notes
        self.progress(event)
        if self._log is not None:
            self.survives(self._log, event)
        self.survives(self.write_on_the_way, event)

    def _count(self, event: Event) -> None:
        if isinstance(event, Step):
            self.steps.append(event)
            self.extent = f"step {event.step} of {event.steps}"
        elif isinstance(event, Part):
            self.extent = f"{event.kind} {event.number} of {event.count}"
            self._parts = f"{event.count} {event.kind}{'s' if event.count > 1 else ''}"

    def write_on_the_way(self, event: Event) -> None:
        """Write what is due after an event: a frame, a numbered picture, a checkpoint."""

    @abstractmethod
    def write_results(self) -> tuple[tuple[int, int], float]:
        """Write the picture, and the film and the loss curves if they are wanted.

        Returns:
            (height, width) of the picture in px, and the seconds it took.
        """

    def finish(self) -> int:
        """Write the results, name them in one line, then raise the first trouble on the way."""
        shape, seconds = self.write_results()
        if self._was_finished:
            self.remark(
                f"this painting was already finished: {format_path(self.outputs.name)} is written "
                "anew"
            )
        trouble = next(iter(self._troubles.values()), None)
        if self.as_json:
            record = self._record(shape, seconds)
            if self._reader_left:
                record |= json_line.failure("whoever read the picture has gone away", PIPE_CLOSED)
            elif trouble is not None:
                record |= json_line.failure(str(trouble), trouble.exit_code)
            json_line.print_json(record)
            return int(record.get("exit_code", 0))
        if self._reader_left:
            return PIPE_CLOSED
        if not self.quiet:
            self._print_results(shape, seconds)
        if trouble is not None:
            raise trouble
        return 0

    def _print_results(self, shape: tuple[int, int], seconds: float) -> None:
        height, width = shape
        work = self._parts if self._parts and not self.steps else f"{len(self.steps)} steps"
        print(f"{self.outputs.name}  {width} x {height} px, {work}, {seconds:.1f} s")
        if self.film is not None and self.outputs.film is not None:
            width, height = self.film.size
            size = format_bytes(self.outputs.film.stat().st_size)
            frames = f"{len(self.film)} frames"
            print(f"{self.outputs.film}  {width} x {height} px, {frames}, {size}")
        if self.outputs.deep_zoom is not None:
            print(f"{self.outputs.deep_zoom / 'index.html'}  to look around in it")

    def _record(self, shape: tuple[int, int], seconds: float) -> dict[str, Any]:
        record = json_line.painting(
            self.outputs.output,
            self.outputs.format,
            shape,
            seconds,
            started=self._started,
            steps=self.steps,
            settings=self._settings,
            notes=self.notes,
        )
        if self.outputs.deep_zoom is not None:
            record["deep_zoom"] = str(self.outputs.deep_zoom)
        if self.outputs.plan is not None:
            record["plan"] = dict(self.outputs.plan)
        return record

    def report_stop(self, sentence: str, exit_code: int) -> None:
        """Say that it was stopped, to a person or a program."""
        if self.as_json:
            said = "; ".join([sentence, *self._troubles])
            json_line.print_json(json_line.failure(said, exit_code))
        else:
            super().report_stop(sentence, exit_code)

    def remark(self, sentence: str) -> None:
        """Say something of the painting that no event tells."""
        self.notes.append(sentence)
        self.progress.say(sentence)

    def send(self, data: bytes) -> None:
        """Write the picture to standard output; who no longer reads it is no error of the work.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            send_picture(data)
        except BrokenPipeError:
            self._reader_left = True

    def close(self) -> None:
        """Take the bar away and close the log."""
        self.progress.close()
        if self._log is not None:
            self._log.close()

    def plot(self) -> None:
        """Draw the loss curves, if they are wanted."""
        from impasto.reports import plot_losses

        if self.outputs.plot is not None:
            plot_losses(self.steps, self.outputs.plot)

    def write_film(self) -> None:
        """Write the film as far as it is, if it is wanted."""
        if self.film is not None and self.outputs.film is not None:
            self.film.save(self.outputs.film)

    def survives(self, write: Callable[..., None], *arguments: object) -> bool:
        """Whether something could be written; if not, the reason is told once and kept."""
        try:
            write(*arguments)
        except (OutputError, CheckpointError, ClusterError) as error:
            if str(error) not in self._troubles:
                self.progress.say(f"impasto: {error}")
            self._troubles[str(error)] = error
            return False
        return True
