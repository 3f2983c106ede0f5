"""From an address to the processes that hold the parts of one picture.

`local:N` are processes of this machine, which need no Ray; all other addresses are of clusters.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from impasto.methods.holding import Holders
from impasto.workflows.executors import Needs
from impasto.workflows.executors.opening import LOCAL, check_address
from impasto.workflows.executors.process_holders import ProcessHolders

__all__ = ["hold"]


@contextmanager
def hold(
    cluster: str | None, *, threads: int = 1, precision: str = "auto"
) -> Generator[Holders | None, None, None]:
    """Processes at an address, which end with the context; None for no address.

    Args:
        cluster: as `opening.open` takes it.
        threads: processors that each takes up.
        precision: that features are computed in, as the settings have it.

    Raises:
        SettingError: no address.
        MissingPackageError: a cluster without Ray.
        ClusterError: nobody answers there.

    Example:
        >>> with hold("local:2") as holders:
        ...     holders.ready()
        2
    """
    if cluster is None:
        yield None
        return
    address = check_address(cluster)
    if address.startswith(LOCAL):
        processes = ProcessHolders(int(address.removeprefix(LOCAL)))
        try:
            yield processes
        finally:
            processes.close()
        return
    from impasto.workflows.executors.ray_holders import RayHolders

    machines = RayHolders(address, Needs(threads, precision=precision))
    try:
        yield machines
    finally:
        machines.close()
