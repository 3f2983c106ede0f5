"""A cluster of three simulated machines, whose workers and machines are lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import psutil
import pytest

from impasto.errors import ClusterError, MissingPackageError
from impasto.workflows import executors
from impasto.workflows.executors import Assigned, Completed, Died, Needs, Report, ray_cluster
from impasto.workflows.executors.ray import TRIES, RayExecutor
from impasto.workflows.executors.ray_worker import Facts
from tests.workflows.executors.obedient import obey, of
from tests.workflows.executors.simulated import Machines

pytestmark = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed")


@pytest.fixture
def executor(cluster: Machines) -> Iterator[RayExecutor]:
    with RayExecutor(cluster.address, Needs()) as entered:
        yield entered


def test_an_item_whose_worker_is_killed_is_done_by_another(
    executor: RayExecutor, tmp_path: Path
) -> None:
    order = f"be killed once {tmp_path}"
    messages = list(executor.run(obey, ["one", order, "two"]))
    assert {message.item for message in of(Completed, messages)} == {"one", order, "two"}
    tries = Counter(message.item for message in of(Assigned, messages))
    assert tries == {"one": 1, order: 2, "two": 1}


def test_an_item_that_kills_its_workers_is_given_up_and_costs_no_other(
    executor: RayExecutor,
) -> None:
    messages = list(executor.run(obey, ["one", "be killed", "two"]))
    assert {message.item for message in of(Completed, messages)} == {"one", "two"}
    (died,) = of(Died, messages)
    assert (died.item, died.how) == ("be killed", "3 times over")
    tries = Counter(message.item for message in of(Assigned, messages))
    assert tries == {"one": 1, "be killed": TRIES, "two": 1}


def test_machines_that_differ_are_not_used_and_this_is_told(
    cluster: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes: list[str] = []
    executor = RayExecutor(cluster.address, Needs(), on_note=notes.append)
    monkeypatch.setattr(Facts, "here", lambda _needs: Facts("9.9", None, "3.99"))
    with pytest.raises(ClusterError, match=r"no machine of the cluster .* can be used"):
        list(executor.run(obey, ["one"]))
    (note,) = notes
    assert "is not used: it has impasto" in note


def test_a_need_that_no_machine_can_meet_is_told_at_once(cluster: Machines) -> None:
    with pytest.raises(ClusterError, match="none has 64 free processors"):
        list(RayExecutor(cluster.address, Needs(threads=64)).run(obey, ["one"]))


def test_processors_that_others_have_are_waited_for_and_taken_when_they_are_free(
    executor: RayExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("START_S", 0.5), ("EMPTY_S", 2.0), ("FULL_S", 0.0)):
        monkeypatch.setattr(f"impasto.workflows.executors.ray.{name}", seconds)
    import ray

    class Holder:
        def is_here(self) -> bool:
            return True

    holder = ray.remote(Holder).options(num_cpus=1).remote()
    assert ray.get(holder.is_here.remote(), timeout=60)
    with pytest.raises(ClusterError, match="none has 1 free processor"):
        list(executor.run(obey, ["one"]))
    ray.kill(holder)
    monkeypatch.undo()
    assert of(Completed, executor.run(obey, ["one"])) == [Completed("one", 0)]


def test_what_a_lost_machine_had_is_done_by_those_that_are_left(
    cluster: Machines, executor: RayExecutor
) -> None:
    node = cluster.add()
    messages = executor.run(obey, map(str, range(40)))
    heard = [next(messages) for _ in range(30)]
    cluster.lose(node)
    heard += messages
    done = Counter(message.item for message in of(Completed, heard))
    assert done == {str(n): 1 for n in range(40)}


def test_an_address_at_which_nobody_listens_is_told_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (
        pytest.raises(ClusterError, match=r"nobody answers there.*ray start --address"),
        executors.open(address),
    ):
        pass


def test_a_local_cluster_whose_head_dies_is_told_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ray_cluster, "SILENT_S", 1.0)
    before = set(psutil.Process().children(recursive=True))
    folders = set(Path("/tmp").glob("impasto-*"))
    with executors.open("local:1") as executor:
        messages = executor.run(obey, ["one", "wait"])
        assert of(Report, islice(messages, 4))
        mine = set(psutil.Process().children(recursive=True)) - before
        (head,) = (process for process in mine if process.name() == "gcs_server")
        head.kill()
        with pytest.raises(ClusterError, match="has not answered for 1 s"):
            list(messages)
    assert not psutil.wait_procs(mine, timeout=60)[1]
    pids = [os.getpid(), *(process.pid for process in mine)]  # other tests have folders there too
    left = set(Path("/tmp").glob("impasto-*")) - folders
    assert not [path for path in left for pid in pids if f"-{pid}-" in path.name]


def test_ray_is_loaded_for_clusters_alone() -> None:
    modules = ["cli.app", "service.jobs.worker", "workflows.batch.runner", "workflows.explore"]
    modules += ["workflows.film.run", "workflows.shared_training"]
    loads = "; ".join(f"import impasto.{module}" for module in modules)
    code = f"import sys; {loads}; print('ray' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_without_ray_a_cluster_gives_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'impasto\[cluster\]'"):
        list(executors.open("local:1").run(obey, ["one"]))
