"""A painting at the command line that another machine paints: the same sight, the same ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.asked import Asked
from impasto.cli.outputs import Outputs
from impasto.cli.painting import Painting
from impasto.cli.runner import follow, stop_sentence
from impasto.cli.standard_input import Source, StandardInput
from impasto.errors import ImpastoError, OutputError, SettingError, reason_of
from impasto.events import Event, Preview, Started
from impasto.service.client import Client
from impasto.service.client.naming import with_names
from impasto.service.contract import JobOut, State
from impasto.settings import StyleSettings
from impasto.task import Role, StyleTask
from impasto.text import format_path

if TYPE_CHECKING:
    from PIL.Image import Image

    from impasto.imaging import Picture

__all__ = ["paint_there", "with_file_names"]


def with_file_names(sentence: str, given: Mapping[str, Source]) -> str:
    """A sentence of the server's with the names of our files in place of their roles.

    Example:
        >>> given = {"content": "a.jpg", "style": "b.jpg", "style 2": "c.jpg"}
        >>> with_file_names("style image 2 is empty (0 bytes)", given)
        'c.jpg is empty (0 bytes)'
    """
    # The longest first: "mask 2" also stands in "style mask 2", and "mask 1" in "mask 10".
    phrases = {Role.parse(role).phrase: name for role, name in given.items()}
    for phrase, name in sorted(phrases.items(), key=lambda pair: -len(pair[0])):
        sentence = sentence.replace(phrase, format_path(str(name)))
    return sentence


def _checked(
    task: StyleTask[Source] | Asked[Source], max_megapixels: float
) -> StyleTask[str | bytes] | Asked[str | bytes]:
    """A task whose files are pictures, seen before they travel; what is piped is read.

    Raises:
        PictureError: as for a painting here.
    """
    from impasto.imaging.files import picture_bytes, recognised
    from impasto.imaging.streams import read_all

    def checked(source: Source) -> str | bytes:
        if not isinstance(source, StandardInput):
            picture_bytes(Path(source), format_path(source), max_megapixels=max_megapixels)
            return source
        data = read_all(source, source.name, max_megapixels=max_megapixels)
        recognised(data[:64], source.name)
        return data

    return task.map(checked)


def paint_there(
    url: str,
    token: str | None,
    task: StyleTask[Source] | Asked[Source],
    settings: StyleSettings,
    outputs: Outputs,
    verbosity: int = 0,
    as_json: bool = False,
) -> int:
    """Have a picture painted on a server, and write here what was asked for.

    Args:
        url: of the server.
        token: that it wants, or None.
        task: the files to send, or those of what is to be arranged.
        settings: complete.
        outputs: already checked.
        verbosity: as for `Progress`.
        as_json: as for `Painting`.

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
    sent = _checked(task, settings.max_megapixels)
    with Client(url, token) as client:
        given = task.given()
        painting = _RemotePainting(client, given, sent, settings, outputs, verbosity, as_json)
        return follow(painting.events(), painting)


