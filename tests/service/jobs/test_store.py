from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from impasto.errors import (
    InputError,
    JobStateError,
    OutputError,
    QueueFullError,
    SettingError,
    UnknownJobError,
)
from impasto.service.contract import State
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings, from_stored
from tests import toys

Add = Callable[..., Job]


def ended(store: Store, add: Add) -> Job:
    """A job that is finished."""
    add(store)
    job = store.claim("a worker")
    assert job is not None
    store.finish(job.id, "a worker", seconds=1.5)
    return store.get(job.id)


def test_a_job_comes_back_as_it_was_added(store: Store, add: Add) -> None:
    before = datetime.now(UTC)
    job = add(store, client="127.0.0.1", strength=0.25)
    assert job == store.get(job.id)
    assert len(job.id) == 32
    assert job.state is State.QUEUED
    assert from_stored(job.settings) == StyleSettings(size=64, steps=4, threads=1, strength=0.25)
    assert list(job.inputs) == ["content", "style"]
    assert store.folder.upload(job.inputs["style"]).is_file()
    assert abs(job.created_at - before) < timedelta(minutes=1)
    assert (job.started_at, job.ended_at, job.step, job.steps) == (None, None, 0, None)
    assert (job.losses, job.seconds, job.size, job.error) == ({}, 0.0, None, None)
    assert (job.attempts, job.threads, job.client) == (0, None, "127.0.0.1")
    assert (job.cancel_asked, job.notes) == (False, [])


def test_a_job_outlives_the_store_it_was_added_to(
    open_store: Callable[[], Store], add: Add
) -> None:
    first = open_store()
    job = add(first)
    first.close()
    assert open_store().get(job.id) == job


def test_inputs_keep_their_order_whatever_their_names(store: Store) -> None:
    roles = ["style 2", "content", "style", "mask"]
    inputs = {role: store.folder.keep_upload(role.encode()) for role in roles}
    assert list(store.add(StyleSettings(), inputs).inputs.items()) == list(inputs.items())


