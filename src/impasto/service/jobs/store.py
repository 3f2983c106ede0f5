"""The job store: what is to be painted, kept in a database so that no crash loses it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from impasto import arrangements
from impasto.arrangements import options_of
from impasto.errors import InputError, JobStateError, QueueFullError, SettingError, UnknownJobError
from impasto.service.contract import PAINTING, VIDEO, State
from impasto.service.jobs.claims import Claims, stored_job
from impasto.service.jobs.database import Database
from impasto.service.jobs.files import Folder
from impasto.service.jobs.film_work import FilmWork
from impasto.service.jobs.tables import Job, JobInput
from impasto.service.server_settings import StoreSettings
from impasto.settings import StyleSettings, to_stored
from impasto.task import Role, start_file

__all__ = ["Store", "Totals"]

_A = {"content": "a content image", "film": "a film", "style": "a style image"}


@dataclass(frozen=True)
class Totals:
    """Sums over all jobs that are kept.

    Attributes:
        jobs: how many there are in each state.
        steps: done by all of them.
        seconds: painted by all of them.
    """

    jobs: dict[State, int]
    steps: int
    seconds: float


class Store(Claims):
    """Jobs and their files. Safe to use from several threads and processes at once.

    Args:
        url: of the database; if left out, IMPASTO_DATABASE_URL, else SQLite in the data folder.
        data: the data folder; if left out, IMPASTO_DATA, else where the system keeps such.

    Raises:
        SettingError: a URL of no database that jobs can be kept in.
        OutputError: the database or the folder cannot be used.

    Attributes:
        folder: uploads and what is painted.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     store = Store(data=Path(place))
        ...     photo, style = map(store.folder.keep_upload, (b"a photograph", b"a style"))
        ...     job = store.add(StyleSettings(size=64), {"content": photo, "style": style})
        ...     state, job = job.state, store.cancel(job.id)
        ...     store.close()
        >>> str(state), str(job.state)
        ('queued', 'cancelled')
    """

    def __init__(self, url: str | None = None, data: Path | None = None) -> None:
        settings = StoreSettings(data=data, database_url=url or None)
        self.folder = Folder(settings.data)
        self._database = Database(settings.database_url, self.folder.path)

    def close(self) -> None:
        """Close all connections to the database."""
        self._database.close()

    def add(
        self,
        settings: StyleSettings,
        inputs: Mapping[str, str],
        *,
        client: str = "",
        kind: str = PAINTING,
        film: FilmWork | None = None,
        options: Mapping[str, Any] | None = None,
        plan: Mapping[str, Any] | None = None,
        max_queued: int | None = None,
        max_per_client: int | None = None,
    ) -> Job:
        """Queue a painting, or a film, a drawing, words or a face to be painted.

        Args:
            settings: all of them; files they name are refused, since a job's files are uploads.
            inputs: SHA-256 of each upload by role, as in `Job`; `content` and `style` at least,
                or `film` and `style`, or what a kind of arrangement needs.
            client: who asks for it.
            kind: what is made, see `contract.KINDS`; with a film it is a video.
            film: what is asked of a film beside the settings; None for a picture.
            options: of what is arranged, by name.
            plan: what the words that a painting was asked for in came to, to be shown.
            max_queued: how many jobs may wait, at most.
            max_per_client: how many of one client may wait or run, at most.

        Raises:
            QueueFullError: one of the two limits is met.
            SettingError: `init`, `weights_file` or `model` names a file, or an option is wrong.
            InputError: a role is missing or is none, or an upload is not in the folder (any more).
        """
        kind = kind if film is None else VIDEO
        _check_inputs(settings, inputs, kind)
        if kind in arrangements.KINDS:
            options = options_of(kind).of(**(options or {})).model_dump(mode="json")
        id = uuid.uuid4().hex
        # Alone: two clients that both look before either adds would both find room, and an
        # upload could go with another job between the look and the adding.
        with self._database.writing(alone=True) as session:
            _check_room(session, client, max_queued, max_per_client)
            for role, sha256 in inputs.items():
                if not self.folder.upload(sha256).is_file():
                    raise InputError(f"the {role} of this job is not here any more: send it again")
            session.add(
                Job(
                    id=id,
                    kind=kind,
                    settings=to_stored(settings),
                    created_at=self._database.now(session),
                    client=client,
                    film_work=None if film is None else film.as_json(),
                    options=None if options is None else dict(options),
                    plan=None if plan is None else dict(plan),
                    uploads=JobInput.rows(inputs),
                )
            )
        return self.get(id)

    def check_room(
        self, client: str, *, max_queued: int | None = None, max_per_client: int | None = None
    ) -> None:
        """Refuse a job before it is sent; `add` looks again.

        Args:
            client, max_queued, max_per_client: as for `add`.

        Raises:
            QueueFullError: one of the two limits is met.
        """
        with self._database.reading() as session:
            _check_room(session, client, max_queued, max_per_client)

    def get(self, id: str) -> Job:
        """A job as it stands.

        Raises:
            UnknownJobError: there is none with this id, or no longer.
        """
        with self._database.reading() as session:
            return stored_job(session, id)

    def jobs(
        self, *, limit: int = 50, before: str | None = None, state: State | None = None
    ) -> list[Job]:
        """Jobs, the newest first.

        Args:
            limit: how many at most.
            before: id of a job; only older ones are listed.
            state: only jobs in this one.

        Raises:
            UnknownJobError: there is no job `before`.
        """
        query = sa.select(Job).order_by(Job.number.desc()).limit(limit)
        if state is not None:
            query = query.where(Job.state == state)
        with self._database.reading() as session:
            if before is not None:
                query = query.where(Job.number < stored_job(session, before).number)
            return list(session.scalars(query))

    def totals(self) -> Totals:
        """Sums over all jobs that are kept, in one look."""
        query = sa.select(
            Job.state, sa.func.count(), sa.func.sum(Job.step), sa.func.sum(Job.seconds)
        ).group_by(Job.state)
        with self._database.reading() as session:
            rows = session.execute(query).all()
        jobs = dict.fromkeys(State, 0) | {state: int(count) for state, count, _, _ in rows}
        return Totals(
            jobs,
            steps=sum(int(steps) for _, _, steps, _ in rows),
            seconds=sum(float(seconds) for _, _, _, seconds in rows),
        )

    def counts(self) -> dict[State, int]:
        """How many jobs there are in each state."""
        return self.totals().jobs

    def cancel(self, id: str) -> Job:
        """End a job: at once if it waits, within two steps if it runs; one at its end stays so.

        Raises:
            UnknownJobError: there is none with this id.
        """
        with self._database.writing() as session:
            job = stored_job(session, id, locked=True)
            waits = job.state is State.QUEUED
            if waits:
                job.end(State.CANCELLED, self._database.now(session))
            elif job.state is State.RUNNING:
                job.cancel_asked = True
        if waits:  # perhaps again, after a worker gave it back
            self.folder.remove_checkpoints(id)
        return job

    def purge(self, id: str) -> None:
        """Remove a job that has ended, its pictures, and the uploads no other job uses.

        Raises:
            UnknownJobError: there is none with this id.
            JobStateError: it has not ended.
        """
        with self._database.writing(alone=True) as session:
            job = stored_job(session, id, locked=True)
            if not job.state.ended:
                raise JobStateError(
                    f"job {id} is {job.state}: cancel it first, or wait until it has ended"
                )
            hashes = set(job.inputs.values())
            session.delete(job)
            session.flush()
            self._remove_unused(session, hashes)
        self.folder.remove_job(id)

    def discard(self, hashes: Iterable[str]) -> None:
        """Remove uploads of a request that is refused, but for those that a job uses.

        Args:
            hashes: SHA-256 of each.
        """
        with self._database.writing(alone=True) as session:
            self._remove_unused(session, hashes)

    def _remove_unused(self, session: Session, hashes: Iterable[str]) -> None:
        for sha256 in hashes:
            if not _exists(session, JobInput.sha256 == sha256):
                self.folder.remove_upload(sha256)

    def expire(self, keep_days: float) -> int:
        """Remove jobs that ended long ago, and files that no job knows of or will go on with.

        Args:
            keep_days: how long they are kept after their end.

        Returns:
            How many jobs were removed.
        """
        with self._database.reading() as session:
            limit = self._database.now(session) - timedelta(days=keep_days)
            old = sa.select(Job.id).where(Job.state.in_(State.ends()), Job.ended_at < limit)
            ids = session.scalars(old).all()
            ended = session.scalars(sa.select(Job.id).where(Job.state.in_(State.ends()))).all()
        for id in ended:  # a worker that slept may have written after the end
            self.folder.remove_checkpoints(id)
        for id in ids:
            with suppress(UnknownJobError):  # somebody else was faster
                self.purge(id)
        with self._database.writing(alone=True) as session:
            self.folder.sweep(
                lambda id: _exists(session, Job.id == id),
                lambda sha256: _exists(session, JobInput.sha256 == sha256),
            )
        return len(ids)

    def health(self) -> None:
        """See that database and folder can be used.

        Raises:
            OutputError: one of them cannot.
        """
        with self._database.reading() as session:
            session.execute(sa.select(Job.id).limit(1))
        self.folder.check()


def _check_inputs(settings: StyleSettings, inputs: Mapping[str, str], kind: str) -> None:
    """Refuse a job that lacks a picture, or names files that are not uploads."""
    if start_file(settings.init) is not None and "init" not in inputs:
        raise SettingError(
            f"init is {settings.init}: a job's pictures are uploads, so send it as one (init)"
        )
    if settings.weights_file is not None:
        raise SettingError(
            f"weights_file is {settings.weights_file}: a job takes the backbone's own weights, "
            "so leave it out"
        )
    if settings.model is not None:
        raise SettingError(
            f"model is {settings.model}: a job is painted with the networks that come along, so "
            "leave it out"
        )
    for role in inputs:
        Role.parse(role)
    if kind in arrangements.KINDS:
        options_of(kind).check_roles(inputs)
        return
    for role in ("film" if kind == VIDEO else "content", "style"):
        if role not in inputs:
            raise InputError(f"a job without {_A[role]}: send one")


def _check_room(
    session: Session, client: str, max_queued: int | None, max_per_client: int | None
) -> None:
    """Refuse a job for which there is no room."""
    waiting = Job.state == State.QUEUED
    if max_queued is not None and _count(session, waiting) >= max_queued:
        raise QueueFullError(
            f"{max_queued} jobs are waiting, and no more may: try again when some are done"
        )
    own = (Job.client == client) & (waiting | (Job.state == State.RUNNING))
    if max_per_client is not None and _count(session, own) >= max_per_client:
        raise QueueFullError(
            f"{max_per_client} of your jobs are waiting or running, and no more may: try again "
            "when some are done, or cancel one"
        )


def _count(session: Session, condition: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Job).where(condition)) or 0


def _exists(session: Session, condition: sa.ColumnElement[bool]) -> bool:
    return session.scalar(sa.select(sa.literal(1)).where(condition).limit(1)) is not None
