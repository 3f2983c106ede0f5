from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from impasto.workflows.batch import events
from impasto.workflows.batch.plan import Item

ITEM = Item(Path("a.jpg"), "a.jpg")
ALL = [
    events.BatchStarted(3, 2, 1, 250),
    events.Note("a line"),
    events.ItemSkipped(ITEM),
    events.ItemStarted(ITEM, 0, 1234),
    events.ItemStep(ITEM, 0, 1, 250),
    events.ItemDone(ITEM, 0, Path("out/a.jpg"), (40, 60), "0f", 1.5),
    events.ItemFailed(ITEM, 0, "it is empty"),
]


@pytest.mark.parametrize("event", ALL, ids=lambda event: type(event).__name__)
def test_events_travel_between_processes_unchanged(event: object) -> None:
    assert pickle.loads(pickle.dumps(event)) == event
