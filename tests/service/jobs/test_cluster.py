"""Jobs whose pictures are painted elsewhere: by this process in another's place, and by Ray."""

from __future__ import annotations

from collections.abc import Callable, Generator
from importlib.util import find_spec
from itertools import islice
from typing import Any

import pytest

from impasto.errors import ClusterError
from impasto.service.contract import State
from impasto.service.jobs import worker
from impasto.service.jobs.claims import MAX_ATTEMPTS
from impasto.service.jobs.store import Store
from impasto.service.jobs.tables import Job
from impasto.settings import StyleSettings
from impasto.signals import Stop
from impasto.workflows import remote_painting
from impasto.workflows.executors import Assigned
from impasto.workflows.executors.local import SerialExecutor
from impasto.workflows.remote_painting import LostError, RemotePainter
from tests import toys
from tests.workflows.executors.simulated import Machines

Add = Callable[..., Job]
Paint = Callable[..., bool]
EventsOf = Callable[[Store, Job], list[dict[str, Any]]]


class LosesItsWorker(SerialExecutor):
    """A cluster whose worker is lost after some messages, so that another takes the item."""

    def __init__(self, after: int) -> None:
        self._after = after

    def run(self, work: Any, items: Any) -> Generator[Any, None, None]:
        for number, message in enumerate(super().run(work, items)):
            if number == self._after:
                yield Assigned(message.item, 1, 7)
            yield message


@pytest.fixture
def keeps_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every event has its state."""
    monkeypatch.setattr(remote_painting, "KEEP_S", 0.0)
    monkeypatch.setattr(remote_painting, "KEEP_SHARE", 1e9)


def file_of(store: Store, job: Job, name: str) -> bytes:
    return (store.folder.job(job.id) / name).read_bytes()


def steps_of(events: list[dict[str, Any]]) -> list[int]:
    return [event["data"]["step"] for event in events if event["event"] == "step"]


def test_a_job_painted_elsewhere_tells_the_same_and_has_the_same_picture(
    lite: Store, add: Add, paint: Paint, checked_events: EventsOf
) -> None:
    here, there = add(lite, steps=6), add(lite, steps=6)
    assert paint(lite)
    assert paint(lite, painter=RemotePainter(SerialExecutor()))
    assert lite.get(there.id).state == State.FINISHED
    assert file_of(lite, there, "result.png") == file_of(lite, here, "result.png")
    names = [[event["event"] for event in checked_events(lite, job)] for job in (here, there)]
    assert names[0] == names[1]


def test_what_is_arranged_is_arranged_there(
    lite: Store, add: Add, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    toys.install(monkeypatch)
    inputs = add(lite, steps=4).inputs
    assert paint(lite)
    settings = StyleSettings(size=64, steps=4, threads=1)
    here, there = (lite.add(settings, inputs, kind=toys.KIND) for _ in range(2))
    assert paint(lite)
    assert paint(lite, painter=RemotePainter(SerialExecutor()))
    assert file_of(lite, there, "result.png") == file_of(lite, here, "result.png")
    assert lite.get(there.id).notes == lite.get(here.id).notes


@pytest.mark.usefixtures("keeps_all")
def test_what_a_lost_machine_has_done_is_gone_on_with_when_the_lease_is_over(
    lite: Store,
    add: Add,
    paint: Paint,
    end_lease: Callable[[Store, str], None],
    checked_events: EventsOf,
) -> None:
    here, there = add(lite, steps=6), add(lite, steps=6)
    assert paint(lite)
    with pytest.raises(LostError, match="goes on from its last state"):
        paint(lite, painter=RemotePainter(LosesItsWorker(after=6)))
    assert lite.get(there.id).state == State.RUNNING
    end_lease(lite, there.id)
    assert paint(lite, "another", painter=RemotePainter(SerialExecutor()))
    job = lite.get(there.id)
    assert (job.state, job.attempts) == (State.FINISHED, 2)
    assert steps_of(checked_events(lite, there)) == [1, 2, 3, 4, 5, 6]
    assert file_of(lite, there, "result.png") == file_of(lite, here, "result.png")


def test_a_cluster_that_cannot_be_used_costs_a_job_no_attempt(
    lite: Store, add: Add, paint: Paint
) -> None:
    class Busy(SerialExecutor):
        def run(self, work: Any, items: Any) -> Generator[Any, None, None]:
            yield from islice(super().run(work, items), 0)
            raise ClusterError("no machine of the cluster can be used")

    job = add(lite, steps=2)
    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(ClusterError):
            paint(lite, painter=RemotePainter(Busy()))
    job = lite.get(job.id)
    assert (job.state, job.attempts) == (State.QUEUED, 0)


def test_a_job_that_is_cancelled_ends_the_work_elsewhere(
    lite: Store, add: Add, paint: Paint, at_step: Callable[[Any], None]
) -> None:
    ended: list[bool] = []

    class Noting(SerialExecutor):
        def run(self, work: Any, items: Any) -> Generator[Any, None, None]:
            try:
                yield from super().run(work, items)
            finally:
                ended.append(True)

    job = add(lite, steps=50)

    def cancel(step: int) -> None:
        if step == 3:
            lite.cancel(job.id)

    at_step(cancel)
    paint(lite, painter=RemotePainter(Noting()))
    assert lite.get(job.id).state == State.CANCELLED
    assert ended == [True]


def test_what_is_wrong_with_a_picture_is_told_by_its_role(
    lite: Store, add: Add, paint: Paint
) -> None:
    job = add(lite, steps=2)
    lite.folder.upload(job.inputs["style"]).write_bytes(b"no picture, whatever it was before")
    assert paint(lite, painter=RemotePainter(SerialExecutor()))
    job = lite.get(job.id)
    assert job.state == State.FAILED
    assert job.error is not None
    assert job.error.startswith("the style image is not a picture")


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_worker_hands_its_jobs_to_a_cluster(
    cluster: Machines, lite: Store, add: Add, paint: Paint, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = add(lite, steps=3), add(lite, steps=3)
    assert paint(lite)
    stop = Stop()

    def done(*_: Any) -> None:
        if lite.get(there.id).state == State.FINISHED:
            stop.asked = True

    monkeypatch.setattr(worker.time, "sleep", done)
    assert worker.work(lite, "worker 1", stop=stop, cluster=cluster.address)
    assert file_of(lite, there, "result.png") == file_of(lite, here, "result.png")


@pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
def test_a_worker_whose_cluster_is_not_there_claims_nothing(lite: Store, add: Add) -> None:
    job = add(lite, steps=3)
    with pytest.raises(ClusterError, match="cannot be reached"):
        worker.work(lite, "worker 1", cluster="127.0.0.1:1")
    assert lite.get(job.id).attempts == 0
