"""What a person at the page can do, as calls of the API: no word of Gradio here."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from impasto import samples
from impasto.errors import (
    ImpastoError,
    InputError,
    QueueFullError,
    SettingError,
    UnknownJobError,
)
from impasto.imaging.codecs.formats import sniff
from impasto.service.client import Client
from impasto.service.contract import VIDEO, JobOut, State
from impasto.service.http.state import Limits
from impasto.service.http.uploads import check_picture
from impasto.service.page import html
from impasto.service.page.api import Connect
from impasto.service.page.cards import CARD_SIDE, Card, gallery, side_by_side
from impasto.service.page.controls import settings_from, values_of
from impasto.service.page.masks import Drawing
from impasto.service.page.pictures import (
    SHOWN,
    Downloads,
    JobPictures,
    address_of,
    compared,
    copy_named,
    downloads,
    input_copy,
)
from impasto.service.page.progress import Progress, ProgressLog
from impasto.service.page.texts import phrase
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED
from impasto.task import Role

__all__ = [
    "BROWSER_FORMATS",
    "CARDS",
    "MAX_STYLES",
    "MOST_REMOVED",
    "Actions",
    "JobInputs",
    "View",
]

BROWSER_FORMATS = ("JPEG", "PNG", "WebP", "BMP", "GIF")  # those that browsers show
MAX_STYLES = 3  # one for each colour of the brush
CARDS = 24  # that are looked at all the time, and that come with each look further back
OPEN = (State.QUEUED, State.RUNNING)
LITTER = (State.FAILED, State.CANCELLED)
_PAGE = 200  # jobs that the API lists at once
MOST_REMOVED = _PAGE * len(LITTER)  # at once: as many as `Actions.litter` gives


@dataclass(frozen=True)
class View:
    """What there is to be seen at one moment.

    Attributes:
        easel, gallery: HTML of the job that is looked at, and of the newest cards.
        older: HTML of the cards before those, as far back as was asked for; it seldom changes.
        more: whether there are older ones still.
        job: the one on the easel, or None.
        busy: whether something will change by itself: a job waits or runs.
        litter: whether any job failed or was stopped.
        files: what may be taken away, once it is finished.
    """

    easel: str
    gallery: str
    job: JobOut | None
    busy: bool
    litter: bool = False
    files: Downloads = field(default_factory=Downloads)
    older: str = ""
    more: bool = False

    @property
    def digest(self) -> str:
        """Equal for views that look the same, but for their older cards."""
        return _digest(f"{self.easel}{self.gallery}{self.busy}{self.more}{self.litter}")

    @property
    def older_digest(self) -> str:
        """Equal for views whose older cards look the same."""
        return _digest(self.older)


@dataclass(frozen=True)
class JobInputs:
    """An earlier job as it was asked for.

    Attributes:
        values: of the controls.
        content, styles, masks, style_masks, keep: its pictures, copied to where the page may show
            them; None and empty where one of them is not there any more.
        count: how many styles it has, of which the page shows the first `MAX_STYLES`.
    """

    values: list[Any]
    content: Path | None = None
    styles: list[Path] = field(default_factory=list)
    masks: list[Path] = field(default_factory=list)
    style_masks: list[Path] = field(default_factory=list)
    keep: Path | None = None
    count: int = 0


class Actions:
    """The studio as a person at the page uses it; safe to use from several threads.

    Args:
        connect: to the API, for the address of the person who asks.
        limits: of the studio, for what is said of a picture before it is sent.
        folder: the page's own.
        drafts: whether the studio paints drafts.
    """

    def __init__(
        self, connect: Connect, limits: Limits, folder: Path, *, drafts: bool = False
    ) -> None:
        self._connect, self.limits, self.folder = connect, limits, folder
        self._drafts = drafts
        self._progress, self._pictures = ProgressLog(), JobPictures()
        self._alone: set[str] = set()  # the jobs without a photograph beside their painting

    def start(
        self,
        content: str | None,
        styles: Sequence[str | None],
        drawing: Drawing,
        values: Sequence[Any],
        *,
        visitor: str,
        language: str,
    ) -> JobOut:
        """Queue a painting.

        Args:
            content, styles: paths of files that were uploaded to the page; None where none is.
            drawing: what the brush painted.
            values: of the controls.
            visitor: the address of who asks.
            language: of what the page itself has to say.

        Raises:
            ImpastoError, Problem: whatever is wrong; its text is for the person.
        """
        chosen = [path for path in styles if path]
        if not content or not chosen:
            missing = "no_content" if chosen else "no_style" if content else "no_pictures"
            raise InputError(phrase(language, missing))
        settings = settings_from(values)
        for path in (content, *chosen):
            self.check(path, language)
        masks, style_masks, keep = self._masks(drawing, content, chosen, language)
        with self._connect(visitor) as client:
            return client.submit(
                content, chosen, settings, masks=masks, style_masks=style_masks, keep=keep
            )

    def _masks(
        self, drawing: Drawing, content: str, styles: list[str], language: str
    ) -> tuple[list[Path | bytes], list[Path], Path | None]:
        """The masks and the style masks of a painting, and that of what stays."""

        def find(digest: str) -> Path | None:
            return copy_named(digest, self.folder)

        try:
            photograph, *digests = (
                hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in (content, *styles)
            )
            masks = drawing.for_styles(len(styles), find)
            return masks, drawing.of_styles(digests, find), drawing.kept(photograph, find)
        except FileNotFoundError:
            raise InputError(phrase(language, "gone")) from None

    def check(self, path: str, language: str) -> str:
        """The format of an uploaded picture, by its header alone, as the API will check it.

        Raises:
            Problem, InputError: it cannot be painted, or is not there any more.
        """
        try:
            with Path(path).open("rb") as file:
                check_picture(file, Path(path).name, self.limits.max_megapixels)
                file.seek(0)
                kind = sniff(file.read(64).ljust(16, b"\0"))
        except FileNotFoundError:
            raise InputError(phrase(language, "gone")) from None
        return "" if kind is None else kind.name

    def try_styles(
        self, content: str | None, values: Sequence[Any], *, visitor: str, language: str
    ) -> list[JobOut]:
        """Queue a small painting in each of the samples' highlights, or in as many as may wait.

        Args:
            content, values, visitor, language: as for `start`; the size and the steps are those of
                the recipe `sketch`.

        Raises:
            ImpastoError, Problem: whatever is wrong; its text is for the person.
        """
        if not content:
            raise InputError(phrase(language, "no_content"))
        small = {name: getattr(StyleSettings(recipe="sketch"), name) for name in ("size", "steps")}
        settings = settings_from(values)
        heeded = HEEDED.get(settings.method, frozenset(small))
        settings = settings.replace(**{n: v for n, v in small.items() if n in heeded})
        self.check(content, language)
        with self._connect(visitor) as client:
            # The newest stands first on the wall, so the last one is queued first.
            jobs: list[JobOut] = []
            for name in reversed(samples.HIGHLIGHTS):
                try:
                    jobs.append(client.submit(content, [samples.style(name)], settings))
                except QueueFullError:
                    if not jobs:
                        raise
                    break
            return jobs

    def view(
        self, id: str, language: str, *, visitor: str, cards: int = CARDS, beside: str = ""
    ) -> View:
        """The easel with one job on it, and the gallery.

        Args:
            id: of the job; empty for none.
            language: of the words.
            visitor: as for `start`.
            cards: how many of the gallery's at most.
            beside: id of another job, to be shown beside it; empty for none.
        """
        with self._connect(visitor) as client:
            wall = self._wall(client, id, language, cards)
            if not id:
                return replace(wall, easel=html.empty(language))
            try:
                job = client.job(id)
                if beside and beside != id and (other := _found(client, beside)) is not None:
                    pair = [self._card(client, one) for one in (job, other)]
                    return replace(wall, easel=side_by_side(pair, language), job=job)
                return self._with_easel(wall, client, job, language)
            except (UnknownJobError, SettingError) as error:  # SettingError: no job's id at all
                return replace(wall, easel=html.unknown(language, str(error)))

    def _wall(self, client: Client, id: str, language: str, count: int) -> View:
        """The gallery, and nothing on the easel yet."""
        jobs = _newest(client, count + 1)
        jobs, more = jobs[:count], len(jobs) > count
        busy = any(not job.ended for job in jobs) or (more and _any(client, OPEN))
        litter = any(job.state in LITTER for job in jobs) or (more and _any(client, LITTER))
        cards = [self._card(client, job, CARD_SIDE) for job in jobs]
        newest = gallery(cards[:CARDS], language, current=id)
        older = gallery(cards[CARDS:], language, current=id) if cards[CARDS:] else ""
        return View("", newest, None, busy, litter, older=older, more=more)

    def _card(self, client: Client, job: JobOut, side: int = SHOWN) -> Card:
        picture = self._pictures.of(client, job, side)
        return Card(job, picture, self._pictures.of_styles(client, job) if picture else ())

    def _with_easel(self, wall: View, client: Client, job: JobOut, language: str) -> View:
        if job.kind == VIDEO:
            picture = self._pictures.of(client, job)
            seen = html.JobView(job, Progress(), picture, 0, language)
            return replace(wall, easel=html.easel(seen), job=job)
        progress = self._progress.look(job.id, lambda last: client.events_so_far(job.id, last))
        pair, files = None, Downloads()
        if job.state == State.FINISHED:
            try:
                files = downloads(client, job, self.folder)
                pair = self._compared(client, job)
            except ImpastoError:  # its files went while it was looked at
                files = Downloads()
        if pair is not None:
            photograph, picture = map(address_of, pair)
        else:
            photograph, picture = "", self._pictures.of(client, job)
        before = _queued_before(client, job) if job.state == State.QUEUED else 0
        # The browser asks for it: the first look shall not wait for it.
        wanted = self._drafts and job.settings.get("method") != "one-pass"
        draft = f"api/jobs/{job.id}/draft" if wanted else ""
        seen = html.JobView(job, progress, picture, before, language, photograph, draft)
        easel = html.easel(seen)
        return replace(wall, easel=easel, job=job, files=files)

    def _compared(self, client: Client, job: JobOut) -> tuple[Path, Path] | None:
        """A pair to compare; one that could not be made is not tried at every look."""
        if job.id in self._alone:
            return None
        if (pair := compared(client, job, self.folder)) is None:
            self._alone.add(job.id)
        return pair

    def cancel(self, id: str, *, visitor: str) -> None:
        """Stop a job; one that has ended stays as it is."""
        with self._connect(visitor) as client:
            client.cancel(id)

    def remove(self, id: str, *, visitor: str) -> None:
        """Remove a job that has ended, and its files, those made for the page too.

        Raises:
            UnknownJobError, JobStateError: there is none, or it has not ended.
        """
        with self._connect(visitor) as client:
            client.purge(id)
        self._alone.discard(id)
        shutil.rmtree(self.folder / id, ignore_errors=True)
        for path in self.folder.glob(f"*-{id}.jpg"):
            path.unlink(missing_ok=True)

    def litter(self, *, visitor: str) -> list[str]:
        """The ids of the jobs that failed or were stopped, as many as the API lists at once."""
        with self._connect(visitor) as client:
            return [job.id for state in LITTER for job in client.jobs(limit=_PAGE, state=state)]

    def inputs_of(self, id: str, *, visitor: str) -> JobInputs:
        """A job's settings for the controls, and its pictures.

        Raises:
            UnknownJobError: there is none.
        """
        with self._connect(visitor) as client:
            job = client.job(id)
            values = values_of(StyleSettings(**job.settings))
            count = sum(Role.parse(role).kind == "style" for role in job.inputs)

            def copies(kind: str) -> list[Path]:
                roles = (str(Role(kind, number)) for number in range(1, MAX_STYLES + 1))
                own = (role for role in roles if role in job.inputs)
                return [input_copy(client, job, role, self.folder) for role in own]

            try:
                content = input_copy(client, job, str(Role("content")), self.folder)
                styles, masks, style_masks = map(copies, ("style", "mask", "style mask"))
                role = str(Role("keep"))
                kept = role in job.inputs
                keep = input_copy(client, job, role, self.folder) if kept else None
                return JobInputs(values, content, styles, masks, style_masks, keep, count)
            except (ImpastoError, OSError):
                return JobInputs(values)

    def sample(self, kind: str, name: str) -> Path:
        """The file of a sample, "content" or "style".

        Raises:
            UnknownNameError: there is none of that name.
        """
        return samples.content(name) if kind == "content" else samples.style(name)


def _found(client: Client, id: str) -> JobOut | None:
    """A job; None if it is not there any more."""
    try:
        return client.job(id)
    except (UnknownJobError, SettingError):
        return None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _newest(client: Client, count: int) -> list[JobOut]:
    """So many jobs, the newest first, or all."""
    jobs: list[JobOut] = []
    while len(jobs) < count:
        before = jobs[-1].id if jobs else None
        page = client.jobs(limit=min(_PAGE, count - len(jobs)), before=before)
        jobs += page
        if not page:
            break
    return jobs


def _any(client: Client, states: Sequence[State]) -> bool:
    """Whether any job is in one of these states."""
    return any(client.jobs(limit=1, state=state) for state in states)


def _queued_before(client: Client, job: JobOut) -> int:
    """How many jobs wait before one that waits."""
    count, before = 0, job.id
    while jobs := client.jobs(limit=_PAGE, before=before, state=State.QUEUED):
        count, before = count + len(jobs), jobs[-1].id
        if len(jobs) < _PAGE:
            break
    return count
