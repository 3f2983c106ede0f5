"""From an address to the place where items are worked on.

::

    local:N       N workers on this machine, in a cluster of its own that ends with the work
    HOST[:PORT]   a Ray cluster that this machine belongs to; port 6379 unless it is given
"""

from __future__ import annotations

import re
from collections.abc import Callable

from impasto.errors import SettingError
from impasto.workflows.executors import Executor, Needs
from impasto.workflows.executors.local import ProcessExecutor, SerialExecutor

__all__ = ["LOCAL", "check_address", "open"]

LOCAL = "local:"
MOST_LOCAL = 256
PORT = 6379  # of Ray's head
_ADDRESS = re.compile(r"(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")


def open(
    cluster: str | None,
    needs: Needs | None = None,
    *,
    workers: int = 1,
    on_note: Callable[[str], None] = lambda _: None,
) -> Executor:
    """The place that an address names; nothing is started before it is entered or run.

    Args:
        cluster: an address, as above; None for processes of this machine.
        needs: of each worker of a cluster.
        workers: how many processes this machine has without a cluster; 1 for this process itself.
        on_note: told, in a sentence each, of machines that are not used.

    Raises:
        SettingError: no address.
        MissingPackageError: a cluster without Ray.

    Example:
        >>> with open(None) as executor:
        ...     [message.value for message in executor.run(range, [1]) if hasattr(message, "value")]
        [0]
        >>> open("moon:base")
        Traceback (most recent call last):
        impasto.errors.SettingError: 'moon:base' is no cluster: give local:N ... or HOST:PORT ...
    """
    if cluster is None:
        return SerialExecutor() if workers == 1 else ProcessExecutor(workers)
    address = check_address(cluster)
    from impasto.workflows.executors.ray import RayExecutor

    return RayExecutor(address, needs or Needs(), on_note=on_note)


def check_address(cluster: str) -> str:
    """An address with all its parts.

    Raises:
        SettingError: it is none.

    Example:
        >>> check_address("head"), check_address("10.0.0.1:7000"), check_address("local:2")
        ('head:6379', '10.0.0.1:7000', 'local:2')
    """
    text = cluster.strip()
    if text.startswith(LOCAL):
        count = text.removeprefix(LOCAL)
        if count.isascii() and count.isdecimal() and 1 <= int(count) <= MOST_LOCAL:
            return f"{LOCAL}{int(count)}"
    elif found := _ADDRESS.fullmatch(text):
        port = int(found["port"] or PORT)
        if 1 <= port <= 65535:
            return f"{found['host']}:{port}"
    raise SettingError(
        f"{cluster!r} is no cluster: give local:N for N workers on this machine (1 to "
        f"{MOST_LOCAL}), or HOST:PORT of a Ray cluster that this machine has joined (ray start "
        "--address HOST:PORT)"
    )
