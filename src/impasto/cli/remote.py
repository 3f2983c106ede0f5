"""A painting at the command line that another machine paints: the same sight, the same ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from impasto.cli.outputs import Outputs
from impasto.cli.progress import Progress
from impasto.errors import ImpastoError, OutputError, SettingError, reason_of
from impasto.events import Event, Preview, Started, Step
from impasto.service.client import Client, RemoteJob
from impasto.settings import StyleSettings
from impasto.signals import SIGNALLED
from impasto.task import StyleTask
from impasto.text import format_path

__all__ = ["paint_there", "with_file_names"]


def with_file_names(sentence: str, task: StyleTask[str]) -> str:
    """A sentence of the server's with the names of our files in place of their roles.

    Example:
        >>> task = StyleTask.of("a.jpg", ["b.jpg", "c.jpg"])
        >>> with_file_names("style image 2 is empty (0 bytes)", task)
        'c.jpg is empty (0 bytes)'
    """
    # The longest first: "mask 2" also stands in "style mask 2", and "mask 1" in "mask 10".
    for role, name in sorted(task.by_role().items(), key=lambda named: -len(named[0].phrase)):
        sentence = sentence.replace(role.phrase, format_path(name))
    return sentence


def _check(task: StyleTask[str], max_megapixels: float) -> None:
    """See that the files are pictures, before they travel.

    Raises:
        PictureError: as for a painting here.
    """
    from impasto.imaging.files import picture_bytes

    for name in task.by_role().values():
        picture_bytes(Path(name), format_path(name), max_megapixels=max_megapixels)


class _Stop:
    """Which signal asked to end; unlike `signals.Stop` it breaks into what waits for the server."""

    def __init__(self) -> None:
        self.asked = int(signal.SIGINT)

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signal's
        self.asked = number
        raise KeyboardInterrupt


@contextmanager
def _listening() -> Iterator[_Stop]:
    stop = _Stop()
    here = threading.current_thread() is threading.main_thread()
    wanted = here and signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN
    before = signal.signal(signal.SIGTERM, stop) if wanted else None
    try:
        yield stop
    finally:
        if wanted:
            signal.signal(signal.SIGTERM, before)


def paint_there(
    url: str,
    token: str | None,
    task: StyleTask[str],
    settings: StyleSettings,
    outputs: Outputs,
    verbosity: int = 0,
) -> int:
    """Have a picture painted on a server, and write here what was asked for.

    Args:
        url: of the server.
        token: that it wants, or None.
        task: the files to send.
        settings: complete.
        outputs: already checked.
        verbosity: as for `Progress`.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the job is
        cancelled there.

    Raises:
        ImpastoError: as for a painting here.
    """
    if outputs.checkpoint is not None:
        raise SettingError(
            "--checkpoint is for paintings here: a server keeps its own, so leave it out "
            "with --server"
        )
    _check(task, settings.max_megapixels)
    with Client(url, token) as client, _listening() as stop:
        watch: _Watch | None = None
        try:
            job = client.submit(
                task.content,
                task.styles,
                settings,
                masks=task.masks,
                style_masks=task.style_masks,
            )
            watch = _Watch(client, job, task, outputs, verbosity)
            watch.follow()
        except KeyboardInterrupt:
            if watch is not None:
                watch.cancel()
            return SIGNALLED + stop.asked
        except ImpastoError as error:
            if error.args:
                error.args = (with_file_names(str(error), task), *error.args[1:])
            raise
    return 0


class _Watch:
    """One job, from its first event to its picture."""

    def __init__(
        self,
        client: Client,
        job: RemoteJob,
        task: StyleTask[str],
        outputs: Outputs,
        verbosity: int,
    ) -> None:
        self._client, self._job, self._task = client, job, task
        self._outputs, self._verbosity = outputs, verbosity
        self._progress = Progress(verbosity)
        self._steps: list[Step] = []
        self._kept = 0
        self._trouble: OutputError | None = None

    def follow(self) -> None:
        """Show and log what happens, then write the picture."""
        from impasto.reports import Log

        self._progress.say(f"sent to {self._client.url}, job {self._job.id}")
        log = Log(self._outputs.log) if self._outputs.log else None
        try:
            for event in self._client.events(self._job.id):
                told = self._named(event)
                if isinstance(told, Step):
                    self._steps.append(told)
                self._progress(told)
                if log is not None:
                    with self._surviving():
                        log(told)
                if isinstance(told, Preview):
                    with self._surviving():
                        self._keep_preview(told.step)
            self._write()
        finally:
            self._progress.close()
            if log is not None:
                log.close()
        if self._trouble is not None:
            raise self._trouble

    def cancel(self) -> None:
        """End the job there, and say so."""
        self._progress.close()
        done = f" after step {self._steps[-1].step} of {self._steps[-1].steps}" * bool(self._steps)
        where = f"job {self._job.id} on {self._client.url}"
        try:
            self._client.cancel(self._job.id)
        except ImpastoError as error:
            self._progress.say(f"stopped{done}, but {where} could not be cancelled: {error}")
        else:
            self._progress.say(f"stopped{done}: {where} is cancelled")

    def _named(self, event: Event) -> Event:
        if isinstance(event, Started):
            notes = tuple(with_file_names(note, self._task) for note in event.notes)
            return replace(event, notes=notes)
        return event

    def _keep_preview(self, step: int) -> None:
        """Keep the picture so far once so many steps are done; a server shows but some of them."""
        every = self._outputs.save_every
        if every and step // every > self._kept // every:
            data = self._client.preview(self._job.id)
            if data is not None:
                _write_as(self._outputs.numbered(step), data)
                self._kept = step

    def _write(self) -> None:
        from impasto.reports import plot_losses

        size = _write_as(self._outputs.output, self._client.image(self._job.id))
        if self._outputs.plot is not None:
            plot_losses(self._steps, self._outputs.plot)
        if self._verbosity >= 0:
            seconds = self._client.job(self._job.id).seconds
            print(
                f"{self._outputs.output}  {size[1]} x {size[0]} px, {len(self._steps)} steps, "
                f"{seconds:.1f} s"
            )

    @contextmanager
    def _surviving(self) -> Iterator[None]:
        """An output that fails on the way is told at once, and the painting goes on without it."""
        try:
            yield
        except OutputError as error:
            if self._trouble is None:
                self._progress.say(f"impasto: {error}")
                self._trouble = error


def _write_as(path: Path, png: bytes) -> tuple[int, int]:
    """Write a PNG from the server in the format that a name asks for, as deep as that can be.

    Args:
        path: of the picture to write.
        png: its bytes.

    Returns:
        (height, width) in px.
    """
    from tempfile import TemporaryDirectory

    from impasto import imaging
    from impasto.files import replacing

    with TemporaryDirectory(prefix="impasto-") as folder:
        received = Path(folder, "received.png")
        received.write_bytes(png)
        picture = imaging.read(received, max_megapixels=float("inf"))
    format = imaging.check_output(path)
    if format == "PNG":
        try:
            with replacing(path) as draft:
                draft.write_bytes(png)
        except OSError as error:
            reason = reason_of(error)
            raise OutputError(
                f"{format_path(path)} cannot be written ({reason}): choose another place or make "
                "room"
            ) from None
        return picture.height, picture.width
    deep = picture.bits == 16 and imaging.holds_16_bit(format)
    scale = 65535 if picture.pixels.dtype == "uint16" else 255
    pixels = picture.pixels.astype("float32") / scale
    imaging.write(path, pixels, alpha=picture.alpha, exif=picture.exif, bits=16 if deep else 8)
    return picture.height, picture.width
