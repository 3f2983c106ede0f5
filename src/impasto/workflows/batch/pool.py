"""The processes of a batch, seen from their parent: hire, hand out, listen, replace."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, cast

from impasto.errors import ImpastoError
from impasto.signals import exit_in_words
from impasto.workflows.batch.events import ItemDone, ItemFailed, ItemStarted, ItemStep, Note
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.worker import READY

__all__ = ["together"]


@dataclass
class _Worker:
    """A process, the parent's end of its line, and what it has in its hands."""

    number: int
    process: SpawnProcess
    line: Connection
    ready: bool = False
    item: Item | None = None


def together(
    todo: Iterable[tuple[Item, Path]],
    jobs: int,
    work: Callable[..., None],
    arguments: tuple[Any, ...],
) -> Generator[Note | ItemStarted | ItemStep | ItemDone | ItemFailed, None, None]:
    """Have pictures painted by processes; closing the iterator ends them at once.

    A worker that dies costs the picture it had in its hands, and a fresh one takes its place.

    Args:
        todo: (item, output) pairs, handed out in this order.
        jobs: how many processes at most; none is started without a picture to paint.
        work: `impasto.workflows.batch.worker.work`, called as `work(number, line, *arguments)`.
        arguments: what all workers share.

    Raises:
        ImpastoError: if a worker dies before it is ready, as all others would.
    """
    waiting = deque(todo)
    crew: dict[Connection, _Worker] = {}
    try:
        while waiting or any(worker.item for worker in crew.values()):
            busy = sum(worker.item is not None for worker in crew.values())
            for number in sorted(set(range(jobs)) - {worker.number for worker in crew.values()}):
                if len(crew) < busy + len(waiting):
                    worker = _hired(number, work, arguments)
                    crew[worker.line] = worker
            for line in cast(list[Connection], wait(list(crew))):
                worker = crew[line]
                try:
                    report = line.recv()
                except (EOFError, OSError):  # the latter in the middle of a report
                    del crew[line]
                    yield from _lost(worker)
                    continue
                if report == READY:
                    worker.ready = True
                else:
                    yield report
                    if isinstance(report, Note | ItemStep):
                        continue
                    worker.item = None
                    if isinstance(report, ItemFailed) and report.unexpected:
                        continue  # it is about to end
                if waiting:
                    yield _handed(worker, *waiting.popleft())
    finally:
        for worker in crew.values():
            worker.process.kill()
        for worker in crew.values():
            worker.process.join()
            worker.line.close()


def _hired(number: int, work: Callable[..., None], arguments: tuple[Any, ...]) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=work, args=(number, theirs, *arguments), name=f"impasto-{number}", daemon=True
    )
    with _ctrl_c_held_back():
        process.start()
    theirs.close()  # else the line would not end with the worker
    return _Worker(number, process, ours)


def _handed(worker: _Worker, item: Item, output: Path) -> ItemStarted:
    worker.item = item
    with suppress(OSError):  # it just died: its line tells soon
        worker.line.send((item, output))
    assert worker.process.pid is not None
    return ItemStarted(item, worker.number, worker.process.pid)


def _lost(worker: _Worker) -> Iterator[ItemFailed]:
    """What the death of a worker means for its picture."""
    worker.process.join()
    worker.line.close()
    code = worker.process.exitcode or 0
    if not worker.ready:
        raise ImpastoError(
            f"a process that shall paint ended as it started ({exit_in_words(code)}): in a program "
            'of your own, call batch.run under `if __name__ == "__main__":`; else free some '
            "memory or take fewer --jobs"
        )
    if worker.item is not None:
        hint = "most often memory ran out: " if code == -getattr(signal, "SIGKILL", 9) else ""
        yield ItemFailed(
            worker.item,
            worker.number,
            f"the process that painted it died ({exit_in_words(code)}); {hint}free some memory, "
            "pass a smaller --size or take fewer --jobs",
        )


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
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
