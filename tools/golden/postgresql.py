"""A PostgreSQL server of our own, for as long as it is needed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.golden.tree import TaskError

__all__ = ["dump", "fill", "programs", "running"]

START_S = 60
USER = "impasto"


def programs() -> Path:
    """The folder of PostgreSQL's programs, which Debian keeps off the path.

    Raises:
        TaskError: it is not installed.
    """
    initdb = shutil.which("initdb")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not (initdb or folders):
        raise TaskError("PostgreSQL is not installed: apt-get install postgresql")
    return folders[-1].parent if folders else Path(initdb or "").resolve().parent


@contextmanager
def running() -> Iterator[str]:
    """The URL of an empty database, as IMPASTO_DATABASE_URL takes it; all of it is gone afterwards.

    Raises:
        TaskError: PostgreSQL is not installed, or does not start.
    """
    user = _ordinary_user()
    with tempfile.TemporaryDirectory(prefix="impasto-postgresql-") as folder:
        if user:
            os.chown(folder, user["user"], user["group"])
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        common: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL, **user}
        result = subprocess.run(
            [programs() / "initdb", "-D", "data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8"],
            **{**common, "capture_output": True, "text": True},
        )
        if result.returncode:
            raise TaskError(f"initdb failed: {result.stderr.strip()}")
        options = ["-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
        server = subprocess.Popen(
            [programs() / "postgres", "-D", "data", *options],
            **{**common, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
        )
        url = f"postgresql+psycopg://{USER}@127.0.0.1:{port}/postgres"
        try:
            _wait_for(url)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
            server.wait(20)


def fill(url: str, lite: sqlite3.Connection, tables: Sequence[str]) -> None:
    """Copy all rows of an SQLite database.

    Args:
        url: of a PostgreSQL database with the same tables, empty.
        lite: where the rows are.
        tables: in an order that their keys allow.
    """
    import psycopg
    from psycopg import sql

    kinds = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
    with psycopg.connect(url.replace("+psycopg", "")) as database:
        for table in tables:
            rows = lite.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            kind_of: dict[str, str] = dict(database.execute(kinds, [table]).fetchall())
            insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, names)),
                sql.SQL(", ").join(sql.Placeholder() * len(names)),
            )
            for row in rows:
                pairs = zip(names, row, strict=True)
                database.execute(insert, [_translate(v, kind_of[name]) for name, v in pairs])
        # The next number is taken from here.
        database.execute("SELECT setval('jobs_number_seq', max(number)) FROM jobs")


def _translate(value: Any, kind: str) -> Any:
    """A value of SQLite's as PostgreSQL has it: SQLite forgets zones, and knows no truth.

    Example:
        >>> _translate("2026-01-02 03:04:05", "timestamp with time zone")
        '2026-01-02 03:04:05+00'
        >>> _translate(1, "boolean")
        True
    """
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    return f"{value}+00" if kind == "timestamp with time zone" else value


def dump(url: str) -> str:
    """All tables and rows of a database as SQL that any client can send.

    It is `pg_dump --inserts` without the lines only psql or the newest servers understand.
    """
    options = [
        "--inserts",
        "--no-owner",
        "--no-privileges",
        "--dbname",
        url.replace("+psycopg", ""),
    ]
    result = subprocess.run(
        [programs() / "pg_dump", *options], capture_output=True, text=True, check=True
    )
    lines = result.stdout.splitlines()
    odd = ("\\", "SET transaction_timeout")
    return "\n".join(line for line in lines if not line.startswith(odd)) + "\n"


def _ordinary_user() -> dict[str, Any]:
    """PostgreSQL does not run as root: the user to run it as, as `subprocess` takes it."""
    if os.geteuid() != 0:
        return {}
    person = pwd.getpwnam("postgres")
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


def _wait_for(url: str) -> None:
    import psycopg

    until = time.monotonic() + START_S
    while True:
        try:
            psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > until:
                raise TaskError(f"PostgreSQL does not answer: {error}") from None
            time.sleep(0.05)
        else:
            return
