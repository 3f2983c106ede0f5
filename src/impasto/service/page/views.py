"""What a person at the page sees: a job on the easel, and the gallery of all."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from impasto.errors import ImpastoError, SettingError, UnknownJobError
from impasto.service.client import Client
from impasto.service.contract import JobOut, State
from impasto.service.http.state import Limits
from impasto.service.page import html
from impasto.service.page.api import Connect
from impasto.service.page.cards import CARD_SIDE, Card, gallery, side_by_side
from impasto.service.page.elsewhere import ELSEWHERE
from impasto.service.page.pictures import (
    SHOWN,
    Downloads,
    JobPictures,
    address_of,
    compared,
    downloads,
)
from impasto.service.page.progress import Progress, ProgressLog

__all__ = ["CARDS", "LITTER", "PAGE", "View", "Viewer"]

CARDS = 24  # that are looked at all the time, and that come with each look further back
OPEN = (State.QUEUED, State.RUNNING)
LITTER = (State.FAILED, State.CANCELLED)
PAGE = 200  # jobs that the API lists at once


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


class Viewer:
    """Looks at the studio; safe to use from several threads.

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

    def view(
        self, id: str, language: str, *, visitor: str, cards: int = CARDS, beside: str = ""
    ) -> View:
        """The easel with one job on it, and the gallery.

        Args:
            id: of the job; empty for none.
            language: of the words.
            visitor: the address of who asks.
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
        if job.kind in ELSEWHERE:
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
        page = client.jobs(limit=min(PAGE, count - len(jobs)), before=before)
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
    while jobs := client.jobs(limit=PAGE, before=before, state=State.QUEUED):
        count, before = count + len(jobs), jobs[-1].id
        if len(jobs) < PAGE:
            break
    return count
