"""The job store: what is to be painted, kept in a database so that no crash loses it."""

from __future__ import annotations

import builtins
import os
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import platformdirs

from impasto.errors import InputError, JobStateError, QueueFullError, SettingError, UnknownJobError
from impasto.service.jobs.claims import Claims
from impasto.service.jobs.database import Database
from impasto.service.jobs.files import Folder
from impasto.service.jobs.model import Job, State
from impasto.service.jobs.rows import is_there, jobs_of, row_of
from impasto.service.jobs.sql import sa
from impasto.service.jobs.tables import inputs as uses
from impasto.service.jobs.tables import jobs
from impasto.settings import StyleSettings, to_stored
from impasto.task import start_file

__all__ = ["Store"]

ENDS = [state for state in State if state.ended]


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
        if data is None:
            given = os.environ.get("IMPASTO_DATA")
            data = Path(given) if given else platformdirs.user_data_path("impasto")
        self.folder = Folder(Path(data))
        url = url or os.environ.get("IMPASTO_DATABASE_URL") or None
        self._database = Database(url, self.folder.path)

    def close(self) -> None:
        """Close all connections to the database."""
        self._database.close()

    def add(
        self,
        settings: StyleSettings,
        inputs: Mapping[str, str],
        *,
        client: str = "",
        max_queued: int | None = None,
        max_per_client: int | None = None,
    ) -> Job:
        """Queue a painting.

        Args:
            settings: all of them; files they name are refused, since a job's files are uploads.
            inputs: SHA-256 of each upload by role, as in `Job`; `content` and `style` at least.
            client: who asks for it.
            max_queued: how many jobs may wait, at most.
            max_per_client: how many of one client may wait or run, at most.

        Raises:
            QueueFullError: one of the two limits is met.
            SettingError: `init` or `weights_file` names a file.
            InputError: a role is missing, or an upload is not in the folder (any more).
        """
        _check_given(settings, inputs)
        id = uuid.uuid4().hex
        row = {
            "id": id,
            "state": State.QUEUED,
            "settings": to_stored(settings),
            "client": client,
            **{"step": 0, "losses": {}, "seconds": 0.0, "attempts": 0, "notes": []},
            "cancel_asked": False,
        }
        # Alone: two clients that both look before either adds would both find room, and an
        # upload could go with another job between the look and the adding.
        with self._database.writing(alone=True) as connection:
            _check_room(connection, client, max_queued, max_per_client)
            for role, sha256 in inputs.items():
                if not self.folder.upload(sha256).is_file():
                    raise InputError(f"the {role} of this job is not here any more: send it again")
            row["created_at"] = self._database.now(connection)
            connection.execute(sa.insert(jobs).values(**row))
            given = enumerate(inputs.items())
            connection.execute(
                sa.insert(uses),
                [{"job": id, "position": n, "role": r, "sha256": s} for n, (r, s) in given],
            )
        return self.get(id)

    def get(self, id: str) -> Job:
        """A job as it stands.

        Raises:
            UnknownJobError: there is none with this id, or no longer.
        """
        with self._database.reading() as connection:
            return jobs_of(connection, [row_of(connection, id)])[0]

    def list(
        self, *, limit: int = 50, before: str | None = None, state: State | None = None
    ) -> builtins.list[Job]:
        """Jobs, the newest first.

        Args:
            limit: how many at most.
            before: id of a job; only older ones are listed.
            state: only jobs in this one.

        Raises:
            UnknownJobError: there is no job `before`.
        """
        wanted = sa.select(jobs).order_by(jobs.c.number.desc()).limit(limit)
        if state is not None:
            wanted = wanted.where(jobs.c.state == state)
        with self._database.reading() as connection:
            if before is not None:
                wanted = wanted.where(jobs.c.number < row_of(connection, before)["number"])
            return jobs_of(connection, connection.execute(wanted).mappings().all())

    def counts(self) -> dict[State, int]:
        """How many jobs there are in each state."""
        counted = sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
        with self._database.reading() as connection:
            found = {row[0]: int(row[1]) for row in connection.execute(counted)}
        return {state: found.get(state, 0) for state in State}

    def cancel(self, id: str) -> Job:
        """End a job: at once if it waits, within two steps if it runs; one at its end stays so.

        Raises:
            UnknownJobError: there is none with this id.
        """
        with self._database.writing() as connection:
            row = row_of(connection, id, locked=True)
            values: dict[str, Any] = {}
            if row["state"] == State.QUEUED:
                values = {"state": State.CANCELLED, "ended_at": self._database.now(connection)}
            elif row["state"] == State.RUNNING:
                values = {"cancel_asked": True}
            if values:
                connection.execute(sa.update(jobs).where(jobs.c.id == id).values(**values))
            return jobs_of(connection, [row_of(connection, id)])[0]

    def purge(self, id: str) -> None:
        """Remove a job that has ended, its pictures, and the uploads no other job uses.

        Raises:
            UnknownJobError: there is none with this id.
            JobStateError: it has not ended.
        """
        with self._database.writing(alone=True) as connection:
            row = row_of(connection, id, locked=True)
            if not State(row["state"]).ended:
                raise JobStateError(
                    f"job {id} is {row['state']}: cancel it first, or wait until it has ended"
                )
            used = sa.select(uses.c.sha256).where(uses.c.job == id)
            hashes = set(connection.execute(used).scalars())
            connection.execute(sa.delete(uses).where(uses.c.job == id))
            connection.execute(sa.delete(jobs).where(jobs.c.id == id))
            for sha256 in hashes:
                if not is_there(connection, uses.c.sha256 == sha256):
                    self.folder.remove_upload(sha256)
        self.folder.remove_job(id)

    def expire(self, keep_days: float) -> int:
        """Remove jobs that ended long ago, and files that no job knows of.

        Args:
            keep_days: how long they are kept after their end.

        Returns:
            How many jobs were removed.
        """
        with self._database.reading() as connection:
            limit = self._database.now(connection) - timedelta(days=keep_days)
            old = sa.select(jobs.c.id).where(jobs.c.state.in_(ENDS), jobs.c.ended_at < limit)
            ids = connection.execute(old).scalars().all()
        for id in ids:
            with suppress(UnknownJobError):  # somebody else was faster
                self.purge(id)
        with self._database.writing(alone=True) as connection:
            self.folder.sweep(
                lambda id: is_there(connection, jobs.c.id == id),
                lambda sha256: is_there(connection, uses.c.sha256 == sha256),
            )
        return len(ids)

    def health(self) -> None:
        """See that database and folder can be used.

        Raises:
            OutputError: one of them cannot.
        """
        with self._database.reading() as connection:
            connection.execute(sa.select(jobs.c.id).limit(1))
        self.folder.check()


def _check_given(settings: StyleSettings, inputs: Mapping[str, str]) -> None:
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
    for role in ("content", "style"):
        if role not in inputs:
            raise InputError(f"a job without a {role} image: send one")


def _check_room(
    connection: sa.Connection, client: str, max_queued: int | None, max_per_client: int | None
) -> None:
    """Refuse a job for which there is no room."""
    waiting = jobs.c.state == State.QUEUED
    if max_queued is not None and _count(connection, waiting) >= max_queued:
        raise QueueFullError(
            f"{max_queued} jobs are waiting, and no more may: try again when some are done"
        )
    own = (jobs.c.client == client) & (waiting | (jobs.c.state == State.RUNNING))
    if max_per_client is not None and _count(connection, own) >= max_per_client:
        raise QueueFullError(
            f"{max_per_client} of your jobs are waiting or running, and no more may: try again "
            "when some are done, or cancel one"
        )


def _count(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> int:
    wanted = sa.select(sa.func.count()).select_from(jobs).where(condition)
    return int(connection.execute(wanted).scalar_one())
