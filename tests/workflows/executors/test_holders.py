"""What every place keeps that holds objects for others; the same for processes and for Ray."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import psutil
import pytest

from impasto.errors import ClusterError, ImpastoError, SettingError
from impasto.methods.holding import Holders, LostHolderError
from impasto.workflows.executors import Needs
from impasto.workflows.executors.holders import hold
from impasto.workflows.executors.process_holders import ProcessHolders
from tests.workflows.executors.held import DEADLY, Part
from tests.workflows.executors.simulated import Machines

pytestmark = pytest.mark.usefixtures("warm_workers")

RAY = pytest.param(
    "ray", marks=pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")
)


@pytest.fixture(scope="module", params=["processes", RAY])
def holders(request: pytest.FixtureRequest) -> Iterator[Holders]:
    if request.param == "processes":
        with hold("local:2") as processes:
            assert processes is not None
            yield processes
        return
    from impasto.workflows.executors.ray_holders import RayHolders

    cluster: Machines = request.getfixturevalue("cluster")
    with cluster.another():
        actors = RayHolders(cluster.address, Needs(1))
        yield actors
        actors.close()


@pytest.fixture
def group(holders: Holders) -> Any:
    assert holders.ready() == 2
    return holders.start(Part, 100, [(1,), (2,)])


def test_all_are_called_and_answer_in_their_order(group: Any) -> None:
    assert len(group) == 2
    assert group.call("plus") == [101, 102]
    assert group.call("plus", 10, each=[(0,), (20,)]) == [111, 132]
    assert group.one(1, "plus", 5) == 107


def test_parts_stay_where_they_are_until_another_is_given_them(group: Any) -> None:
    (first, _), (_, second) = group.call("both", parts=2)
    assert group.call("plus", each=[(second,), (first,)]) == [-1, 203]


def test_each_is_a_process_of_its_own(group: Any) -> None:
    assert len({*group.call("pid"), psutil.Process().pid}) == 3


def test_an_error_comes_back_with_its_exit_code(group: Any) -> None:
    with pytest.raises(ImpastoError, match="no: ask for something else") as caught:
        group.call("refuse")
    assert caught.value.exit_code == SettingError.exit_code
    with pytest.raises(ImpastoError, match="KeyError: 'nobody foresaw it'"):
        group.one(0, "stumble")
    assert group.call("plus") == [101, 102]


def test_an_error_in_the_making_comes_back_too(holders: Holders) -> None:
    with pytest.raises(ImpastoError, match="-1 is below 0"):
        holders.start(Part, 0, [(1,), (-1,)])


def test_after_a_loss_a_fresh_group_takes_over(holders: Holders, group: Any) -> None:
    before = group.call("pid")
    with pytest.raises(LostHolderError):
        group.call("die", 102)
    group.close()
    assert holders.ready() == 2
    fresh = holders.start(Part, 200, [(1,), (2,)])
    assert fresh.call("plus") == [201, 202]
    assert before[1] not in fresh.call("pid")


@pytest.mark.parametrize("first", [True, False])
def test_after_a_loss_in_the_making_a_fresh_group_takes_over(holders: Holders, first: bool) -> None:
    assert holders.ready() == 2
    each = [(DEADLY,), (2,)] if first else [(1,), (DEADLY,)]
    with pytest.raises(LostHolderError):
        holders.start(Part, DEADLY, each)
    assert holders.ready() == 2
    fresh = holders.start(Part, 300, [(1,), (2,)])
    assert fresh.call("plus") == [301, 302]


def test_a_process_that_is_slow_is_waited_for() -> None:
    with hold("local:1") as processes:
        assert isinstance(processes, ProcessHolders)
        group = processes.start(Part, 0, [(1,)])
        process = psutil.Process(processes.pids[0])

        def wake() -> None:
            while process.status() != psutil.STATUS_STOPPED:
                pass
            process.resume()

        with ThreadPoolExecutor(1) as pool:
            woken = pool.submit(wake)
            group.call("stop")
            woken.result()
        assert group.call("plus") == [1]


def drive(send: Connection) -> None:
    """Hold a part in a process that works for ever, and send its number."""
    processes = ProcessHolders(1)
    group = processes.start(Part, 0, [(1,)])
    send.send(processes.pids[0])
    group.call("work_for_ever")


def test_a_process_at_work_ends_with_a_driver_that_is_killed() -> None:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    driver = context.Process(target=drive, args=(theirs,))
    driver.start()
    theirs.close()
    held = psutil.Process(ours.recv())
    driver.kill()
    driver.join()
    assert not psutil.wait_procs([held], timeout=60)[1]


def test_processes_end_with_their_context() -> None:
    with hold("local:2") as processes:
        assert isinstance(processes, ProcessHolders)
        processes.start(Part, 0, [(1,), (2,)])
        pids = processes.pids
    assert not any(map(psutil.pid_exists, pids))


def test_no_address_is_nobody() -> None:
    with hold(None) as nobody:
        assert nobody is None


def test_an_address_at_which_nobody_listens_is_told() -> None:
    pytest.importorskip("ray")
    with pytest.raises(ClusterError, match="nobody answers there"), hold("127.0.0.1:9"):
        pass
