"""What tests of jobs share: a store on SQLite and on PostgreSQL, tiny pictures, waiting without
sleeping for long."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from impasto import samples
from impasto.events import Event, Step
from impasto.service.jobs.claims import stored_job
from impasto.service.jobs.job_directory import JobDirectory
from impasto.service.jobs.job_inputs import HERE
from impasto.service.jobs.runner import paint_job
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.signals import Stop
from tests.studio import events_of

DEADLINE_S = 300  # on a machine that much else works on


def _wait_for(condition: Callable[[], Any], what: str = "it") -> Any:
    until = time.monotonic() + DEADLINE_S
    while not (result := condition()):
        assert time.monotonic() < until, f"waited {DEADLINE_S} s for {what}"
        time.sleep(0.01)
    return result


@pytest.fixture
def wait_for() -> Callable[..., Any]:
    """What a condition gives as soon as that is true; fails when it takes too long."""
    return _wait_for


def _programs() -> Path | None:
    """Where PostgreSQL's programs are: Debian keeps them off the path."""
    result = shutil.which("initdb")
    if result:
        return Path(result).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


def _ordinary_user() -> dict[str, Any]:
    """PostgreSQL does not run as root: the user to run it as, as `subprocess` takes it."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    return pytest.skip("running as root, and there is no ordinary user to run PostgreSQL as")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a PostgreSQL server of our own, without the name of a database."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = _ordinary_user()
    # Not pytest's own folder, which other users may not enter.
    folder = Path(tempfile.mkdtemp(prefix="impasto-postgresql-"))
    if user:
        os.chown(folder, user["user"], user["group"])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    common = {"cwd": folder, "stdin": subprocess.DEVNULL, **user}
    process = subprocess.run(
        [programs / "initdb", "-D", "data", "-U", "impasto", "-A", "trust", "-N", "-E", "UTF8"],
        **{**common, "capture_output": True, "text": True, "timeout": 60},
    )
    assert process.returncode == 0, process.stderr
    server = subprocess.Popen(
        [
            *(programs / "postgres", "-D", "data", "-p", str(port), "-k", str(folder)),
            *("-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"),
        ],
        **{**common, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL},
    )
    url = f"postgresql+psycopg://impasto@127.0.0.1:{port}"
    try:
        _wait_for(lambda: _answers(url), "PostgreSQL")
        yield url
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(f"{url.replace('+psycopg', '')}/postgres", connect_timeout=20).close()
    except psycopg.OperationalError:
        return False
    return True


def _emptied(server: str) -> str:
    """The URL of the one database, from which all that earlier tests left is gone.

    A database for each test would be some megabytes of copying each time.
    """
    import psycopg

    with psycopg.connect(
        f"{server.replace('+psycopg', '')}/postgres", autocommit=True
    ) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'postgres' AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return f"{server}/postgres"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """None for SQLite, else the URL of an empty database."""
    if request.param == "sqlite":
        return None
    return _emptied(request.getfixturevalue("postgresql"))


@pytest.fixture(autouse=True)
def no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the person who runs the tests has in the environment."""
    monkeypatch.delenv("IMPASTO_DATABASE_URL", raising=False)
    monkeypatch.delenv("IMPASTO_DATA", raising=False)


@pytest.fixture
def open_store(database_url: str | None, tmp_path: Path) -> Iterator[Callable[[], Store]]:
    """Opens the same store as often as it is called, as other processes would."""
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(Store(database_url, tmp_path / "data"))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    """An empty store, on each kind of database."""
    return open_store()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite, where the database does not matter."""
    store = Store(data=tmp_path / "data")
    yield store
    store.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A tiny photograph and a tiny style, by role."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = {"content": folder / "content.png", "style": folder / "style.png"}
    for path, source in zip(
        paths.values(), (samples.content("chelsea"), samples.style("swirls")), strict=True
    ):
        with Image.open(source) as opened:
            opened.convert("RGB").resize((64, 48)).save(path)
    return paths


@pytest.fixture
def add(pictures: dict[str, Path]) -> Callable[..., Job]:
    """Adds a job that paints the tiny pictures: `add(store, steps=4)`."""

    def add_one(store: Store, *, client: str = "", plan: Any = None, **options: Any) -> Job:
        settings = StyleSettings(**{"size": 64, "steps": 4, "threads": 1, **options})
        inputs = {role: store.folder.keep_upload(path) for role, path in pictures.items()}
        return store.add(settings, inputs, client=client, plan=plan)

    return add_one


@pytest.fixture
def end_lease() -> Callable[[Store, str], None]:
    """Lets the lease of a job end now, in place of waiting for it."""

    def end(store: Store, id: str) -> None:
        with store._database.writing() as session:
            stored_job(session, id).lease_until = datetime.now(UTC) - timedelta(hours=1)

    return end


@pytest.fixture
def paint() -> Callable[..., bool]:
    """Paints the oldest job, here: `paint(store, "worker", stop)`."""

    def paint_one(
        store: Store,
        worker: str = "one",
        stop: Stop | None = None,
        painter: Any = HERE,
        clip: str | None = None,
    ) -> bool:
        job = store.claim(worker, 15.0)
        assert job is not None
        how = {"lease_s": 15.0, "beat_s": 5.0, "stop": stop or Stop(), "painter": painter}
        how["clip"] = clip
        return paint_job(store, job, worker, device="cpu", threads=1, **how)

    return paint_one


@pytest.fixture
def at_step(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], None] | None], None]:
    """Sets what happens right after each step is written, by its number; None for nothing."""
    write_event = JobDirectory.write_event

    def set_hook(hook: Callable[[int], None] | None) -> None:
        def write_and_call(directory: JobDirectory, event: Event) -> None:
            write_event(directory, event)
            if hook is not None and isinstance(event, Step):
                hook(event.step)

        monkeypatch.setattr(JobDirectory, "write_event", write_and_call)

    return set_hook


@pytest.fixture
def checked_events() -> Callable[[Store, Job], list[dict[str, Any]]]:
    """A job's events, whose ids must count from 1 without a gap."""

    def read(store: Store, job: Job) -> list[dict[str, Any]]:
        events = events_of(store, job)
        assert [event["id"] for event in events] == list(range(1, len(events) + 1))
        return events

    return read
