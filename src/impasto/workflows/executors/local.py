"""Items worked on by this machine: by a pool of processes, or by this process itself.

The pool is our own. `concurrent.futures.ProcessPoolExecutor` gives a result only at the end of an
item and loses all items when one worker dies; `pebble.ProcessPool` replaces a dead worker, but
reports nothing from an item under way either.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, Self, TypeVar, cast

from impasto.errors import ImpastoError, unexpected
from impasto.signals import exit_in_words
from impasto.workflows.executors import (
    Assigned,
    Completed,
    Died,
    Message,
    Raised,
    Report,
)
from impasto.workflows.executors.ordered import Numbers, forget_old

__all__ = [
    "COMPLETED",
    "RAISED",
    "READY",
    "REPORT",
    "ProcessExecutor",
    "SerialExecutor",
    "Worker",
    "attempt",
    "ctrl_c_held_back",
    "end_with_parent",
    "reason_in_words",
]

Item = TypeVar("Item")
Value = TypeVar("Value")


class SerialExecutor:
    """This process works on one item after the other; it cannot die of one and live on.

    Example:
        >>> [type(message).__name__ for message in SerialExecutor().run(range, [2])]
        ['Assigned', 'Report', 'Report', 'Completed']
    """

    workers = 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def run(
        self, work: Callable[[Item], Iterable[Value]], items: Iterable[Item]
    ) -> Generator[Message[Item, Value], None, None]:
        """As `Executor.run` says."""
        for item in items:
            yield Assigned(item, 0, os.getpid())
            try:
                for value in work(item):
                    yield Report(item, 0, value)
            except Exception as error:
                yield Raised(item, 0, reason_in_words(error))
            else:
                yield Completed(item, 0)


class ProcessExecutor:
    """A pool of fresh processes, each of which works on whole items.

    A worker that dies costs the item it had, and a fresh one takes its place. All of them end at
    once when the generator is closed, and also when this process dies, even by a kill. Ctrl-C
    reaches this process alone, which decides.

    Args:
        workers: how many processes at most, at least 1; none is started without an item.
    """

    def __init__(self, workers: int) -> None:
        self.workers, self._stays = workers, False
        self._pool: dict[Connection, Worker[Any, Any]] = {}
        self._numbers = Numbers()

    def __enter__(self) -> Self:
        self._stays = True
        return self

    def __exit__(self, *error: object) -> None:
        self._stays = False
        self._end(list(self._pool.values()))

    def run(
        self, work: Callable[[Item], Iterable[Value]], items: Iterable[Item]
    ) -> Generator[Message[Item, Value], None, None]:
        """As `Executor.run` says; `work`, items and reports have to be picklable.

        Raises:
            ImpastoError: a worker died before it was ready, as all others would.
        """
        rest, waiting = iter(items), deque[Item]()
        pool, number = self._pool, self._numbers.of(work)
        self._end([worker for worker in pool.values() if not worker.process.is_alive()])
        for worker in pool.values():
            worker.prepare(number, work)
        try:
            while True:
                waiting.extend(islice(rest, self.workers - len(waiting)))
                if not waiting and not any(worker.busy for worker in pool.values()):
                    return
                self._fill(number, work, len(waiting))
                for worker in pool.values():
                    if waiting and worker.free:
                        yield worker.assign(waiting.popleft())
                for line in cast(list[Connection], wait(list(pool))):
                    worker = pool[line]
                    try:
                        sent = line.recv()
                    except (EOFError, OSError):  # the latter in the middle of a message
                        del pool[line]
                        yield from worker.lost()
                        continue
                    if (message := worker.message(sent)) is not None:
                        yield message
                    if waiting and worker.free:
                        yield worker.assign(waiting.popleft())
        finally:
            self._end([w for w in pool.values() if not (self._stays and w.free)])

    def _fill(self, number: int, work: Callable[[Any], Iterable[Any]], waiting: int) -> None:
        """Start workers in the free places, no more than there are items for."""
        busy = sum(worker.busy for worker in self._pool.values())
        numbers = {worker.number for worker in self._pool.values()}
        for place in sorted(set(range(self.workers)) - numbers):
            if len(self._pool) < busy + waiting:
                worker = Worker[Any, Any].start(place, work, number)
                self._pool[worker.line] = worker

    def _end(self, workers: list[Worker[Any, Any]]) -> None:
        """End workers at once."""
        for worker in workers:
            worker.process.kill()
        for worker in workers:
            worker.process.join()
            worker.line.close()
            self._pool.pop(worker.line, None)


# What a worker sends is one of these words and a value: a report or the reason of an error.
READY, REPORT, COMPLETED, RAISED = "ready", "report", "completed", "raised"
# What it is sent is one of these and a number: of a work that follows, or for an item that does.
WORK, ITEM = "work", "item"


@dataclass
class Worker(Generic[Item, Value]):
    """A process seen from its parent: the parent's end of its line, and the item it has."""

    number: int
    process: SpawnProcess
    line: Connection
    ready: bool = False
    busy: bool = False
    trusted: bool = True
    item: Item | None = None
    work: int = 0
    known: dict[int, None] = field(default_factory=dict)

    @classmethod
    def start(
        cls, number: int, work: Callable[[Item], Iterable[Value]], work_number: int = 1
    ) -> Worker[Item, Value]:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=_serve, args=(theirs,), name=f"impasto-{number}", daemon=True
        )
        with ctrl_c_held_back():
            process.start()
        theirs.close()  # else the line would not end with the worker
        worker = cls(number, process, ours)
        worker.prepare(work_number, work)
        return worker

    @property
    def free(self) -> bool:
        """Whether it can take an item."""
        return self.ready and self.trusted and not self.busy

    def prepare(self, number: int, work: Callable[[Item], Iterable[Value]]) -> None:
        """Have it do a work with the items that follow; it is sent what it does not know."""
        self.work = number
        if number in self.known:
            return
        self.ready, self.known[number] = False, None
        forget_old(self.known)
        with suppress(OSError):  # it has just died: its line ends, which is seen next
            self.line.send((WORK, number, work))

    def assign(self, item: Item) -> Assigned[Item]:
        self.busy, self.item = True, item
        with suppress(OSError):
            self.line.send((ITEM, self.work, item))
        assert self.process.pid is not None
        return Assigned(item, self.number, self.process.pid)

    def message(self, sent: tuple[str, Any]) -> Message[Item, Value] | None:
        """What it sent, for the listener; None for what only the pool has to know."""
        kind, value = sent
        if kind == READY:
            self.ready = True
            return None
        item = cast(Item, self.item)
        if kind == REPORT:
            return Report(item, self.number, value)
        self.busy, self.item = False, None
        if kind == RAISED:
            self.trusted = False  # it is about to end
            return Raised(item, self.number, value)
        return Completed(item, self.number)

    def lost(self) -> Iterator[Died[Item]]:
        """What its death means for its item."""
        self.process.join()
        self.line.close()
        code = self.process.exitcode or 0
        if not self.ready:
            raise ImpastoError(
                f"a process that shall paint ended as it started ({exit_in_words(code)}): in a "
                'program of your own, paint under `if __name__ == "__main__":`; else free some '
                "memory or take fewer --jobs"
            )
        if self.busy:
            yield Died(cast(Item, self.item), self.number, code)


