"""What the page does with the store: no word of Gradio here, so that all of it can be tested."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from impasto import samples
from impasto.errors import ImpastoError, InputError, UnknownJobError
from impasto.imaging.codecs.formats import sniff
from impasto.service.http.state import Studio
from impasto.service.http.uploads import check_picture
from impasto.service.jobs.model import Job, State
from impasto.service.page import history, stage
from impasto.service.page.controls import settings_from, values_of
from impasto.service.page.following import Following, Told
from impasto.service.page.masks import masks_of
from impasto.service.page.pictures import Made, compared, inlined, made
from impasto.service.page.texts import said
from impasto.settings import from_stored

__all__ = ["MOST_STYLES", "SHOWN", "Actions", "Again", "View"]

SHOWN = ("JPEG", "PNG", "WebP", "BMP", "GIF")  # the formats that browsers show
MOST_STYLES = 3  # one for each colour of the brush
CARDS = 24


@dataclass(frozen=True)
class View:
    """What there is to be seen at one moment.

    Attributes:
        easel, wall: HTML.
        job: the one on the easel, or None.
        busy: whether something will change by itself: a job waits or runs.
        pair: the photograph and its painting as files, once it is finished.
        files: what may be taken away, once it is finished.
    """

    easel: str
    wall: str
    job: Job | None
    busy: bool
    pair: tuple[Path, Path] | None = None
    files: Made = field(default_factory=Made)

    @property
    def mark(self) -> str:
        """Equal for views that look the same."""
        return hashlib.sha256(f"{self.easel}{self.wall}{self.busy}".encode()).hexdigest()


@dataclass(frozen=True)
class Again:
    """An earlier job as it was asked for.

    Attributes:
        values: of the controls.
        content, styles: its pictures, copied to where the page may show them; None and empty
            where one of them is not there any more.
    """

    values: list[Any]
    content: Path | None
    styles: list[Path]


class Actions:
    """The studio as a person at the page uses it.

    Args:
        studio: its store and limits.
        place: a folder of the page's own.
    """

    def __init__(self, studio: Studio, place: Path) -> None:
        self.studio, self.place = studio, place
        self.store, self.limits = studio.store, studio.limits
        self._following = Following()

    def start(
        self,
        content: str | None,
        styles: Sequence[str | None],
        drawing: str,
        values: Sequence[Any],
        *,
        client: str,
        language: str,
    ) -> Job:
        """Queue a painting.

        Args:
            content, styles: paths of files that were uploaded to the page; None where none is.
            drawing: what the brush painted, as in `masks_of`.
            values: of the controls.
            client: who asks.
            language: of what the page itself has to say.

        Raises:
            ImpastoError, Problem: whatever is wrong; its text is for the person.
        """
        if not content:
            raise InputError(said(language, "no_content"))
        given = [path for path in styles if path]
        if not given:
            raise InputError(said(language, "no_style"))
        settings = settings_from(values)
        if settings.max_megapixels > self.limits.max_megapixels:
            settings = settings.replace(max_megapixels=self.limits.max_megapixels)
        pictures = {"content": content} | {_role("style", n): p for n, p in enumerate(given, 1)}
        for path in pictures.values():
            self.check(path, language)
        masks = masks_of(drawing, len(given))
        keep = self.store.folder.keep_upload
        inputs = {role: keep(Path(path)) for role, path in pictures.items()}
        inputs |= {_role("mask", n): keep(mask) for n, mask in enumerate(masks, 1)}
        return self.store.add(
            settings,
            inputs,
            client=client,
            max_queued=self.limits.max_queued,
            max_per_client=self.limits.max_per_client,
        )

    def check(self, path: str, language: str) -> str:
        """The format of an uploaded picture, by its header alone.

        Raises:
            Problem, InputError: it cannot be painted, or is not there any more.
        """
        try:
            with Path(path).open("rb") as file:
                check_picture(file, Path(path).name, self.limits.max_megapixels)
                file.seek(0)
                kind = sniff(file.read(64).ljust(16, b"\0"))
        except FileNotFoundError:
            raise InputError(said(language, "gone")) from None
        return "" if kind is None else kind.name

    def view(self, id: str, language: str) -> View:
        """The easel with one job on it, and the wall.

        Args:
            id: of the job; empty for none.
            language: of the words.
        """
        listed = self.store.list(limit=CARDS)
        counts = self.store.counts()
        busy = bool(counts[State.QUEUED] + counts[State.RUNNING])
        wall = history.wall(listed, self._card, language, id)
        if not id:
            return View(stage.empty(language), wall, None, busy)
        try:
            job = self.store.get(id)
        except UnknownJobError as error:
            return View(stage.unknown(language, str(error)), wall, None, busy)
        told = self._told(job)
        pair, files = None, Made()
        if job.state is State.FINISHED:
            try:
                files = made(self.studio, job, self.place)
                pair = compared(self.store.folder, job, self.place)
            except ImpastoError:  # its files went while it was looked at
                files = Made()
        picture = "" if pair else self._picture(job)
        easel = stage.easel(stage.Sight(job, told, picture, self._before(job), language))
        return View(easel, wall, job, busy, pair, files)

    def cancel(self, id: str) -> None:
        """Stop a job; one that has ended stays as it is."""
        self.store.cancel(id)

    def remove(self, id: str) -> None:
        """Remove a job that has ended, and its files, those made for the page too.

        Raises:
            UnknownJobError, JobStateError: there is none, or it has not ended.
        """
        self.store.purge(id)
        shutil.rmtree(self.place / id, ignore_errors=True)
        for path in self.place.glob(f"*-{id}.jpg"):
            path.unlink(missing_ok=True)

    def again(self, id: str) -> Again:
        """A job's settings for the controls, and its pictures.

        Raises:
            UnknownJobError: there is none.
        """
        job = self.store.get(id)
        values = values_of(from_stored(job.settings))
        roles = ["content", *(_role("style", n) for n in range(1, MOST_STYLES + 1))]
        paths = [self._lent(job.inputs[role]) for role in roles if role in job.inputs]
        if any(path is None for path in paths):
            return Again(values, None, [])
        content, *styles = (path for path in paths if path is not None)
        return Again(values, content, styles)

    def sample(self, kind: str, name: str) -> Path:
        """The file of a sample, "content" or "style".

        Raises:
            UnknownNameError: there is none of that name.
        """
        return samples.content(name) if kind == "content" else samples.style(name)

    def _told(self, job: Job) -> Told:
        return self._following.look(job.id, self.store.folder.job(job.id) / "events.jsonl")

    def _before(self, job: Job) -> int:
        """How many jobs wait before one that waits."""
        if job.state is not State.QUEUED:
            return 0
        waiting = self.store.list(limit=1000, state=State.QUEUED)
        ids = [other.id for other in waiting]
        return len(ids) - 1 - ids.index(job.id) if job.id in ids else 0

    def _picture(self, job: Job) -> str:
        name = "result.png" if job.state is State.FINISHED else "preview.png"
        return inlined(self.store.folder.job(job.id) / name)

    def _card(self, job: Job) -> str:
        folder = self.store.folder.job(job.id)
        found = inlined(folder / "result.png", history.SIDE) if job.state is State.FINISHED else ""
        return found or inlined(folder / "preview.png", history.SIDE)

    def _lent(self, sha256: str) -> Path | None:
        """An upload under a name by which browsers know what it is."""
        upload = self.store.folder.upload(sha256)
        try:
            with upload.open("rb") as file:
                kind = sniff(file.read(64).ljust(16, b"\0"))
            if kind is None:
                return None
            path = self.place / f"{sha256[:16]}{kind.suffixes[0]}"
            if not path.exists():
                shutil.copyfile(upload, path)
        except OSError:
            return None
        return path


def _role(kind: str, number: int) -> str:
    """What a job calls its pictures.

    Example:
        >>> _role("style", 1), _role("style", 2)
        ('style', 'style 2')
    """
    return kind if number == 1 else f"{kind} {number}"
