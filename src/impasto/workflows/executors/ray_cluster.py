"""A Ray cluster seen from its driver: connecting, its machines, and the end; no wait is endless.

Ray itself waits without a limit where a part of it is gone. So all calls are made by one thread,
which is left behind when the time of one is over. Always the same one: the processes of a cluster
of this machine end with the thread that has started them.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar, cast

import psutil

from impasto.errors import ClusterError, MissingPackageError
from impasto.folders import process_folder
from impasto.methods.system_memory import free_bytes

__all__ = ["CALL_S", "Caller", "Cluster", "Machine", "load"]

CONNECT_S = 45.0  # a cluster of this machine takes 4 s
PROBE_S = 5.0
CALL_S = 20.0
END_S = 5.0
SILENT_S = 20.0  # without an answer of the head, after which a cluster counts as dead
PREFIX = "impasto-ray-"  # of the folder of a cluster of this machine
STORE_BYTES = 2**30  # of shared memory for what travels, at most
SHARED = "/dev/shm"
LEAST_STORE_BYTES = 80 * 2**20  # Ray refuses less than 75 MB

Value = TypeVar("Value")


@dataclass(frozen=True)
class Machine:
    """A machine of a cluster.

    Attributes:
        id: Ray's.
        address: for people.
        cores: that the cluster may use of it.
        memory_bytes: likewise.
    """

    id: str
    address: str
    cores: int
    memory_bytes: int


class Cluster:
    """The connection to a cluster; there is one at a time in a process, as Ray has it.

    Args:
        address: `local:N` or HOST:PORT.

    Raises:
        MissingPackageError: Ray is not installed.
        ClusterError: nobody answers there, or Ray does not start.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._is_local = address.startswith("local:")
        self._folder: str | None = None
        self._silence = Silence()
        self._head = None if self._is_local else _host_and_port(address)
        if self._head is not None and not _answers(self._head):
            raise ClusterError(self._unreachable("nobody answers there"))
        ray = self.ray = load(starts=self._is_local)
        self._caller = Caller()
        options = self._local_options() if self._is_local else {"address": address}
        before = set(psutil.Process().children())
        self._started: set[psutil.Process] = set()
        try:
            with self._own_folder():
                self.call(
                    lambda: ray.init(**options, **SILENT),
                    self._unreachable(f"no answer in {CONNECT_S:.0f} s"),
                    CONNECT_S,
                )
            self._head = _host_and_port(ray.get_runtime_context().gcs_address)
        except ClusterError:
            raise
        except Exception as error:
            raise ClusterError(self._unreachable(_first_line(error))) from None
        finally:
            if self._is_local:
                self._started = set(psutil.Process().children()) - before
            if self._head is None or not ray.is_initialized():  # Ctrl-C broke in, or worse
                self.close()

    @property
    def is_local(self) -> bool:
        """Whether it is of this machine alone, and ends with the connection."""
        return self._is_local

    def call(self, call: Callable[[], Value], late: str | None = None, seconds: float = 0) -> Value:
        """What a call of Ray gives.

        Args:
            call: made by the thread that makes all of them.
            late: the message where it does not end in time.
            seconds: that it may take; `CALL_S` if left out.

        Raises:
            ClusterError: it has not ended in time; no other call will.
        """
        late = late or f"the cluster {self.address} does not answer: see whether its head runs"
        return self._caller.call(call, seconds or CALL_S, late)

    def machines(self) -> list[Machine]:
        """Those that are there now.

        Raises:
            ClusterError: the head has not answered for too long.
        """
        if self._head is not None:
            answers = _answers(self._head)
            if self._silence.after(answers, time.monotonic()) > SILENT_S:
                raise ClusterError(
                    f"the cluster {self.address} has not answered for {SILENT_S:.0f} s: see "
                    "whether its head is running, and start again"
                )
            if not answers:
                return []
        nodes = self.call(self.ray.nodes)
        return [
            Machine(
                node["NodeID"],
                node["NodeManagerAddress"],
                int(node["Resources"].get("CPU", 0)),
                int(node["Resources"].get("memory", 0)),
            )
            for node in nodes
            if node["Alive"]
        ]

    def close(self) -> None:
        """Leave the cluster; one of this machine alone ends."""
        processes = self._processes()
        with suppress(ClusterError):
            self.call(self.ray.shutdown, seconds=END_S)
        self._caller.close()
        processes |= self._processes()  # it may have been starting some
        for process in processes:  # that Ray has left, as it does without a head
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(list(processes), timeout=END_S)  # which write until they are gone
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _processes(self) -> set[psutil.Process]:
        """Those of a cluster of this machine."""
        return {process for started in self._started for process in _with_children(started)}

    @contextmanager
    def _own_folder(self) -> Iterator[None]:
        """Let what is started lay its files into the folder that is removed in the end."""
        before = os.environ.get("TMPDIR")
        if self._folder is not None:
            os.environ["TMPDIR"] = self._folder
        try:
            yield
        finally:
            if before is not None:
                os.environ["TMPDIR"] = before
            elif self._folder is not None:
                del os.environ["TMPDIR"]

    def _local_options(self) -> dict[str, Any]:
        # Names of Ray's sockets are long, and a system allows some hundred letters.
        place = Path("/tmp" if os.name == "posix" else tempfile.gettempdir())
        self._folder = str(process_folder(place, PREFIX))
        shared = _shared_bytes()
        store = max(LEAST_STORE_BYTES, min(STORE_BYTES, shared // 2))
        if store > shared:  # a container with little shared memory: Ray takes files in its place
            os.environ["RAY_OBJECT_STORE_ALLOW_SLOW_STORAGE"] = "1"
        return {
            "address": "local",
            "num_cpus": int(self.address.removeprefix("local:")),
            "include_dashboard": False,
            "object_store_memory": store,
            "_temp_dir": self._folder,
        }

    def _unreachable(self, why: str) -> str:
        if self._is_local:
            return f"a cluster of this machine did not start ({why}): free some memory"
        return (
            f"the cluster {self.address} cannot be reached ({why}): check the address, that its "
            f"head runs, and that this machine has joined it (ray start --address {self.address})"
        )


class Silence:
    """How long a head has not answered, as far as is known to who asks it now and then.

    It begins with the first question without an answer. Between two of them that lie far apart
    nobody knows, and no more than two probes take is counted.

    Example:
        >>> silence = Silence()
        >>> [silence.after(False, now) for now in (60.0, 63.0, 900.0)]
        [0.0, 3.0, 13.0]
        >>> silence.after(True, 901.0)
        0.0
    """

    def __init__(self) -> None:
        self._asked: float | None = None
        self._seconds = 0.0

    def after(self, answered: bool, now: float) -> float:
        """Seconds of silence after another question, which was asked at a time in seconds."""
        if answered:
            self._asked, self._seconds = None, 0.0
            return 0.0
        if self._asked is not None:
            self._seconds += min(now - self._asked, 2 * PROBE_S)
        self._asked = now
        return self._seconds


SILENT = {"log_to_driver": False, "logging_level": "CRITICAL", "configure_logging": False}


def load(*, starts: bool = True) -> Any:
    """Ray itself, which sends nothing to its makers and says nothing on the terminal.

    Args:
        starts: whether a cluster will be started, so that it needs a token of its own unless the
            user has one: other users of the machine cannot send it work then. Ray reads it when it
            is loaded, and would leave one in the user's folder by itself.

    Raises:
        MissingPackageError: it is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # which silences a warning
    if starts and "ray" not in sys.modules and "RAY_AUTH_MODE" not in os.environ:
        os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(16)}
    try:
        import ray
    except ImportError:
        raise MissingPackageError("a cluster", "ray", "cluster") from None
    # Not even on standard output, which may carry JSON or a picture.
    logging.getLogger("ray").setLevel(logging.CRITICAL)
    module = sys.modules.get("ray._private.worker")
    if hasattr(module, "print_to_stdstream"):
        module.print_to_stdstream = lambda *_, **__: None  # type: ignore[union-attr]
    return ray


class Caller:
    """A thread that makes calls one after the other, and is given up when one does not end.

    Example:
        >>> caller = Caller()
        >>> caller.call(lambda: 7, 5.0, "too late")
        7
        >>> caller.close()
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[Callable[[], Any], SimpleQueue[Any]] | None] = SimpleQueue()
        self._hangs = False
        threading.Thread(target=self._serve, name="ray", daemon=True).start()

    def call(self, call: Callable[[], Value], seconds: float, late: str) -> Value:
        """What a call gives, or what it raises.

        Raises:
            ClusterError: with the text `late`, where it does not end in time, or none has before.
        """
        answer: SimpleQueue[tuple[Value | None, BaseException | None]] = SimpleQueue()
        if self._hangs:
            raise ClusterError(late)
        self._calls.put((call, answer))
        try:
            value, error = answer.get(timeout=seconds)
        except Empty:
            self._hangs = True
            raise ClusterError(late) from None
        if error is not None:
            raise error
        return cast(Value, value)

    def close(self) -> None:
        """Let the thread end."""
        self._calls.put(None)

    def _serve(self) -> None:
        while (asked := self._calls.get()) is not None:
            call, answer = asked
            try:
                answer.put((call(), None))
            except BaseException as error:
                answer.put((None, error))
            del asked, call, answer  # what they hold may be large


def _with_children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def _shared_bytes() -> int:
    """What is free for what travels; of memory where a system has no place of its own for that."""
    try:
        return shutil.disk_usage(SHARED).free
    except FileNotFoundError:
        return 0 if sys.platform == "linux" else free_bytes()


def _answers(head: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(head, timeout=PROBE_S):
            return True
    except OSError:
        return False


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _first_line(error: Exception) -> str:
    """What Ray says went wrong, cut short.

    Example:
        >>> _first_line(RuntimeError("Version mismatch: no. More."))
        'Version mismatch: no'
    """
    text = " ".join(str(error).split()) or type(error).__name__
    return text.split(". ")[0][:200].rstrip(".")
