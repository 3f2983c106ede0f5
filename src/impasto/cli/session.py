"""A painting at the command line: run it, write what was asked for, lose nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.cli import json_line
from impasto.cli.outputs import Outputs
from impasto.cli.progress import Progress
from impasto.cli.runner import Command, follow, stop_sentence
from impasto.cli.standard_output import send_picture
from impasto.errors import CheckpointError, ImpastoError, InputError, NonFiniteError, OutputError
from impasto.events import Event, Finished, Part, Started, Step
from impasto.settings import StyleSettings
from impasto.signals import PIPE_CLOSED
from impasto.text import format_bytes, format_path

if TYPE_CHECKING:
    from impasto.methods.protocol import Run
    from impasto.reports import Film, Log

__all__ = ["Painting", "paint"]


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
        self._troubles: dict[str, InputError] = {}
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

    def _record(self, shape: tuple[int, int], seconds: float) -> dict[str, Any]:
        return json_line.painting(
            self.outputs.output,
            self.outputs.format,
            shape,
            seconds,
            started=self._started,
            steps=self.steps,
            settings=self._settings,
            notes=self.notes,
        )

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
        except (OutputError, CheckpointError) as error:
            if str(error) not in self._troubles:
                self.progress.say(f"impasto: {error}")
            self._troubles[str(error)] = error
            return False
        return True


def paint(
    run: Run,
    outputs: Outputs,
    verbosity: int = 0,
    *,
    as_json: bool = False,
    on_event: Callable[[Event], None] = lambda _: None,
) -> int:
    """Follow a run to its end and write its outputs.

    Args:
        run: fresh, or made to resume.
        outputs: already checked.
        verbosity: as for `Progress`.
        as_json: as for `Painting`.
        on_event: called with every event before it is shown.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the picture so
        far and a checkpoint are written.

    Raises:
        NonFiniteError: after the last good picture was written.
    """
    return follow(iter(run), _LocalPainting(run, outputs, verbosity, as_json, on_event))


class _LocalPainting(Painting):
    """A picture that this process paints."""

    def __init__(
        self,
        run: Run,
        outputs: Outputs,
        verbosity: int,
        as_json: bool,
        on_event: Callable[[Event], None],
    ) -> None:
        super().__init__(outputs, run.settings, verbosity, as_json)
        self._run, self._on_event = run, on_event
        self.open_log(run.past_events())

    def take(self, event: Event) -> None:
        self._on_event(event)
        super().take(event)

    def write_on_the_way(self, event: Event) -> None:
        if self.film is not None:
            self._show(event, self.film)
        every = self.outputs.save_every
        if isinstance(event, Step) and every and event.step % every == 0:
            self.survives(self._write_numbered, event.step)
        # After it: what goes on from the checkpoint does not paint that step again.
        if self.outputs.checkpoint is not None and self._is_due(event):
            self._save_checkpoint(self.outputs.checkpoint)

    def _show(self, event: Event, film: Film) -> None:
        """Add to the film what there is to see: the photograph, previews, the end."""
        if isinstance(event, Started):
            film.add(self._run.picture())
            if event.first_step > 1:
                self.remark(
                    "the film has no frames from before the checkpoint: it goes from the "
                    f"photograph to step {event.first_step} at once"
                )
        film(event)

    def _write_numbered(self, step: int) -> None:
        self._run.result().save(self.outputs.numbered(step))

    def _is_due(self, event: Event) -> bool:
        """Whether a checkpoint is: after every part, which is larger than a step, of the work."""
        if isinstance(event, Step):
            return event.step % self.outputs.checkpoint_every == 0
        return isinstance(event, Part)

    def write_results(self) -> tuple[tuple[int, int], float]:
        """Write picture and curves; if the picture cannot be, keep the work in a checkpoint."""
        try:
            self._write_picture()
        except OutputError as error:
            rescue = self.outputs.rescue
            if rescue is None:
                raise
            try:
                self._save_checkpoint(rescue)
            except OutputError:
                raise OutputError(f"{error}; nor could a checkpoint be kept beside it") from None
            except CheckpointError as reason:
                raise OutputError(f"{error}; nor could a checkpoint be kept ({reason})") from None
            raise OutputError(
                f"{error}; the work is kept: when there is room, {self._resumption(rescue)}"
            ) from None
        self.write_film()
        self.plot()
        return self._run.shape, self._run.seconds

    def _write_picture(self) -> None:
        """Write the picture as it is now to its file or to standard output."""
        result = self._run.result()
        if self.outputs.output is None:
            self.send(result.to_bytes(self.outputs.format))
        else:
            result.save(self.outputs.output)

    def _resumption(self, checkpoint: Path) -> str:
        """The command that goes on from a checkpoint."""
        where = " -o OUT" if self.outputs.output is None else ""
        return f"impasto resume {checkpoint}{where}"

    def stop(self) -> str:
        rescue = self.outputs.rescue
        # The checkpoint first: from it all the rest can be had again.
        has_checkpoint = rescue is not None and self.survives(self._save_checkpoint, rescue)
        has_picture = self.survives(self._write_picture_so_far) and self.outputs.output is not None
        has_film = self.film is not None and self.survives(self._write_film_so_far, self.film)
        kept = [f"the picture so far is in {self.outputs.output}"] if has_picture else []
        kept += [f"the film so far in {self.outputs.film}"] if has_film else []
        if rescue is not None and has_checkpoint:
            size = format_bytes(rescue.stat().st_size)
            kept.append(f"a checkpoint is in {rescue}, {size}")
        return stop_sentence(
            after=self.extent,
            but="" if self.outputs.output is not None else self._unsent(),
            state=", ".join(kept),
            resume=f"go on with: {self._resumption(rescue)}" if rescue and has_checkpoint else "",
        )

    def _unsent(self) -> str:
        """Why there is no picture on standard output: its reader would take it for the finished."""
        asked = "" if self.outputs.rescue else ", and no --checkpoint was asked for"
        return f"standard output takes the finished picture alone{asked}"

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Keep the last good picture of a run whose losses stayed NaN or infinite."""
        if not isinstance(error, NonFiniteError) or error.result is None:
            return error
        if self.outputs.output is not None:
            error.result.save(self.outputs.output)
            end = f"the last good picture is in {self.outputs.output}"
        else:
            end = "standard output takes the finished picture alone: -o FILE keeps the last good"
        self.write_film()
        self.plot()
        return NonFiniteError(f"{error}; {end}")

    def _write_film_so_far(self, film: Film) -> None:
        film.add(self._run.picture())
        self.write_film()

    def _write_picture_so_far(self) -> None:
        if self.outputs.output is not None:
            self._write_picture()
        self.plot()

    def _save_checkpoint(self, path: Path) -> None:
        from impasto.methods import checkpoint

        checkpoint.save(self._run.checkpoint(self.outputs.as_json()), path)
