"""Real processes, which paint nothing: they do what their items say."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psutil
import pytest

from impasto.errors import ImpastoError
from impasto.workflows.executors import Assigned, Completed, Died, Report
from impasto.workflows.executors.local import ProcessExecutor
from tests.workflows.executors.obedient import obey, of


class FatalWork:
    """Work that cannot even be handed to a worker."""

    def __call__(self, order: str) -> Iterator[int]:
        raise NotImplementedError(order)

    def __setstate__(self, state: object) -> None:
        os._exit(5)

    def __getstate__(self) -> str:
        return "some state, so that it is set"


def test_a_worker_that_dies_costs_one_item_and_a_fresh_one_goes_on() -> None:
    messages = list(ProcessExecutor(1).run(obey, ["one", "two", "be killed", "fail", "three"]))
    assert [message.item for message in of(Completed, messages)] == ["one", "two", "three"]
    assert of(Died, messages) == [Died("be killed", 0, -9)]
    pids = {message.item: message.value for message in of(Report, messages)}
    assert pids["one"] == pids["two"] == pids["be killed"]
    assert len({pids["one"], pids["fail"], pids["three"]}) == 3
    assert {message.worker for message in of(Assigned, messages)} == {0}


def test_a_worker_that_dies_before_it_is_ready_ends_the_work() -> None:
    with pytest.raises(ImpastoError, match=r"ended as it started \(exit code 5\).*__main__"):
        list(ProcessExecutor(1).run(FatalWork(), ["one", "two"]))


def test_without_items_no_process_is_started() -> None:
    before = psutil.Process().children()
    assert list(ProcessExecutor(2).run(obey, [])) == []
    assert psutil.Process().children() == before
