"""Real processes, which paint nothing: they do what their items say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing import parent_process
from typing import Any

import psutil
import pytest

from impasto.errors import ImpastoError
from impasto.workflows.executors import Assigned, Completed, Died, Executor, Raised, Report
from impasto.workflows.executors.local import ProcessExecutor, SerialExecutor


def obey(order: str) -> Iterator[int]:
    """Reports its process, then does what the order says."""
    yield os.getpid()
    if order == "be killed":
        os.kill(os.getpid(), 9)
    if order == "wait":
        parent = parent_process()
        assert parent is not None
        parent.join()
    if order == "fail":
        raise ZeroDivisionError("of a test")


class FatalWork:
    """Work that cannot even be handed to a worker."""

    def __call__(self, order: str) -> Iterator[int]:
        raise NotImplementedError(order)

    def __setstate__(self, state: object) -> None:
        os._exit(5)

    def __getstate__(self) -> str:
        return "some state, so that it is set"


def of(kind: type, messages: Iterable[Any]) -> list[Any]:
    return [message for message in messages if isinstance(message, kind)]


@pytest.mark.parametrize("executor", [SerialExecutor(), ProcessExecutor(2)], ids=["serial", "pool"])
def test_each_item_is_assigned_reported_and_completed_in_this_order(executor: Executor) -> None:
    messages = list(executor.run(obey, ["a", "b", "c"]))
    assert len(messages) == 9
    for item in "abc":
        assignment, report, completion = (m for m in messages if m.item == item)
        assert isinstance(assignment, Assigned)
        assert report == Report(item, assignment.worker, assignment.pid)
        assert completion == Completed(item, assignment.worker)


@pytest.mark.parametrize("executor", [SerialExecutor(), ProcessExecutor(1)], ids=["serial", "pool"])
def test_an_error_of_the_work_costs_its_item_and_is_told_in_one_line(executor: Executor) -> None:
    messages = list(executor.run(obey, ["fail", "go on"]))
    (error,) = of(Raised, messages)
    assert error.item == "fail"
    assert "ZeroDivisionError: of a test" in error.reason
    assert "please report it" in error.reason
    assert [message.item for message in of(Completed, messages)] == ["go on"]


def test_a_worker_that_dies_costs_one_item_and_a_fresh_one_goes_on() -> None:
    messages = list(ProcessExecutor(1).run(obey, ["one", "two", "be killed", "fail", "three"]))
    assert [message.item for message in of(Completed, messages)] == ["one", "two", "three"]
    assert of(Died, messages) == [Died("be killed", 0, -9)]
    pids = {message.item: message.value for message in of(Report, messages)}
    assert pids["one"] == pids["two"] == pids["be killed"]
    assert len({pids["one"], pids["fail"], pids["three"]}) == 3
    assert {message.worker for message in of(Assigned, messages)} == {0}


def test_two_workers_share_the_items_and_closing_ends_them_at_once() -> None:
    messages = ProcessExecutor(2).run(obey, ["wait", "wait", "never"])
    pids = {message.pid for message in of(Assigned, islice(messages, 4))}
    assert len(pids) == 2
    messages.close()
    assert not any(map(psutil.pid_exists, pids))


def test_a_worker_that_dies_before_it_is_ready_ends_the_work() -> None:
    with pytest.raises(ImpastoError, match=r"ended as it started \(exit code 5\).*__main__"):
        list(ProcessExecutor(1).run(FatalWork(), ["one", "two"]))


def test_without_items_no_process_is_started() -> None:
    before = psutil.Process().children()
    assert list(ProcessExecutor(2).run(obey, [])) == []
    assert psutil.Process().children() == before