def _serve(line: Connection) -> None:
    """The whole life of a worker: item after item, until nobody listens."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent decides
    threading.Thread(target=end_with_parent, daemon=True).start()
    works: dict[int, Callable[[Any], Iterable[Any]]] = {}
    with suppress(EOFError, OSError):
        while True:
            kind, number, sent = line.recv()
            if kind == WORK:
                works[number] = sent
                forget_old(works)
                line.send((READY, None))
                continue
            for told, value in attempt(works[number], sent):
                line.send((told, value))
            if told == RAISED:
                return  # who knows what else is broken in here


def attempt(work: Callable[[Any], Iterable[Any]], item: Any) -> Iterator[tuple[str, Any]]:
    """What a worker sends about an item."""
    try:
        for value in work(item):
            yield REPORT, value
    except Exception as error:
        yield RAISED, reason_in_words(error)
    else:
        yield COMPLETED, None


def reason_in_words(error: BaseException) -> str:
    """Of an error that nobody foresaw, for a message."""
    if os.environ.get("IMPASTO_DEBUG"):
        traceback.print_exception(error)
    return unexpected(error, "IMPASTO_DEBUG=1 shows where it happened")


def end_with_parent() -> None:
    """Wait for the death of the process that has started this one, and end at once."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


@contextmanager
def ctrl_c_held_back() -> Iterator[None]:
    """Let a process that is started inside be born deaf to Ctrl-C, where the system can.

    Until it has told Python to ignore the signal, it would end with a traceback.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # its own start would lift the mask again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
