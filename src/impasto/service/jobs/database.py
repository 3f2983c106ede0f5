"""The database: SQLite in the data folder, or PostgreSQL where a URL says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from impasto.errors import OutputError, SettingError, reason_of
from impasto.files import file_lock
from impasto.service.jobs.migrations import migrate
from impasto.text import format_path

__all__ = ["Database"]

FILE = "impasto.db"
LOCK = ".impasto-migrations.lock"
MIGRATION_PATIENCE_S = 60.0  # for another process that brings the tables up to date
WAIT_S = 20
# Any number will do, as long as nobody else locks with it in the same database.
ADVISORY = 0x696D7061
WRITES = "impasto_writes"


class Database:
    """Opens the database and brings its tables up to date.

    Args:
        url: of SQLAlchemy (`postgresql+psycopg://user:secret@host/name`); None for SQLite.
        data: the folder SQLite's file lies in.

    Raises:
        SettingError: the URL is not one of PostgreSQL or SQLite.
        OutputError: the database cannot be reached, read or written.
    """

    def __init__(self, url: str | None, data: Path) -> None:
        self._engine = _engine(url, data)
        self.is_sqlite = self._engine.dialect.name == "sqlite"
        self.name = self._engine.url.render_as_string(hide_password=True)
        with self._as_output_error():
            self._migrate(data)

    def _migrate(self, data: Path) -> None:
        """One process at a time, however many start at once."""
        if self.is_sqlite:
            lock = data / LOCK
            with ExitStack() as stack:
                try:
                    stack.enter_context(
                        file_lock(
                            lock,
                            poll_s=0.05,
                            on_wait=lambda: None,
                            patience_s=MIGRATION_PATIENCE_S,
                        )
                    )
                except OSError as error:
                    raise OutputError(
                        f"{format_path(lock)} cannot be had ({reason_of(error)}): end the process "
                        "that holds it, or choose another folder with --data"
                    ) from None
                with closing(self._engine.raw_connection()) as raw:
                    # Kept in the file; readers and a writer do not wait for each other then.
                    raw.cursor().execute("PRAGMA journal_mode=WAL")
                with self.writing() as session:
                    migrate(session.connection())
        else:
            with self.writing(alone=True) as session:
                migrate(session.connection())

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads; what it has read stays readable after it."""
        with self._as_output_error(), self._session() as session, session.begin():
            yield session

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Session]:
        """A transaction that writes; it counts when the block ends well.

        Args:
            alone: keep all others that want to be alone waiting meanwhile. With SQLite every
                writer is alone.
        """
        with self._as_output_error(), self._session() as session, session.begin():
            session.connection(execution_options={WRITES: True})
            if alone and not self.is_sqlite:
                session.execute(sa.select(sa.func.pg_advisory_xact_lock(ADVISORY)))
            yield session

    def _session(self) -> Session:
        return Session(self._engine, expire_on_commit=False)

    def now(self, session: Session) -> datetime:
        """The time that leases are measured by, UTC.

        PostgreSQL's own, since workers may run on several machines; with SQLite all are on one
        machine and share its clock.
        """
        if self.is_sqlite:
            return datetime.now(UTC)
        now = session.execute(sa.select(sa.func.clock_timestamp())).scalar_one()
        assert isinstance(now, datetime)
        return now.astimezone(UTC)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _as_output_error(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError):
            raise  # our own fault, not the database's
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, sqlite3.DatabaseError) as error:
            reason = " ".join(str(getattr(error, "orig", None) or error).split())
            raise OutputError(
                f"the job database {self.name} cannot be used ({reason}): see that it is running "
                "and may be written, or choose another with --data or IMPASTO_DATABASE_URL"
            ) from None


def _engine(url: str | None, data: Path) -> sa.Engine:
    if url is None:
        parsed = sa.URL.create("sqlite", database=str(data / FILE))
    else:
        try:
            parsed = sa.make_url(url)
        except sa.exc.ArgumentError:
            raise SettingError(
                "IMPASTO_DATABASE_URL is not the URL of a database: write it like "
                "postgresql+psycopg://user:password@host:5432/name"
            ) from None
    kind = parsed.get_backend_name()
    if kind in ("postgresql", "postgres"):
        engine = sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    elif kind == "sqlite":
        engine = sa.create_engine(parsed, connect_args={"timeout": WAIT_S})
        sa.event.listen(engine, "connect", _sqlite_opened)
        sa.event.listen(engine, "begin", _sqlite_begun)
    else:
        raise SettingError(
            f"jobs cannot be kept in {kind}: take postgresql+psycopg://…, or no URL for SQLite"
        )
    return engine


def _sqlite_opened(connection: Any, record: Any) -> None:  # noqa: ARG001 - SQLAlchemy's
    connection.isolation_level = None  # transactions are begun below, and by nobody else
    connection.execute("PRAGMA foreign_keys=ON")


def _sqlite_begun(connection: sa.Connection) -> None:
    # Who is going to write says so at once: two readers that both want to become the writer
    # would otherwise have to give up.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
