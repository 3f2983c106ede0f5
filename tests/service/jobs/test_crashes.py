"""Real workers, really killed: `impasto worker` as `impasto serve` starts it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from impasto.files import file_sha256
from impasto.painting import stylize
from impasto.service.contract import State
from impasto.service.jobs.runner import paint_job
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.signals import Stop
from tests import warm
from tests.studio import events_of

Add = Callable[..., Job]
Wait = Callable[..., Any]
Start = Callable[..., warm.Program]

STEPS = 60  # two seconds


@pytest.fixture
def start(tmp_path: Path, database_url: str | None) -> Iterator[Start]:
    """Starts `impasto worker`; it is killed at the end, if it is still there."""
    started: list[warm.Program] = []
    environment = {name: v for name, v in os.environ.items() if name != "IMPASTO_DATABASE_URL"}
    if database_url is not None:
        environment["IMPASTO_DATABASE_URL"] = database_url

    def start_one(*arguments: str) -> warm.Program:
        command = ["-m", "impasto", "worker", "--threads", "1"]
        command += ["--data", str(tmp_path / "data"), "--device", "cpu", *arguments]
        started.append(warm.Program(command, env=environment, stderr=subprocess.PIPE))
        return started[-1]

    yield start_one
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def undisturbed(pictures: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What nobody interrupted becomes, painted from files that are called as in a job's store."""
    place = tmp_path_factory.mktemp("undisturbed")
    content, style = (
        Path(shutil.copyfile(pictures[role], place / file_sha256(pictures[role])))
        for role in ("content", "style")
    )
    result = stylize(content, style, size=64, steps=STEPS, threads=1)
    return result.save(place / "result.png").read_bytes()


def in_the_midst(store: Store, job: Job) -> bool:
    """Whether there is a checkpoint, and steps that it does not know."""
    checkpoint = store.folder.job(job.id) / "checkpoint.safetensors"
    return checkpoint.exists() and len(events_of(store, job)) > 32


def finish(store: Store) -> None:
    """Have the job painted to its end by another worker, here."""
    job = store.claim("another")
    assert job is not None
    stop, how = Stop(), {"lease_s": 15.0, "beat_s": 5.0}
    assert paint_job(store, job, "another", device="cpu", threads=4, stop=stop, **how)


def check_whole(store: Store, job: Job, undisturbed: bytes) -> None:
    """The job is done, to the same bytes, and told without gap or repeat."""
    assert store.get(job.id).state is State.FINISHED
    assert (store.folder.job(job.id) / "result.png").read_bytes() == undisturbed
    events = events_of(store, job)
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    steps = [event["data"]["step"] for event in events if event["event"] == "step"]
    assert steps == list(range(1, STEPS + 1))
    ends = ("started", "finished")
    assert [event["event"] for event in events if event["event"] in ends] == list(ends)


def test_a_worker_killed_in_the_midst_costs_some_steps_and_no_byte(
    store: Store,
    add: Add,
    start: Start,
    wait_for: Wait,
    end_lease: Callable[[Store, str], None],
    undisturbed: bytes,
) -> None:
    job = add(store, steps=STEPS)
    worker = start("--nice", "10")  # so that this process sees it in time on a busy machine
    wait_for(lambda: in_the_midst(store, job), "a checkpoint")
    worker.kill()
    worker.wait()
    count = len(events_of(store, job))
    left = store.get(job.id)
    assert (left.state, left.attempts) == (State.RUNNING, 1)
    assert count < STEPS, "it was killed too late to show anything"
    assert store.claim("too early") is None
    end_lease(store, job.id)
    finish(store)
    check_whole(store, job, undisturbed)
    assert store.get(job.id).attempts == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_asked_to_end_gives_its_job_back_and_exits_cleanly(
    store: Store, add: Add, start: Start, wait_for: Wait, undisturbed: bytes
) -> None:
    job = add(store, steps=STEPS)
    worker = start("--nice", "10")  # so that this process sees it in time on a busy machine
    wait_for(lambda: len(events_of(store, job)) > 5, "some steps")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(120) == 0
    left = store.get(job.id)
    assert (left.state, left.attempts) == (State.QUEUED, 0)
    events = [event for event in events_of(store, job) if event["event"] == "step"]
    assert 0 < len(events) < STEPS
    finish(store)
    check_whole(store, job, undisturbed)
    assert store.get(job.id).attempts == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_worker_whose_server_is_killed_finishes_its_job_and_exits(
    store: Store, add: Add, wait_for: Wait, tmp_path: Path, undisturbed: bytes
) -> None:
    job, waiting = add(store, steps=STEPS), add(store, steps=STEPS)
    server = (
        "import time; from pathlib import Path; from impasto.service.jobs.supervisor import "
        "Supervisor\n"
        f"supervisor = Supervisor(Path({str(tmp_path / 'data')!r}), device='cpu', threads=1)\n"
        "supervisor.start(); print(*supervisor.pids, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        wait_for(lambda: len(events_of(store, job)) > 5, "some steps")
        process.kill()
        process.wait()
        assert store.get(job.id).state is State.RUNNING
        # The worker holds the other end of the pipe, which is closed when it exits.
        assert process.stdout.read() == b""
    assert pid > 0
    check_whole(store, job, undisturbed)
    assert store.get(waiting.id).state is State.QUEUED
