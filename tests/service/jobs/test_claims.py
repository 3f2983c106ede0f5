from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from impasto.errors import JobStateError, UnknownJobError
from impasto.service.contract import State
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job

Add = Callable[..., Job]

OVER = 0.0  # a lease that has ended as soon as it is given


def claimed(store: Store, worker: str = "one", lease_s: float = 15.0) -> Job:
    job = store.claim(worker, lease_s)
    assert job is not None
    return job


def test_the_oldest_job_is_claimed_first_and_each_once(store: Store, add: Add) -> None:
    first, second = add(store), add(store)
    job = claimed(store)
    assert (job.id, job.state, job.attempts) == (first.id, State.RUNNING, 1)
    assert job.inputs == first.inputs
    assert job.started_at is not None
    assert abs(job.started_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert claimed(store, "two").id == second.id
    assert store.claim("three") is None


def test_workers_that_race_never_get_the_same_job(
    open_store: Callable[[], Store], add: Add
) -> None:
    stores = [open_store() for _ in range(4)]
    ids = {add(stores[0]).id for _ in range(12)}
    got: list[str] = []
    gate = threading.Barrier(len(stores))

    def race(store: Store, name: str) -> None:
        gate.wait(60)
        while (job := store.claim(name)) is not None:
            got.append(job.id)

    threads = [
        threading.Thread(target=race, args=(store, f"worker {number}"))
        for number, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 12
    assert set(got) == ids


def test_a_beat_keeps_the_job_and_tells_how_far_it_is(store: Store, add: Add) -> None:
    add(store)
    id = claimed(store).id
    losses = {"content": 1.0, "style": 2.0, "tv": 0.5, "total": 3.5}
    assert not store.beat(id, "one", steps=20, size=(48, 64), notes=["a note"], threads=2)
    assert not store.beat(id, "one", precision="bf16")
    assert not store.beat(id, "one", step=7, losses=losses, seconds=1.25)
    job = store.get(id)
    assert (job.step, job.steps, job.losses, job.seconds) == (7, 20, losses, 1.25)
    assert (job.size, job.notes, job.threads) == ((48, 64), ["a note"], 2)
    assert job.precision == "bf16"


def test_a_lease_that_ends_frees_the_job_and_what_it_was_told_stays(store: Store, add: Add) -> None:
    add(store)
    first = claimed(store, "one", OVER)
    store.beat(first.id, "one", OVER, step=3, threads=1)
    second = claimed(store, "two")
    assert (second.id, second.step, second.threads, second.attempts) == (first.id, 3, 1, 2)
    assert second.started_at == first.started_at
    assert store.claim("three") is None


def test_a_worker_that_beats_in_time_keeps_its_job(store: Store, add: Add) -> None:
    add(store)
    job = claimed(store, "one", OVER)
    store.beat(job.id, "one", 15.0)
    assert store.claim("two") is None


def test_a_worker_that_lost_its_job_can_change_nothing(store: Store, add: Add) -> None:
    add(store)
    id = claimed(store, "one", OVER).id
    claimed(store, "two")
    for tell in (
        lambda: store.beat(id, "one", step=99),
        lambda: store.finish(id, "one", seconds=9.0),
        lambda: store.fail(id, "one", "no"),
        lambda: store.cancelled(id, "one"),
        lambda: store.give_back(id, "one"),
    ):
        with pytest.raises(JobStateError, match="is no longer one's"):
            tell()
    job = store.get(id)
    assert (job.state, job.step, job.error) == (State.RUNNING, 0, None)


def test_finished_failed_and_cancelled_are_ends(store: Store, add: Add) -> None:
    for _ in range(3):
        add(store)
    finished, failed, cancelled = (claimed(store).id for _ in range(3))
    store.finish(finished, "one", seconds=2.5)
    store.fail(failed, "one", "the content image is empty")
    store.cancelled(cancelled, "one")
    jobs = [store.get(id) for id in (finished, failed, cancelled)]
    assert [job.state for job in jobs] == [State.FINISHED, State.FAILED, State.CANCELLED]
    assert (jobs[0].seconds, jobs[1].error) == (2.5, "the content image is empty")
    assert all(job.ended_at is not None for job in jobs)
    with pytest.raises(JobStateError):
        store.beat(finished, "one")
    assert store.claim("two") is None


def test_a_job_given_back_goes_on_at_once_and_was_not_attempted(store: Store, add: Add) -> None:
    first, _ = add(store), add(store)
    for _ in range(5):
        assert claimed(store).id == first.id
        store.give_back(first.id, "one")
        job = store.get(first.id)
        assert (job.state, job.attempts) == (State.QUEUED, 0)


def test_a_job_whose_worker_dies_three_times_fails_with_a_reason(store: Store, add: Add) -> None:
    id = add(store).id
    assert [claimed(store, lease_s=OVER).attempts for _ in range(3)] == [1, 2, 3]
    assert store.claim("one", OVER) is None
    job = store.get(id)
    assert job.state is State.FAILED
    assert job.error is not None
    assert job.error.startswith("the process that painted it died 3 times")
    assert "smaller size" in job.error


def test_a_beat_hands_the_wish_to_cancel_on(store: Store, add: Add) -> None:
    add(store)
    id = claimed(store).id
    store.cancel(id)
    assert store.beat(id, "one")


def test_a_job_to_be_cancelled_is_not_taken_up_again(store: Store, add: Add) -> None:
    add(store), add(store)
    dead, given_back = claimed(store, "one", OVER).id, claimed(store, "two").id
    assert dead == given_back  # its lease had ended
    claimed(store, "three")
    store.cancel(dead)
    store.give_back(dead, "two")
    assert store.get(dead).state is State.CANCELLED

    add(store)
    dying = claimed(store, "four", OVER).id
    store.cancel(dying)
    assert store.claim("five") is None
    assert store.get(dying).state is State.CANCELLED
    with pytest.raises(UnknownJobError):
        store.cancel_asked("0" * 32)
