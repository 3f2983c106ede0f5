"""Objects in processes of this machine, each of which holds a part of one work."""

from __future__ import annotations

import pickle
import signal
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import numpy as np

from impasto.errors import ImpastoError
from impasto.methods.holding import Each, Group, LostHolderError
from impasto.signals import exit_in_words
from impasto.workflows.executors.local import ctrl_c_held_back, end_with_parent
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.executors.packing import Packed, packed, unpacked
from impasto.workflows.executors.served import Served

__all__ = ["ProcessHolders"]

END_S = 5.0


class ProcessHolders:
    """Fresh processes; they end at once when this one does, even by a kill.

    Args:
        count: how many at most.
    """

    is_here = True

    def __init__(self, count: int) -> None:
        self._count = count
        self._processes: list[_Process] = []
        self._shared: tuple[Any, Packed] | None = None

    def ready(self, memory_bytes: int = 0) -> int:
        """As `Holders.ready` says; what this machine has of memory is shared by all."""
        del memory_bytes
        return self._count

    def start(self, make: Callable[..., Any], shared: Any, each: Each) -> Group:
        """As `Holders.start` says."""
        if self._shared is None or self._shared[0] is not shared:
            self._shared = shared, packed(shared)
        self._processes = [process for process in self._processes if process.is_alive]
        while len(self._processes) < len(each):
            self._processes.append(_Process())
        self._end(self._processes[len(each) :])
        del self._processes[len(each) :]
        group = _ProcessGroup(self, self._processes)
        try:
            for process, arguments in zip(self._processes, each, strict=True):
                process.send("make", make, self._shared[1], list(map(packed, arguments)))
            _answers(self._processes)
        except LostHolderError:
            self.close()  # the others have answers on their lines that nobody will read
            raise
        return group

    def notes(self) -> Sequence[str]:
        """As `Holders.notes` says."""
        return ()

    def close(self) -> None:
        """End all processes."""
        self._end(self._processes)
        self._processes = []

    @property
    def pids(self) -> list[int]:
        """Of the processes, in their order."""
        return [process.pid for process in self._processes]

    def _end(self, processes: Sequence[_Process]) -> None:
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


class _ProcessGroup:
    def __init__(self, holders: ProcessHolders, processes: Sequence[_Process]) -> None:
        self._holders, self._processes = holders, list(processes)

    def __len__(self) -> int:
        return len(self._processes)

    def call(self, name: str, *common: Any, each: Each | None = None, parts: int = 0) -> list[Any]:
        """As `Group.call` says; tokens are values in pieces."""
        same = [packed(value) for value in common]
        own = each or [()] * len(self)
        for process, more in zip(self._processes, own, strict=True):
            process.send("call", name, [*same, *map(_token, more)], parts)
        answers = _answers(self._processes)
        if parts:
            return [tuple(answer) for answer in answers]
        return [unpacked(answer[0], copies=False) for answer in answers]

    def one(self, number: int, name: str, *arguments: Any) -> Any:
        """As `Group.one` says."""
        process = self._processes[number]
        process.send("call", name, list(map(packed, arguments)), 0)
        return unpacked(process.receive()[0], copies=False)

    def close(self) -> None:
        """As `Group.close` says."""
        self._holders.close()


class _Process:
    """A process seen from this one."""

    def __init__(self) -> None:
        context = get_context("spawn")
        self._line, far = context.Pipe()
        self._process: SpawnProcess = context.Process(target=_serve, args=(far,), daemon=True)
        with ctrl_c_held_back():
            self._process.start()
        far.close()  # else the line would not end with the process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.is_alive()

    def send(self, *values: Any) -> None:
        try:
            _send(self._line, packed(values))
        except OSError:
            raise self._lost() from None

    def receive(self) -> list[Packed]:
        """What it answers; as long as it lives, it is waited for.

        Raises:
            LostHolderError: it has died.
            ImpastoError: what was raised there.
        """
        try:
            answer = unpacked(_receive(self._line), copies=False)
        except (EOFError, OSError):
            raise self._lost() from None
        if isinstance(answer, Failed):
            raise answer.error()
        return answer or []

    def _lost(self) -> LostHolderError:
        self.join()
        code = self._process.exitcode
        return LostHolderError("its process ended" if code is None else exit_in_words(code))

    def kill(self) -> None:
        self._process.kill()

    def join(self) -> None:
        self._process.join(END_S)


def _answers(processes: Sequence[_Process]) -> list[list[Packed]]:
    """What all answer, in their order; an error is raised when everybody has been heard."""
    answers: list[list[Packed]] = []
    first: LostHolderError | ImpastoError | None = None
    for process in processes:
        try:
            answers.append(process.receive())
        except LostHolderError:
            raise
        except ImpastoError as error:
            first = first or error
    if first is not None:
        raise first
    return answers


def _serve(line: Connection) -> None:
    """What such a process does, until nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who asked decides
    threading.Thread(target=end_with_parent, daemon=True).start()
    served = Served()
    with suppress(EOFError, OSError):
        while True:
            what, *arguments = unpacked(_receive(line), copies=False)
            _send(line, packed(getattr(served, what)(*arguments)))


def _token(value: Any) -> Packed:
    return value if isinstance(value, Packed) else packed(value)


def _send(line: Connection, pieces: Packed) -> None:
    line.send_bytes(pickle.dumps([buffer.nbytes for buffer in pieces.buffers]))
    line.send_bytes(pieces.data)
    for buffer in pieces.buffers:
        if buffer.nbytes:
            line.send_bytes(buffer.data)


def _receive(line: Connection) -> Packed:
    """What was sent.

    Raises:
        EOFError, OSError: the other end is gone.
    """
    sizes = pickle.loads(line.recv_bytes())
    data = line.recv_bytes()
    buffers = []
    for size in sizes:
        buffer = np.empty(size, np.uint8)
        if size:
            line.recv_bytes_into(buffer.data)
        buffers.append(buffer)
    return Packed(data, buffers)
