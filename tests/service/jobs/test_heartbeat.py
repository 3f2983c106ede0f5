from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from impasto.errors import JobStateError, OutputError
from impasto.service.jobs import heartbeat
from impasto.service.jobs.heartbeat import Heartbeat
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job

Add = Callable[..., Job]
Wait = Callable[..., Any]


def claimed(store: Store, add: Add, lease_s: float = 15.0) -> Job:
    add(store)
    job = store.claim("one", lease_s)
    assert job is not None
    return job


def test_the_thread_alone_keeps_a_job(lite: Store, add: Add, wait_for: Wait) -> None:
    job = claimed(lite, add, 0.0)
    beats: list[str] = []
    beat = lite.beat

    def counted(*arguments: Any, **options: Any) -> bool:
        cancelled = beat(*arguments, **options)
        beats.append("beat")
        return cancelled

    lite.beat = counted  # type: ignore[method-assign]
    with Heartbeat(lite, job, "one", lease_s=15.0, beat_s=0.01) as heart:
        wait_for(lambda: len(beats) >= 3, "three beats")
        assert lite.claim("two") is None
    assert not heart._thread.is_alive()


def test_what_is_told_often_is_written_seldom(lite: Store, add: Add) -> None:
    job = claimed(lite, add)
    with Heartbeat(lite, job, "one", lease_s=15.0, beat_s=5.0) as heart:
        heart.report(step=1)
        heart.report(step=2)
        assert lite.get(job.id).step == 1
        heart.report(now=True, step=3)
        assert lite.get(job.id).step == 3


def test_a_painter_that_slept_through_its_lease_learns_it_before_it_writes(
    lite: Store, add: Add
) -> None:
    job = claimed(lite, add, 0.0)
    # A lease of no length: as if the process had been suspended between two steps.
    with Heartbeat(lite, job, "one", lease_s=0.0, beat_s=60.0) as heart:
        heart.report(now=True, step=1)
        assert lite.claim("two") is not None
        with pytest.raises(JobStateError, match="is no longer one's"):
            heart.report(step=2)
    assert lite.get(job.id).step == 1


def test_a_lease_lost_to_the_thread_is_told_to_the_painter(
    lite: Store, add: Add, wait_for: Wait
) -> None:
    job = claimed(lite, add, 0.0)
    assert lite.claim("two") is not None
    with Heartbeat(lite, job, "one", lease_s=15.0, beat_s=0.01) as heart:
        wait_for(lambda: heart._lost, "the thread")
        with pytest.raises(JobStateError):
            heart.report(step=2)


def away(*_given: Any, **_told: Any) -> bool:
    raise OutputError("the job database cannot be used")


def test_a_database_that_is_away_for_a_moment_is_waited_for(
    lite: Store, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "RETRY_S", 0.01)
    job = claimed(lite, add)
    answers = [away, away, lite.beat]
    monkeypatch.setattr(
        lite, "beat", lambda *arguments, **options: answers.pop(0)(*arguments, **options)
    )
    with Heartbeat(lite, job, "one", lease_s=15.0, beat_s=60.0) as heart:
        heart.report(now=True, step=5)
    assert lite.get(job.id).step == 5


def test_a_database_that_stays_away_ends_the_attempt(
    lite: Store, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "RETRY_S", 0.01)
    job = claimed(lite, add)
    monkeypatch.setattr(lite, "beat", away)
    monkeypatch.setattr(lite, "cancel_asked", away)
    with Heartbeat(lite, job, "one", lease_s=0.01, beat_s=60.0) as heart:
        assert not heart.cancel_asked()
        with pytest.raises(OutputError):
            heart.report(now=True)
