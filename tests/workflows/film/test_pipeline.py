from __future__ import annotations

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
