"""Real processes, which paint nothing: scripts that stand in for `impasto`."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from impasto.service.jobs import supervisor as supervisors
from impasto.service.jobs.supervisor import Supervisor

Wait = Callable[..., Any]
Make = Callable[..., Supervisor]

# Tells what it was started with, then waits; a SIGTERM ends it, unless it is told to be deaf.
WORKER = """
import json, os, signal, sys, time
about = {"pid": os.getpid(), "group": os.getpgrp(), "arguments": sys.argv[2:],
         "url": os.environ.get("IMPASTO_DATABASE_URL")}
if DEAF:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
draft = os.path.join(FOLDER, f".{os.getpid()}")
json.dump(about, open(draft, "w"))
os.rename(draft, os.path.join(FOLDER, str(os.getpid())))
time.sleep(0 if DYING else 60)
sys.exit(7)
"""


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes a supervisor of such scripts, which is stopped at the end."""
    monkeypatch.setattr(supervisors, "LOOK_S", 0.01)
    monkeypatch.setattr(supervisors, "FIRST_PAUSE_S", 0.05)
    all_supervisors: list[Supervisor] = []

    def make_one(
        workers: int = 1, *, deaf: bool = False, dying: bool = False, **options: Any
    ) -> Any:
        started = tmp_path / "started"
        started.mkdir(exist_ok=True)
        script = f"FOLDER = {str(started)!r}; DEAF = {deaf}; DYING = {dying}\n{WORKER}"
        command = (sys.executable, "-S", "-c", script)
        all_supervisors.append(Supervisor(tmp_path / "data", workers, command=command, **options))
        return all_supervisors[-1]

    yield make_one
    for supervisor in all_supervisors:
        supervisor.stop(0)


def workers_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in folder.glob("started/[0-9]*")]


def test_workers_are_told_what_they_need_in_the_group_of_the_server(
    make: Make, tmp_path: Path, wait_for: Wait
) -> None:
    supervisor = make(2, device="cpu", threads=3, nice=5, url="postgresql://a:secret@host/b")
    supervisor.start()
    wait_for(lambda: len(workers_in(tmp_path)) == 2)
    one, other = sorted(workers_in(tmp_path), key=lambda worker: worker["arguments"])
    common = ["--data", str(tmp_path / "data"), "--device", "cpu", "--nice", "5"]
    common += ["--parent", str(os.getpid()), "--threads", "3", "--number"]
    assert (one["arguments"], other["arguments"]) == ([*common, "0"], [*common, "1"])
    assert {one["url"], other["url"]} == {"postgresql://a:secret@host/b"}
    assert {one["group"], other["group"]} == {os.getpgrp()}
    assert sorted(supervisor.pids) == sorted([one["pid"], other["pid"]])


def test_several_workers_share_the_processors(
    make: Make, tmp_path: Path, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisors, "_processors", lambda: 7)
    make(2).start()
    wait_for(lambda: len(workers_in(tmp_path)) == 2)
    for worker in workers_in(tmp_path):
        assert worker["arguments"][-4:-2] == ["--threads", "3"]


def test_workers_that_hand_pictures_to_a_cluster_leave_the_threads_to_it(
    make: Make, tmp_path: Path, wait_for: Wait
) -> None:
    make(2, cluster="head:6379", clip="models/clip").start()
    wait_for(lambda: len(workers_in(tmp_path)) == 2)
    for worker in workers_in(tmp_path):
        assert "--threads" not in worker["arguments"]
        assert worker["arguments"][-6:-4] == ["--cluster", "head:6379"]
        assert worker["arguments"][-4:-2] == ["--clip", "models/clip"]


def test_a_worker_that_is_killed_is_replaced_and_the_other_left_alone(
    make: Make, tmp_path: Path, wait_for: Wait
) -> None:
    sentences: list[str] = []
    supervisor = make(2, say=sentences.append)
    supervisor.start()
    wait_for(lambda: len(workers_in(tmp_path)) == 2)
    victim, survivor = supervisor.pids
    os.kill(victim, signal.SIGKILL)
    wait_for(lambda: len(workers_in(tmp_path)) == 3)
    assert survivor in supervisor.pids
    assert victim not in supervisor.pids
    assert len(supervisor.pids) == 2
    assert sentences == ["worker 1 ended (SIGKILL); a fresh one starts in 0.05 s"]


def test_a_worker_that_cannot_live_is_tried_ever_more_seldom(
    make: Make, tmp_path: Path, wait_for: Wait
) -> None:
    sentences: list[str] = []
    make(dying=True, say=sentences.append).start()
    wait_for(lambda: len(workers_in(tmp_path)) >= 3 and len(sentences) >= 3)
    pauses = [sentence.rsplit("starts in ", 1)[1] for sentence in sentences[:3]]
    assert pauses == ["0.05 s", "0.1 s", "0.2 s"]
    assert "ended (exit code 7)" in sentences[0]


def test_a_worker_that_cannot_be_started_again_is_told_and_tried_later(
    make: Make, tmp_path: Path, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences: list[str] = []
    supervisor = make(say=sentences.append)
    supervisor.start()
    wait_for(lambda: workers_in(tmp_path))

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(12, "Cannot allocate memory")

    with monkeypatch.context() as patch:
        patch.setattr("subprocess.Popen", refuse)
        os.kill(supervisor.pids[0], signal.SIGKILL)
        wait_for(lambda: len(sentences) >= 2)
    assert "could not be started ([Errno 12] Cannot allocate memory)" in sentences[1]
    wait_for(lambda: len(workers_in(tmp_path)) == 2)


def test_stopping_ends_all_and_starts_none(make: Make, tmp_path: Path, wait_for: Wait) -> None:
    sentences: list[str] = []
    supervisor = make(2, say=sentences.append)
    supervisor.start()
    wait_for(lambda: len(workers_in(tmp_path)) == 2)
    pids = supervisor.pids
    supervisor.stop()
    assert supervisor.pids == []
    assert not any(map(psutil.pid_exists, pids))
    assert (len(workers_in(tmp_path)), sentences) == (2, [])


def test_one_that_does_not_end_in_time_is_killed(
    make: Make, tmp_path: Path, wait_for: Wait
) -> None:
    supervisor = make(deaf=True)
    supervisor.start()
    wait_for(lambda: workers_in(tmp_path))
    (pid,) = supervisor.pids
    supervisor.stop(timeout_s=0.1)
    assert not psutil.pid_exists(pid)
