"""A film at the command line that another machine paints: the same sight, the same ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from impasto.cli.film import FilmOutputs, Following
from impasto.cli.remote import with_file_names
from impasto.cli.runner import follow, stop_sentence
from impasto.errors import ImpastoError, OutputError, SettingError
from impasto.events import Event, Part, Preview, Started
from impasto.media.film import is_moving
from impasto.service.client import Client
from impasto.service.contract import FilmOptions, JobOut, State
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from impasto.text import format_path
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmScan,
    FilmStarted,
)

__all__ = ["paint_film_there"]

ENDINGS = (".mp4", ".m4v")  # of what a server makes


def paint_film_there(
    url: str,
    token: str | None,
    task: StyleTask[str],
    settings: StyleSettings,
    options: FilmOptions,
    outputs: FilmOutputs,
    verbosity: int = 0,
    *,
    as_json: bool = False,
) -> int:
    """Have a film painted on a server, and write it here.

    Args:
        url: of the server.
        token: that it wants, or None.
        task: the film as its content, a path; styles, files or names of samples; masks, files.
        settings: complete.
        options: which part of the film, and how.
        outputs: already checked.
        verbosity, as_json: as for `impasto.cli.film.paint`.

    Returns:
        The exit code: 0, or 130 when Ctrl-C stopped it (143 for a SIGTERM); then the job is
        cancelled there.

    Raises:
        OutputError: an output that is no MP4.
        SettingError: a mask that is a film.
        ImpastoError: as for a film here.
    """
    if outputs.output is None or outputs.output.suffix.lower() not in ENDINGS:
        raise OutputError(
            f"a server paints films as MP4: give an output that ends in {' or '.join(ENDINGS)}"
        )
    for mask in (*task.masks, *filter(None, [task.keep])):
        if is_moving(mask):
            raise SettingError(
                f"{format_path(mask)} is a film, and a server takes pictures as masks, which hold "
                "for all of it: give a picture, or paint here, without --server"
            )
    with Client(url, token) as client:
        command = _RemoteFilm(client, task, settings, options, outputs, verbosity, as_json)
        return follow(command.events(), command)


class _RemoteFilm(Following):
    """A film that a server paints, from its submission to its file."""

    def __init__(
        self,
        client: Client,
        task: StyleTask[str],
        settings: StyleSettings,
        options: FilmOptions,
        outputs: FilmOutputs,
        verbosity: int,
        as_json: bool,
    ) -> None:
        super().__init__(outputs, verbosity, as_json, settings.method)
        self._client, self._settings, self._options = client, settings, options
        self._task = task
        self._job: JobOut | None = None

    def events(self) -> Iterator[FilmEvent]:
        """Submit the job, and yield what the server tells of it; the film is here at the end."""
        client, output = self._client, self.outputs.output
        assert output is not None
        task = self._task
        job = self._job = client.submit_film(
            task.content,
            task.styles,
            self._settings,
            masks=task.masks,
            style_masks=task.style_masks,
            keep=task.keep,
            **self._options.model_dump(),
        )
        self.progress.say(f"sent to {client.url}, job {job.id}")
        for event in client.events(job.id):
            yield from self._told(event)
        client.save_film(job.id, output)
        job = client.job(job.id)
        told = self.started.notes if self.started is not None else ()
        yield from (FilmNote(note) for note in self._named(job.notes) if note not in told)
        shape = job.size or (0, 0)
        yield FilmFinished(output, job.step, shape, job.seconds, self._length(job.id))

    def _told(self, event: Event) -> Iterator[FilmEvent]:
        """An event of the server as a film that is painted here tells it."""
        if isinstance(event, Started):
            yield FilmStarted(
                event.steps,
                0,
                event.shape or (0, 0),
                event.first_step - 1,
                event.method,
                notes=self._named(event.notes),
            )
        elif isinstance(event, Part) and event.kind == "scan":
            yield FilmScan(event.number, event.count, event.seconds)
        elif isinstance(event, Part):
            yield FilmFrame(event.number, event.count, 0.0, event.seconds)
        elif isinstance(event, Preview) and self.frame is not None and self.outputs.preview:
            from impasto import imaging

            if (data := self._client.preview(self._submitted.id)) is not None:
                yield replace(self.frame, pixels=imaging.read(data).pixels)

    def _length(self, id: str) -> float:
        """How long the painted film is, in seconds; 0 where the server does not say."""
        return float(self._client.events_so_far(id)[-1].data.get("length", 0.0))

    def _named(self, notes: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._with_names(note) for note in notes)

    def _with_names(self, sentence: str) -> str:
        """A sentence of the server's with the names of our files in place of their roles."""
        named = with_file_names(sentence, self._task.given())
        return named.replace("the film", format_path(self._task.content), 1)

    def stop(self) -> str:
        """Cancel the job there."""
        if self._job is None:
            return stop_sentence()
        after = f"frame {self.frame.number} of {self.frame.frames}" if self.frame else ""
        job = f"job {self._job.id} on {self._client.url}"
        try:
            ended = self._client.cancel(self._job.id)
        except ImpastoError as error:
            return stop_sentence(after=after, but=f"{job} could not be cancelled: {error}")
        end = ended.state if ended.ended else State.CANCELLED
        return stop_sentence(after=after, state=f"{job} is {end}")

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Name our files in an error of the server's."""
        if error.args:
            error.args = (self._with_names(str(error)), *error.args[1:])
        return error

    @property
    def _submitted(self) -> JobOut:
        assert self._job is not None  # there is no event before
        return self._job
