"""What every place where items are worked on has in common, whether processes or a cluster."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import nullcontext
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import Any
from weakref import ref

import numpy as np
import psutil
import pytest

from impasto.errors import ImpastoError
from impasto.workflows import executors
from impasto.workflows.executors import Assigned, Completed, Executor, Raised, Report
from impasto.workflows.executors.local import ProcessExecutor, SerialExecutor
from tests.workflows.executors.obedient import obey, of, plus, unless_short
from tests.workflows.executors.simulated import Machines

needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
EVERYWHERE = ["serial", "pool", pytest.param("ray", marks=needs_ray)]


@pytest.fixture(scope="module")
def ray(cluster: Machines) -> Iterator[Executor]:
    """Two workers of a cluster, which stay from test to test."""
    with cluster.another(), executors.open(cluster.address) as executor:
        yield executor


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "ray":
        cluster: Executor = request.getfixturevalue("ray")
        return cluster
    return SerialExecutor() if request.param == "serial" else ProcessExecutor(2)


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_each_item_is_assigned_reported_and_completed_in_this_order(executor: Executor) -> None:
    messages = list(executor.run(obey, ["a", "b", "c"]))
    assert len(messages) == 9
    for item in "abc":
        assignment, report, completion = (m for m in messages if m.item == item)
        assert isinstance(assignment, Assigned)
        assert report == Report(item, assignment.worker, assignment.pid)
        assert completion == Completed(item, assignment.worker)


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_an_error_of_the_work_costs_its_item_and_is_told_in_one_line(executor: Executor) -> None:
    messages = list(executor.run(obey, ["fail", "go on"]))
    (error,) = of(Raised, messages)
    assert error.item == "fail"
    assert "ZeroDivisionError: of a test" in error.reason
    assert "please report it" in error.reason
    assert [message.item for message in of(Completed, messages)] == ["go on"]


@pytest.mark.parametrize("executor", EVERYWHERE[1:], indirect=True)
def test_two_workers_share_the_items_and_closing_ends_them_at_once(executor: Executor) -> None:
    messages = executor.run(obey, ["wait", "wait", "never"])
    pids = {message.pid for message in of(Assigned, islice(messages, 4))}
    assert len(pids) == 2
    processes = [psutil.Process(pid) for pid in pids]
    messages.close()
    _, alive = psutil.wait_procs(processes, timeout=60)
    assert not alive


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_results_come_in_the_order_of_their_items(executor: Executor) -> None:
    add = partial(plus, np.ones(3))
    results = executors.map_ordered(executor, add, (np.full(3, n) for n in range(9)))
    assert [int(result[0]) for result in results] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_an_error_of_the_function_keeps_its_words_and_its_exit_code(executor: Executor) -> None:
    results = executors.map_ordered(executor, unless_short, [1, 2, 3])
    assert [next(results), next(results)] == [1, 4]
    with pytest.raises(ImpastoError, match="3 does not fit") as raised:
        next(results)
    assert raised.value.exit_code == 3


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_entered_it_keeps_its_workers_from_one_run_to_the_next(executor: Executor) -> None:
    with executor if isinstance(executor, ProcessExecutor) else nullcontext(executor) as stays:
        first = {message.value for message in of(Report, stays.run(obey, "abcd"))}
        again = {message.value for message in of(Report, stays.run(obey, "abcd"))}
    assert len(first | again) <= 2


@pytest.mark.parametrize("executor", EVERYWHERE, indirect=True)
def test_without_items_nothing_is_said(executor: Executor) -> None:
    assert list(executor.run(obey, [])) == []


def test_what_comes_again_as_its_worker_was_lost_is_not_kept() -> None:
    class Repeats(SerialExecutor):
        def run(self, work: Any, items: Any) -> Generator[Any, None, None]:
            for message in super().run(work, items):
                yield from (message, message)

    items = (np.full(3, n) for n in range(3))
    results = executors.map_ordered(Repeats(), partial(plus, np.ones(3)), items)
    first = ref(next(results))
    assert [int(next(results)[0]), int(next(results)[0])] == [2, 3]
    assert first() is None
