"""Real processes, which paint nothing: they do what the names of their pictures say."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import pytest

from impasto.errors import ImpastoError
from impasto.workflows.batch.events import ItemDone, ItemFailed, ItemStarted, ItemStep
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.pool import together
from impasto.workflows.batch.worker import READY


def obey(number: int, line: Connection, style: str) -> None:
    if style == "die at the start":
        os._exit(5)
    line.send(READY)
    while True:
        item, output = line.recv()
        line.send(ItemStep(item, number, 1, 2))
        if item.name == "be killed":
            os.kill(os.getpid(), 9)
        if item.name == "wait":
            line.recv()
        if item.name == "go mad":
            line.send(ItemFailed(item, number, "madness", unexpected=True))
            return
        line.send(ItemDone(item, number, output, (os.getpid(), 0), style, 0.0))


def crew(*names: str, jobs: int = 1, style: str = "a style") -> Any:
    todo = [(Item(Path(name), name), Path("out", name)) for name in names]
    return together(todo, jobs, obey, (style,))


def of(kind: type, events: Iterable[Any]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


def test_a_worker_that_dies_costs_one_picture_and_a_fresh_one_goes_on() -> None:
    events = list(crew("one", "two", "be killed", "go mad", "three"))
    done = of(ItemDone, events)
    assert [event.item.name for event in done] == ["one", "two", "three"]
    pids = [event.shape[0] for event in done]
    assert pids[0] == pids[1] != pids[2]
    killed, mad = of(ItemFailed, events)
    assert killed.item.name == "be killed"
    assert "died (SIGKILL); most often memory ran out" in killed.reason
    assert mad.reason == "madness"
    started = of(ItemStarted, events)
    assert len({event.pid for event in started}) == 3
    assert {event.worker for event in started} == {0}


def test_two_workers_share_the_pictures_and_closing_ends_them_at_once() -> None:
    events = crew("wait", "wait", "never", jobs=2)
    pids = [event.pid for event in of(ItemStarted, islice(events, 4))]
    assert len(set(pids)) == 2
    events.close()
    assert not any(map(psutil.pid_exists, pids))


def test_a_worker_that_dies_before_it_is_ready_ends_the_batch() -> None:
    with pytest.raises(ImpastoError, match=r"ended as it started \(exit code 5\).*__main__"):
        list(crew("one", "two", style="die at the start"))


def test_without_pictures_no_process_is_started() -> None:
    assert list(crew(jobs=2)) == []
