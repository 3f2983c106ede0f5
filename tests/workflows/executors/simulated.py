"""A cluster of machines that are processes of this one: a head without work, and others.

Ray calls it a cluster for developers; it is what its own tests use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from impasto.workflows.executors.ray_cluster import load

__all__ = ["Machines", "machines"]

STORE_BYTES = 100 * 2**20


class Machines:
    """The cluster.

    Attributes:
        address: of its head.
    """

    def __init__(self, cluster: Any) -> None:
        self._cluster, self.address = cluster, str(cluster.address)

    def add(self) -> Any:
        """A machine with one processor more."""
        return self._cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)

    def lose(self, node: Any) -> None:
        """Turn a machine off, without a farewell."""
        self._cluster.remove_node(node, allow_graceful=False)

    @contextmanager
    def another(self) -> Iterator[None]:
        """One machine more while the block runs, which then says farewell."""
        node = self.add()
        try:
            yield
        finally:
            self._cluster.remove_node(node, allow_graceful=True)


@contextmanager
def machines() -> Iterator[Machines]:
    """The head alone, to which machines are added."""
    load()
    from ray.cluster_utils import Cluster

    # Not below pytest's folder: names of sockets are short.
    with TemporaryDirectory(prefix="impasto-test-", ignore_cleanup_errors=True) as folder:
        head = {"num_cpus": 0, "object_store_memory": STORE_BYTES, "temp_dir": folder}
        cluster = Cluster(True, head_node_args={**head, "include_dashboard": False})
        try:
            yield Machines(cluster)
        finally:
            mine = [p for p in psutil.Process().children(recursive=True) if _is_ray(p)]
            cluster.shutdown()
            _, alive = psutil.wait_procs(mine, timeout=60)
            for process in alive:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            assert not alive, "something of Ray's was left running"


def _is_ray(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        command = " ".join(process.cmdline())
        return any(word in command for word in ("raylet", "gcs_server", "ray::", "/ray/"))
    return False
