from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from impasto.errors import OutputError, UnknownNameError
from impasto.service.contract import State
from impasto.service.jobs import worker
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.service.jobs.worker import device_of, work
from impasto.signals import Stop

Add = Callable[..., Job]
Wait = Callable[..., Any]


@contextmanager
def working(store: Store, **arguments: Any) -> Iterator[threading.Thread]:
    """A worker in a thread, which has ended when the block has."""
    stop = Stop()
    thread = threading.Thread(
        target=work,
        args=(store, "worker"),
        kwargs={"device": "cpu", "threads": 1, "poll_s": 0.01, "stop": stop, **arguments},
    )
    thread.start()
    try:
        yield thread
    finally:
        stop.asked = True
        thread.join(30)
        assert not thread.is_alive()


def test_jobs_are_painted_one_after_the_other(lite: Store, add: Add, wait_for: Wait) -> None:
    first = add(lite, steps=1)
    with working(lite):
        wait_for(lambda: lite.get(first.id).state.ended)
        second = add(lite, steps=1)
        wait_for(lambda: lite.get(second.id).state.ended)
    jobs = [lite.get(job.id) for job in (first, second)]
    assert [job.state for job in jobs] == [State.FINISHED, State.FINISHED]
    assert all(job.attempts == 1 for job in jobs)


def test_two_workers_share_the_jobs(
    open_store: Callable[[], Store], add: Add, wait_for: Wait
) -> None:
    one, other = open_store(), open_store()
    ids = [add(one, steps=1).id for _ in range(4)]
    with working(one), working(other):
        wait_for(lambda: all(one.get(id).state.ended for id in ids))
    assert [one.get(id).state for id in ids] == [State.FINISHED] * 4
    assert [one.get(id).attempts for id in ids] == [1] * 4


def test_a_bad_job_does_not_keep_the_next_from_being_painted(
    lite: Store, add: Add, wait_for: Wait
) -> None:
    bad, good = add(lite, style_layers="relu9_1"), add(lite, steps=1)
    with working(lite):
        wait_for(lambda: lite.get(good.id).state.ended)
    assert lite.get(good.id).state is State.FINISHED
    error = lite.get(bad.id).error
    assert error is not None
    assert error.startswith("'relu9_1' is not a layer of slim; did you mean 'relu")


def test_a_worker_whose_parent_is_gone_finishes_its_job_and_ends(
    lite: Store, add: Add, wait_for: Wait, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = add(lite, steps=3)
    parent = [os.getppid()]
    monkeypatch.setattr(os, "getppid", lambda: parent[0])
    claim = lite.claim

    def orphaned(*arguments: Any) -> Job | None:
        claimed_job = claim(*arguments)
        if claimed_job is not None:
            parent[0] = 1
        return claimed_job

    monkeypatch.setattr(lite, "claim", orphaned)
    with working(lite, parent_pid=os.getppid()) as thread:
        wait_for(lambda: not thread.is_alive(), "the worker to end by itself")
    assert lite.get(job.id).state is State.FINISHED


def test_a_database_that_is_away_is_told_and_waited_for(
    lite: Store,
    add: Add,
    wait_for: Wait,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(worker, "AWAY_S", 0.01)
    job = add(lite, steps=1)
    claim, claims = lite.claim, []

    def away_at_first(*arguments: Any) -> Job | None:
        claims.append(arguments)
        if len(claims) < 3:
            raise OutputError("the job database cannot be used")
        return claim(*arguments)

    monkeypatch.setattr(lite, "claim", away_at_first)
    with working(lite):
        wait_for(lambda: lite.get(job.id).state.ended)
    assert capfd.readouterr().err.count("impasto: worker: the job database cannot be used") == 2


def test_a_worker_in_which_something_broke_ends(
    lite: Store, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(lite)
    monkeypatch.setattr(worker, "paint_job", lambda *_, **__: False)
    assert work(lite, "worker", threads=1) is False


def test_each_job_is_claimed_under_a_name_of_its_own(
    lite: Store, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(lite), add(lite)
    names, stop = [], Stop()

    def paint(_store: Store, _job: Job, name: str, **_: Any) -> bool:
        names.append(name)
        stop.asked = len(names) == 2
        return True

    monkeypatch.setattr(worker, "paint_job", paint)
    assert work(lite, "worker 1", threads=1, stop=stop) is True
    assert len(set(names)) == 2
    assert all(name.startswith(f"worker 1 {os.getpid()}-") for name in names)


def test_several_gpus_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("impasto.methods.device.available", lambda: ["cuda", "cpu"])
    monkeypatch.setattr("torch.cuda.device_count", lambda: 2)
    assert [device_of("auto", number) for number in range(3)] == ["cuda:0", "cuda:1", "cuda:0"]
    assert device_of("cuda:1", 0) == "cuda:1"
    assert device_of("cpu", 1) == "cpu"
    with pytest.raises(UnknownNameError):
        device_of("gpu", 0)
