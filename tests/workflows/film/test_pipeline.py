from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from impasto.workflows.film.pipeline import Behind, ahead


def ours() -> set[str]:
    return {thread.name for thread in threading.enumerate() if thread.name.startswith("impasto")}


def test_items_come_in_their_order_and_the_thread_ends() -> None:
    assert list(ahead(lambda: range(20), 3)) == list(range(20))
    assert ours() == set()


def test_no_more_is_read_than_waits() -> None:
    read: list[int] = []

    def endless() -> Iterator[int]:
        while True:
            read.append(len(read))
            yield len(read)

    items = ahead(endless, 2)
    assert [next(items) for _ in range(3)] == [1, 2, 3]
    items.close()  # type: ignore[attr-defined]
    assert len(read) <= 3 + 2 + 2  # what waits, and one in hand on either side
    assert ours() == set()


def test_what_reading_raises_comes_after_what_was_read() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("cut")

    items = ahead(broken, 2)
    assert next(items) == 1
    with pytest.raises(ValueError, match="cut"):
        next(items)


def test_all_that_is_added_is_done_before_the_block_ends() -> None:
    done: list[int] = []
    with Behind(done.append, 2) as behind:
        for number in range(10):
            behind.add(number)
    assert done == list(range(10))
    assert ours() == set()


def test_what_writing_raises_ends_the_block() -> None:
    def full(_: int) -> None:
        raise OSError("disk full")

    def write() -> None:
        with Behind(full, 1) as behind:
            for number in range(5):
                behind.add(number)

    with pytest.raises(OSError, match="disk full"):
        write()
    assert ours() == set()


def test_an_interruption_of_the_block_waits_for_what_was_added() -> None:
    begun, go_on = threading.Event(), threading.Event()
    done: list[int] = []

    def slow(number: int) -> None:
        begun.set()
        go_on.wait(10)
        done.append(number)

    def fail() -> None:
        with Behind(slow, 4) as behind:
            for number in range(3):
                behind.add(number)
            begun.wait(10)
            threading.Timer(0.05, go_on.set).start()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert done == [0, 1, 2]


main = threading.main_thread().ident or 0
WAITS = {"wait", "join", "_wait_for_tstate_lock"}


class Interrupted:
    """The work of a thread that interrupts who waits for it, and notes whether they left since."""

    def __init__(self) -> None:
        self.leaves, self._heard, self._left = (threading.Event() for _ in range(3))
        self.left: list[bool] = []

    def work(self, *_: object) -> None:
        self.leaves.wait(5)
        while sys._current_frames()[main].f_code.co_name not in WAITS:
            self._left.wait(0.001)
        signal.pthread_kill(main, signal.SIGINT)
        self._heard.wait(5)
        self.left.append(self._left.wait(0.2))

    def hear(self, *_: object) -> None:
        self._heard.set()
        raise KeyboardInterrupt

    def leave(self) -> None:
        self._left.set()


@pytest.fixture
def interrupted() -> Iterator[Interrupted]:
    thread = Interrupted()
    before = signal.signal(signal.SIGINT, thread.hear)
    yield thread
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(os.name == "nt", reason="Windows breaks into no wait")
def test_an_interruption_while_the_thread_writes_waits_for_its_end(
    interrupted: Interrupted,
) -> None:
    def write() -> None:
        with Behind(interrupted.work, 2) as behind:
            behind.add(1)
            interrupted.leaves.set()

    with pytest.raises(KeyboardInterrupt):
        write()
    interrupted.leave()
    assert interrupted.left == [False]
    assert ours() == set()


@pytest.mark.skipif(os.name == "nt", reason="Windows breaks into no wait")
def test_an_interruption_while_the_thread_reads_waits_for_its_end(
    interrupted: Interrupted,
) -> None:
    def read() -> Iterator[int]:
        yield 1
        interrupted.work()

    items = ahead(read, 1)
    next(items)
    interrupted.leaves.set()
    with pytest.raises(KeyboardInterrupt):
        items.close()  # type: ignore[attr-defined]
    interrupted.leave()
    assert interrupted.left == [False]
    assert ours() == set()
