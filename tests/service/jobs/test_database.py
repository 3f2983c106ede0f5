from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from impasto.errors import OutputError, SettingError
from impasto.service.jobs.database import Database
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Base, Job

Add = Callable[..., Job]


def test_the_steps_lead_to_the_tables_as_they_are(database_url: str | None, tmp_path: Path) -> None:
    database = Database(database_url, tmp_path)
    with database.reading() as session:
        connection = session.connection()
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert sa.inspect(connection).has_table("jobs")
    database.close()


def test_a_0_1_0_that_still_runs_adds_paintings_to_the_new_tables(store: Store, add: Add) -> None:
    older = "state, settings, created_at, step, losses, seconds, attempts, client, cancel_asked"
    older = f"{older}, notes"  # every column that 0.1.0 fills when it adds a job
    job = add(store)
    with store._database.writing() as session:
        session.connection().exec_driver_sql(
            f"INSERT INTO jobs (id, {older}) SELECT '{'0' * 32}', {older} FROM jobs"
        )
    assert store.get("0" * 32).kind == store.get(job.id).kind == "painting"


def test_processes_that_start_at_once_do_not_migrate_twice(
    database_url: str | None, tmp_path: Path
) -> None:
    faults: list[BaseException] = []
    gate = threading.Barrier(4)

    def start() -> None:
        gate.wait(60)
        try:
            Database(database_url, tmp_path).close()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_writer_does_not_keep_readers_waiting(open_store: Callable[[], Store]) -> None:
    one, other = open_store(), open_store()
    with one._database.writing(alone=True):
        assert other.jobs() == []


def test_a_write_that_fails_half_way_leaves_nothing(store: Store) -> None:
    row = "INSERT INTO inputs (job, position, role, sha256) VALUES ('x', 0, 'r', 's')"
    with pytest.raises(sa.exc.IntegrityError), store._database.writing() as session:
        session.connection().exec_driver_sql(row)  # there is no job x
    with store._database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM inputs").scalar() == 0


def test_sqlite_writes_ahead_and_waits_for_others(tmp_path: Path) -> None:
    database = Database(None, tmp_path)
    with database.reading() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        assert int(connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()) >= 5000
    database.close()


def test_a_database_of_a_newer_impasto_is_left_alone(tmp_path: Path) -> None:
    Database(None, tmp_path).close()
    with sqlite3.connect(tmp_path / "impasto.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(OutputError, match="written by a newer impasto"):
        Database(None, tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "impasto.db").write_bytes(b"not a database at all, whatever its name may be")
    with pytest.raises(OutputError, match="file is not a database"):
        Database(None, tmp_path)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://root:secret@host/jobs", "jobs cannot be kept in mysql"),
        ("no url at all secret", "write it like postgresql"),
    ],
)
def test_other_urls_are_refused_without_their_secret(
    url: str, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingError, match=sentence) as caught:
        Database(url, tmp_path)
    assert "secret" not in str(caught.value)


def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be used") as caught:
        Database("postgresql://someone:secret@127.0.0.1:9/jobs", tmp_path)
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