class _RemotePainting(Painting):
    """A picture that a server paints, from its submission to its file."""

    breaks_in = True  # a server may be silent for long

    def __init__(
        self,
        client: Client,
        given: Mapping[str, Source],
        sent: StyleTask[str | bytes] | Asked[str | bytes],
        settings: StyleSettings,
        outputs: Outputs,
        verbosity: int,
        as_json: bool,
    ) -> None:
        super().__init__(outputs, settings, verbosity, as_json)
        self._client, self._given, self._sent, self._settings = client, given, sent, settings
        self._job: JobOut | None = None
        self._preview_step = 0
        self._picture = b""

    def events(self) -> Iterator[Event]:
        """Submit the job, and yield what the server tells of it, with the names of our files."""
        job = self._job = self._submit()
        self.progress.say(f"sent to {self._client.url}, job {job.id}")
        self.open_log()
        for event in self._client.events(job.id):
            if isinstance(event, Started):
                notes = tuple(with_file_names(note, self._given) for note in event.notes)
                event = replace(event, notes=notes)
            yield event
        self._picture = with_names(self._client.image(job.id), self._sent.given())

    def write_on_the_way(self, event: Event) -> None:
        """Write the picture so far once so many steps are done; a server shows but some of them."""
        if isinstance(event, Started) and self.film is not None:
            if isinstance(self._sent, StyleTask):  # what is arranged is seen first as it begins
                self.film.add(self._photograph(self._sent.content, event.shape))
            return
        if not isinstance(event, Preview):
            return
        every = self.outputs.save_every
        is_due = bool(every) and event.step // every > self._preview_step // every
        if not is_due and self.film is None:
            return
        data = self._client.preview(self._submitted.id)
        if data is None:
            return
        if self.film is not None:
            self.film.add(_image(_received(data)))
        if is_due:
            _write(self.outputs.numbered(event.step), _encoded(data, self.outputs.format)[0])
            self._preview_step = event.step

    def _submit(self) -> JobOut:
        task = self._sent
        if isinstance(task, Asked):
            return self._client.submit_asked(task, self._settings)
        return self._client.submit(
            task.content,
            task.styles,
            self._settings,
            masks=task.masks,
            style_masks=task.style_masks,
            keep=task.keep,
            prompt=task.prompt,
        )

    def _photograph(self, content: str | bytes, shape: tuple[int, int] | None) -> Image:
        """Our content image as the server fits it, to (height, width) in px if it tells them."""
        from impasto import imaging

        photo = imaging.read(content, max_megapixels=self._settings.max_megapixels)
        if shape is not None:
            photo = imaging.fitted(photo, shape=shape, fit=self._settings.fit, upscale=True)
        return _image(photo)

    def write_results(self) -> tuple[tuple[int, int], float]:
        job = self._submitted
        data, shape = _encoded(self._picture, self.outputs.format)
        if self.outputs.output is None:
            self.send(data)
        else:
            _write(self.outputs.output, data)
        if self.film is not None:
            self.film.add(_image(_received(self._picture)))
            self.write_film()
        self.plot()
        return shape, 0.0 if self.quiet and not self.as_json else self._client.job(job.id).seconds

    def stop(self) -> str:
        """Cancel the job there; the film so far is here."""
        if self._job is None:
            return stop_sentence()
        has_film = bool(self.film) and self.survives(self.write_film)
        film = f", the film so far is in {self.outputs.film}" if has_film else ""
        job = f"job {self._job.id} on {self._client.url}"
        try:
            ended = self._client.cancel(self._job.id)
        except ImpastoError as error:
            return stop_sentence(after=self.extent, but=f"{job} could not be cancelled: {error}")
        # One that had ended before stays what it was.
        end = ended.state if ended.ended else State.CANCELLED
        return stop_sentence(after=self.extent, state=f"{job} is {end}{film}")

    def rescue(self, error: ImpastoError) -> ImpastoError:
        """Name our files in an error of the server's."""
        if error.args:
            error.args = (with_file_names(str(error), self._given), *error.args[1:])
        return error

    @property
    def _submitted(self) -> JobOut:
        assert self._job is not None  # there is no event before
        return self._job


def _received(png: bytes) -> Picture:
    """A PNG from the server, whatever its size."""
    from impasto import imaging

    return imaging.read(png, max_megapixels=float("inf"))


def _image(picture: Picture) -> Image:
    """A picture as an 8-bit PIL image."""
    from impasto import imaging

    return imaging.with_alpha(imaging.array_to_pil(picture.floats), picture.alpha)


def _encoded(png: bytes, format: str) -> tuple[bytes, tuple[int, int]]:
    """A PNG from the server as a file of another format, as deep as that can be.

    Args:
        png: its bytes.
        format: name of the format to write.

    Returns:
        The bytes of the file, and (height, width) in px.
    """
    from impasto import imaging
    from impasto.imaging.codecs.metadata import Metadata
    from impasto.settings.embedded import text_in

    picture = _received(png)
    shape = picture.height, picture.width
    if format == "PNG":
        return png, shape
    deep = picture.bits == 16 and imaging.holds_16_bit(format)
    metadata = Metadata(**picture.metadata, recipe=text_in(png))
    bits = 16 if deep else 8
    data = imaging.to_bytes(
        format, picture.floats, alpha=picture.alpha, metadata=metadata, bits=bits
    )
    return data, shape


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    from impasto.files import replacing

    try:
        with replacing(path) as draft:
            draft.write_bytes(data)
    except OSError as error:
        reason = reason_of(error)
        raise OutputError(
            f"{format_path(path)} cannot be written ({reason}): choose another place or make room"
        ) from None
