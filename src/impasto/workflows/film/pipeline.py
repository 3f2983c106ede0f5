"""Threads with bounded queues: what is read ahead, and what is written behind."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from typing import Any, Generic, Self, TypeVar

__all__ = ["Behind", "ahead"]

T = TypeVar("T")
POLL_S = 0.1  # how soon a thread that waits for room sees that nobody wants more


def ahead(make: Callable[[], Iterable[T]], depth: int) -> Generator[T, None, None]:
    """The items of an iterable that a thread of its own reads ahead of whoever takes them.

    Args:
        make: gives the iterable; called, and all of it done, in that thread.
        depth: items that wait at most.

    Raises:
        Exception: what reading raised, where its next item would have come.

    Example:
        >>> list(ahead(lambda: range(5), 2))
        [0, 1, 2, 3, 4]
    """
    waiting: queue.Queue[tuple[str, Any]] = queue.Queue(depth)
    unwanted = threading.Event()

    def hand_over(kind: str, value: Any = None) -> None:
        while not unwanted.is_set():
            with suppress(queue.Full):
                waiting.put((kind, value), timeout=POLL_S)
                break

    def read() -> None:
        try:
            for item in make():
                hand_over("item", item)
                if unwanted.is_set():
                    return
        except BaseException as error:
            hand_over("error", error)
        else:
            hand_over("end")

    thread = _Thread(read, "impasto-reads-ahead")
    thread.start()
    try:
        while True:
            kind, value = waiting.get()
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        unwanted.set()
        thread.wait()


class _Thread:
    """A thread whose end is waited for, whatever breaks into the wait.

    Its end is an event of its own: Python before 3.13 takes a thread for ended whose `join` a
    signal broke into.
    """

    def __init__(self, work: Callable[[], None], name: str) -> None:
        self._work, self._ended = work, threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Wait for its end; what breaks in is raised then."""
        try:
            self._ended.wait()
        except BaseException:
            self._ended.wait()
            raise
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        finally:
            self._ended.set()


class Behind(Generic[T]):
    """Has every item worked on by a thread of its own, in their order.

    Leaving the block waits for all of it, whatever breaks in. An error of the block takes the
    place of one of the work.

    Args:
        work: called with each item, in that thread.
        depth: items that wait at most.

    Example:
        >>> seen = []
        >>> with Behind(seen.append, 2) as behind:
        ...     behind.add(1)
        ...     behind.add(2)
        >>> seen
        [1, 2]
    """

    def __init__(self, work: Callable[[T], object], depth: int) -> None:
        self._work = work
        self._waiting: queue.Queue[tuple[bool, T | None]] = queue.Queue(depth)
        self._error: BaseException | None = None
        self._thread = _Thread(self._serve, "impasto-writes")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            self._waiting.put((False, None))
        except BaseException:
            # A second mark does no harm: the thread takes the first, and makes room.
            self._waiting.put((False, None))
            self._thread.wait()
            raise
        self._thread.wait()
        if kind is None:
            self._check()

    def add(self, item: T) -> None:
        """Hand an item over; waits while too many wait.

        Raises:
            Exception: what working on an earlier one raised.
        """
        self._check()
        self._waiting.put((True, item))

    def _check(self) -> None:
        if self._error is not None:
            raise self._error

    def _serve(self) -> None:
        while True:
            more, item = self._waiting.get()
            if not more:
                return
            if self._error is not None:
                continue  # what follows would have a gap before it
            try:
                self._work(item)  # type: ignore[arg-type]  # only the last has none
            except BaseException as error:
                self._error = error