def test_what_is_arranged_is_kept_with_its_options_and_needs_its_own_pictures(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    toys.install(monkeypatch)
    inputs = {role: store.folder.keep_upload(role.encode()) for role in ("content", "style")}
    job = store.add(StyleSettings(), inputs, kind=toys.KIND, options={"upside_down": True})
    assert (job.kind, job.plan) == (toys.KIND, None)
    assert job.options == {"upside_down": True, "title": "", "font": None}
    assert job.to_out().options == job.options
    with pytest.raises(InputError, match="the content image is missing"):
        store.add(StyleSettings(), {"style": inputs["style"]}, kind=toys.KIND)
    with pytest.raises(SettingError, match="did you mean 'title'"):
        store.add(StyleSettings(), inputs, kind=toys.KIND, options={"titel": ""})


def test_what_words_came_to_is_kept_to_be_shown(store: Store) -> None:
    inputs = {role: store.folder.keep_upload(role.encode()) for role in ("content", "style")}
    plan = {"text": "cold", "unknown": []}
    job = store.add(StyleSettings(), inputs, plan=plan)
    assert (job.plan, job.to_out().plan, job.options) == (plan, plan, None)


def test_a_role_that_no_picture_has_is_refused_with_those_there_are(lite: Store) -> None:
    inputs = {role: lite.folder.keep_upload(b"bytes") for role in ("content", "style", "hat")}
    with pytest.raises(InputError, match="hat is no role of a picture: take one of content"):
        lite.add(StyleSettings(), inputs)
    assert lite.jobs() == []


@pytest.mark.parametrize("id", ["0" * 32, "../../etc/passwd", "", "\0", "x' or 1=1 --", "a" * 999])
def test_an_id_that_is_none_is_an_error_that_says_so(lite: Store, id: str) -> None:
    for ask in (lite.get, lite.cancel, lite.purge):
        with pytest.raises(UnknownJobError, match="there is no job"):
            ask(id)


def test_lists_are_newest_first_and_go_on_before_a_job(store: Store, add: Add) -> None:
    jobs = [add(store) for _ in range(5)]
    ids = [job.id for job in reversed(jobs)]
    assert [job.id for job in store.jobs()] == ids
    page = store.jobs(limit=2)
    assert [job.id for job in page] == ids[:2]
    assert [job.id for job in store.jobs(limit=2, before=page[-1].id)] == ids[2:4]
    assert store.jobs(before=ids[-1]) == []
    with pytest.raises(UnknownJobError):
        store.jobs(before="0" * 32)


def test_lists_and_counts_know_states(store: Store, add: Add) -> None:
    done = ended(store, add)
    waiting = add(store)
    assert [job.id for job in store.jobs(state=State.QUEUED)] == [waiting.id]
    assert [job.id for job in store.jobs(state=State.FINISHED)] == [done.id]
    assert store.counts() == {
        State.QUEUED: 1,
        State.RUNNING: 0,
        State.FINISHED: 1,
        State.FAILED: 0,
        State.CANCELLED: 0,
    }


def test_totals_are_sums_over_all_jobs_and_zero_without_any(store: Store, add: Add) -> None:
    empty = store.totals()
    assert (sum(empty.jobs.values()), empty.steps, empty.seconds) == (0, 0, 0.0)
    for steps, seconds in ((3, 1.5), (4, 2.0)):
        add(store)
        job = store.claim("a worker")
        assert job is not None
        store.beat(job.id, "a worker", step=steps)
        store.finish(job.id, "a worker", seconds=seconds)
    add(store)
    totals = store.totals()
    assert (totals.jobs[State.FINISHED], totals.jobs[State.QUEUED]) == (2, 1)
    assert (totals.steps, totals.seconds) == (7, 3.5)


def add_limited(store: Store, *, client: str = "", **limits: int) -> Job:
    inputs = {role: store.folder.keep_upload(b"bytes") for role in ("content", "style")}
    return store.add(StyleSettings(), inputs, client=client, **limits)


def test_a_full_queue_takes_no_more_and_running_jobs_do_not_wait_in_it(store: Store) -> None:
    add_limited(store, max_queued=2)
    add_limited(store, max_queued=2)
    with pytest.raises(QueueFullError, match="2 jobs are waiting, and no more may"):
        add_limited(store, max_queued=2)
    store.claim("a worker")
    add_limited(store, max_queued=2)


def test_one_client_may_not_fill_the_queue_for_others(store: Store) -> None:
    add_limited(store, client="one", max_per_client=1)
    store.claim("a worker")
    with pytest.raises(QueueFullError, match="1 of your jobs"):
        add_limited(store, client="one", max_per_client=1)
    add_limited(store, client="other", max_per_client=1)


def test_clients_that_come_at_once_do_not_get_past_the_limit(
    open_store: Callable[[], Store],
) -> None:
    stores = [open_store() for _ in range(6)]
    refused: list[Exception] = []
    gate = threading.Barrier(len(stores))

    def come(store: Store) -> None:
        gate.wait(60)
        try:
            add_limited(store, max_queued=2)
        except QueueFullError as error:
            refused.append(error)

    threads = [threading.Thread(target=come, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    assert stores[0].counts()[State.QUEUED] == 2


def test_jobs_name_no_files_and_have_their_pictures(lite: Store) -> None:
    there = lite.folder.keep_upload(b"bytes")
    both = {"content": there, "style": there}
    with pytest.raises(SettingError, match="init is image:/etc/passwd"):
        lite.add(StyleSettings(init="image:/etc/passwd"), both)
    with pytest.raises(SettingError, match="weights_file is /etc/passwd"):
        lite.add(StyleSettings(weights_file="/etc/passwd"), both)
    with pytest.raises(InputError, match="without a style image: send one"):
        lite.add(StyleSettings(), {"content": there})
    with pytest.raises(InputError, match="the style of this job is not here any more"):
        lite.add(StyleSettings(), {"content": there, "style": "0" * 64})
    with pytest.raises(ValueError, match="not a SHA-256"):
        lite.add(StyleSettings(), {"content": there, "style": "../../etc/passwd"})
    assert lite.jobs() == []


def test_cancelling_a_job_that_waits_ends_it_at_once(store: Store, add: Add) -> None:
    job = store.cancel(add(store).id)
    assert job.state is State.CANCELLED
    assert job.ended_at is not None
    assert store.claim("a worker") is None


def test_cancelling_a_job_that_runs_asks_its_worker(store: Store, add: Add) -> None:
    add(store)
    job = store.claim("a worker")
    assert job is not None
    assert not store.cancel_asked(job.id)
    cancelling = store.cancel(job.id)
    assert (cancelling.state, cancelling.cancel_asked, cancelling.ended_at) == (
        State.RUNNING,
        True,
        None,
    )
    assert store.cancel_asked(job.id)


def test_cancelling_a_job_that_has_ended_changes_nothing(store: Store, add: Add) -> None:
    job = ended(store, add)
    assert store.cancel(job.id) == job


def test_purging_removes_the_job_and_its_files(store: Store, add: Add) -> None:
    job = ended(store, add)
    folder = store.folder.job(job.id)
    (folder / "result.png").write_bytes(b"a picture")
    store.purge(job.id)
    with pytest.raises(UnknownJobError):
        store.get(job.id)
    assert not folder.exists()
    assert not store.folder.upload(job.inputs["content"]).exists()


def test_an_upload_that_another_job_uses_stays_until_that_goes(store: Store, add: Add) -> None:
    first, second = ended(store, add), ended(store, add)
    upload = store.folder.upload(first.inputs["style"])
    assert first.inputs == second.inputs
    store.purge(first.id)
    assert upload.is_file()
    store.purge(second.id)
    assert not upload.exists()


def test_a_job_that_has_not_ended_is_not_purged(store: Store, add: Add) -> None:
    job = add(store)
    with pytest.raises(JobStateError, match="is queued: cancel it first"):
        store.purge(job.id)
    store.claim("a worker")
    with pytest.raises(JobStateError, match="is running: cancel it first"):
        store.purge(job.id)


def test_what_ended_long_ago_expires_and_nothing_else(store: Store, add: Add) -> None:
    old, waiting = ended(store, add), add(store)
    assert store.expire(keep_days=1) == 0
    assert store.expire(keep_days=-1) == 1
    assert [job.id for job in store.jobs()] == [waiting.id]
    assert not (store.folder.path / "jobs" / old.id).exists()


def test_files_that_no_job_knows_of_are_swept_when_they_are_old(store: Store, add: Add) -> None:
    job = add(store)
    owned = [store.folder.job(job.id), store.folder.upload(job.inputs["content"])]
    orphans = [store.folder.job("0" * 32), store.folder.upload(store.folder.keep_upload(b"lost"))]
    young = store.folder.upload(store.folder.keep_upload(b"just come"))
    long_ago = time.time() - 2 * 3600
    for path in owned + orphans:
        os.utime(path, (long_ago, long_ago))
    store.expire(keep_days=1)
    assert [path.exists() for path in owned + orphans] == [True, True, False, False]
    assert young.exists()


def test_a_store_is_well_until_its_folder_is_gone(store: Store) -> None:
    store.health()
    folder = store.folder.path
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(OutputError):
        store.health()


def test_the_data_folder_is_found_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_DATA", str(tmp_path / "here"))
    store = Store()
    store.close()
    assert store.folder.path == tmp_path / "here"
    assert (tmp_path / "here" / "impasto.db").is_file()
