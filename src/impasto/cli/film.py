"""A film at the command line: follow its painting, write what was asked, lose nothing."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.cli import json_line
from impasto.cli.film_progress import FilmProgress
from impasto.cli.runner import Command, follow, stop_sentence
from impasto.cli.standard_input import STANDARD
from impasto.cli.standard_output import check_takes_picture, send_picture
from impasto.errors import CheckpointError, FilmError, ImpastoError, OutputError
from impasto.files import check_absent
from impasto.signals import PIPE_CLOSED
from impasto.text import format_about, format_bytes, format_path
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmStarted,
)

if TYPE_CHECKING:
    from impasto.workflows.film.order import Order

__all__ = ["FilmOutputs", "Following", "paint", "pipe", "resume_film"]

PREVIEW_EVERY_S = 3.0


@dataclass(frozen=True)
class FilmOutputs:
    """Where a film command writes.

    Attributes:
        output: the film, a folder or a pattern; None for standard output.
        preview: the latest frame, as a picture; None for none.
        plan: that words came to, which a program is told beside the film.
    """

    output: Path | None
    preview: Path | None = None
    plan: Mapping[str, Any] | None = None

    def check(self, inputs: Sequence[str], *, overwrite: bool) -> None:
        """Refuse what could not be written at the end, or would overwrite an input.

        Args:
            inputs: files that are read; names of samples are passed over.
            overwrite: whether what is there already may be replaced.

        Raises:
            OutputError: naming the place and the remedy.
        """
        from impasto import imaging

        files = [Path(name) for name in inputs if Path(name).is_file()]
        if self.output is None:
            check_takes_picture()
        else:
            self._check_not_begun(self.output, overwrite=overwrite)
        if self.preview is not None:
            imaging.check_output(self.preview, inputs=files)
            if not overwrite:
                check_absent(self.preview)

    @staticmethod
    def _check_not_begun(output: Path, *, overwrite: bool) -> None:
        """Refuse to lose what is there, and what was painted before a stop."""
        from impasto.media.film import output_kind
        from impasto.media.sequences import pictures_of
        from impasto.workflows.film.paths import journal_path

        if not overwrite:
            check_absent(output)
            if output_kind(output) == "pictures":
                with suppress(FilmError):  # there are none
                    check_absent(pictures_of(output)[0])
        if journal_path(output).exists():
            from impasto.workflows.film.begun import check_not_begun

            check_not_begun(output, overwrite=overwrite, option="--overwrite")

    @property
    def preview_every_s(self) -> float:
        """Seconds between two previews; 0 where nobody looks at them."""
        return 0.0 if self.preview is None else PREVIEW_EVERY_S

    def as_json(self) -> dict[str, Any]:
        """For a journal: absolute paths, so that `resume` works from any folder."""
        return {"preview": None if self.preview is None else str(self.preview.absolute())}


def paint(
    order: Order,
    outputs: FilmOutputs,
    verbosity: int = 0,
    *,
    as_json: bool = False,
    jobs: int = 1,
    cluster: str | None = None,
    overwrite: bool = False,
) -> int:
    """Paint a film from its beginning; its exit code.

    Args:
        order: what is asked.
        outputs: checked already.
        verbosity: -1 says nothing, 0 what matters.
        as_json: whether a line of JSON is printed at the end, and nothing else.
        jobs: shots that are painted at once.
        cluster: where they are painted; None for this machine.
        overwrite: whether what an earlier run of this film has painted is dropped.

    Returns:
        0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the journal is kept.
    """
    from impasto.workflows.film.run import run

    events = run(
        order,
        jobs=jobs,
        cluster=cluster,
        preview_every_s=outputs.preview_every_s,
        outputs=outputs.as_json(),
        overwrite=overwrite,
    )
    return follow(events, Following(outputs, verbosity, as_json, order.name))


def resume_film(
    checkpoint: Path, output: str | None, format: str | None, verbosity: int, *, as_json: bool
) -> int:
    """Go on with a film that was stopped; its exit code.

    Raises:
        OutputError: another output, where the parts of this one lie beside it.
        CheckpointError: an input is gone or has changed, or the parts are gone.
    """
    from impasto.workflows.film.manifest import Journal
    from impasto.workflows.film.run import go_on

    if output is not None or format is not None:
        option = "-o" if output is not None else "--format"
        raise OutputError(
            f"a film goes on where it was begun, its parts lie there: leave {option} out, and move "
            "it when it is there"
        )
    journal = Journal.load(checkpoint)
    preview = journal.outputs.get("preview")
    assert journal.order.output is not None
    outputs = FilmOutputs(Path(journal.order.output), None if preview is None else Path(preview))
    events = go_on(journal, preview_every_s=outputs.preview_every_s)
    return follow(events, Following(outputs, verbosity, as_json, journal.order.name))


def pipe(
    order: Order,
    outputs: FilmOutputs,
    format: str,
    verbosity: int = 0,
    *,
    as_json: bool = False,
    live: bool = False,
) -> int:
    """Paint a film frame by frame, to standard output or from a camera; its exit code.

    Args:
        order: what is asked; without an output for standard output.
        outputs: checked already.
        format: of the frames on standard output, "y4m" or "raw".
        verbosity, as_json: as for `paint`.
        live: whether the film is a camera or a stream.
    """
    from impasto.workflows.film.stream import stream

    pipe = _Pipe() if order.output is None else None
    events = stream(order, pipe, format, live=live, preview_every_s=outputs.preview_every_s)
    try:
        return follow(events, _Streaming(outputs, verbosity, as_json, order.name))
    except OutputError:
        if pipe is not None and pipe.reader_left:
            return PIPE_CLOSED
        raise


class _Pipe:
    """Standard output as a binary file.

    Attributes:
        reader_left: whether nobody reads any more, which is no error of the work.
    """

    def __init__(self) -> None:
        self.reader_left = False

    def write(self, data: bytes) -> int:
        """Write all bytes.

        Raises:
            BrokenPipeError: whoever read has gone away.
            OutputError: they cannot be written.
        """
        try:
            send_picture(data)
        except BrokenPipeError:
            self.reader_left = True
            raise
        return len(data)


class Following(Command[FilmEvent]):
    """A film that this process paints, or has painted."""

    breaks_in = True  # what is kept is kept already, so there is nothing to wait for

    def __init__(self, outputs: FilmOutputs, verbosity: int, as_json: bool, method: str) -> None:
        self.outputs, self.quiet, self.as_json = outputs, verbosity < 0, as_json
        self.method = method
        self.progress = FilmProgress(verbosity)
        self.notes: list[str] = []
        self.started: FilmStarted | None = None
        self.frame: FilmFrame | None = None
        self.finished: FilmFinished | None = None
        self._trouble: OutputError | None = None

    def take(self, event: FilmEvent) -> None:
        """Show an event, and keep the frame that it may have."""
        self._keep(event)  # first: whatever breaks in, it is known how far the film is
        self.progress(event)
        if isinstance(event, FilmFrame) and event.pixels is not None:
            self._write_preview(event.pixels)

    def _keep(self, event: FilmEvent) -> None:
        if isinstance(event, FilmNote):
            self.notes.append(event.line)
        elif isinstance(event, FilmStarted):
            self.started, self.notes = event, [*self.notes, *event.notes]
        elif isinstance(event, FilmFrame):
            self.frame = event
        elif isinstance(event, FilmFinished):
            self.finished = event

    def _write_preview(self, pixels: Any) -> None:
        """Write the latest frame; what fails is told once, and the painting goes on."""
        import numpy as np

        from impasto import imaging

        if self.outputs.preview is None:
            return
        try:
            imaging.write(self.outputs.preview, np.asarray(pixels, np.float32) / 255)
        except OutputError as error:
            if self._trouble is None:
                self.progress.say(f"impasto: {error}")
            self._trouble = error

    def finish(self) -> int:
        """Name the film in one line, then raise the first trouble on the way."""
        assert self.finished is not None
        if self.as_json:
            record = self._record(self.finished)
            if self._trouble is not None:
                record |= json_line.failure(str(self._trouble), self._trouble.exit_code)
            json_line.print_json(record)
            return int(record.get("exit_code", 0))
        if not self.quiet:
            self._print(self.finished)
        if self._trouble is not None:
            raise self._trouble
        return 0

    def _print(self, done: FilmFinished) -> None:
        height, width = done.shape
        took = f"{done.frames} frames, {done.length:.1f} s, painted in {format_about(done.seconds)}"
        line = f"{done.path or 'standard output'}  {width} x {height} px, {took}"
        size = ""
        if done.path is not None and done.path.is_file():
            size = f", {format_bytes(done.path.stat().st_size)}"
        stream = sys.stderr if done.path is None else sys.stdout
        print(f"{line}{size}", file=stream)

    def _record(self, done: FilmFinished) -> dict[str, Any]:
        height, width = done.shape
        return {
            "output": STANDARD if done.path is None else str(done.path),
            "width": width,
            "height": height,
            "frames": done.frames,
            "shots": self.started.shots if self.started is not None else 0,
            "length": round(done.length, 3),
            "seconds": round(done.seconds, 3),
            "method": self.method,
            "notes": self.notes,
            **({} if self.outputs.plan is None else {"plan": dict(self.outputs.plan)}),
        }

    def stop(self) -> str:
        """Say how to go on."""
        from impasto.workflows.film.paths import journal_path

        if self.started is None or self.outputs.output is None:
            return stop_sentence(state="nothing is painted yet", resume="begin with the same words")
        journal = journal_path(self.outputs.output)
        count = 0 if self.frame is None else self.frame.number
        count = max(count, self.started.done)
        return stop_sentence(
            after=f"frame {count} of {self.started.frames}",
            state=_kept(journal),
            resume=f"go on with: impasto resume {shlex.quote(str(journal))}",
        )

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Say how to go on after an error, if anything is kept."""
        from impasto.workflows.film.paths import journal_path

        journal = None if self.outputs.output is None else journal_path(self.outputs.output)
        painted = self.frame is not None or (self.started is not None and self.started.done)
        if not painted or journal is None or not journal.exists():
            return error
        kept = ImpastoError(
            f"{error}; {_kept(journal)}: go on with impasto resume {shlex.quote(str(journal))}"
        )
        kept.exit_code = error.exit_code
        return kept

    def report_stop(self, sentence: str, exit_code: int) -> None:
        """Say that it was stopped, to a person or a program."""
        if self.as_json:
            json_line.print_json(json_line.failure(sentence, exit_code))
        else:
            super().report_stop(sentence, exit_code)

    def close(self) -> None:
        """Take the bar away."""
        self.progress.close()


def _kept(path: Path) -> str:
    """How much of a film lies beside its output: whole segments, as a journal says."""
    from impasto.workflows.film.manifest import Journal

    try:
        journal = Journal.read(path)
    except CheckpointError:
        return "nothing is kept"
    count = sum(map(journal.done, journal.plan.shots))
    if not count:
        return "no segment is whole yet, and no frame is kept"
    return f"{count} frame{'s are' if count > 1 else ' is'} kept beside the output"


class _Streaming(Following):
    """A film that goes to a pipe, or comes from a camera: nothing is kept of it to go on from."""

    breaks_in = False  # the last frame is written whole

    def can_stop_after(self, event: FilmEvent) -> bool:  # noqa: ARG002 - after any
        """After any event."""
        return True

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """The error as it is: it says what became of the film."""
        return error

    def stop(self) -> str:
        """Say how far it came."""
        count = 0 if self.frame is None else self.frame.number
        where = self.outputs.output
        state = f"the film so far is in {format_path(where)}" if where is not None and count else ""
        return stop_sentence(after=f"frame {count}", state=state)
