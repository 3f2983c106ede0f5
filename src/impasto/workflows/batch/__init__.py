"""Many pictures in one style: planned, shared among processes, and never painted twice.

::

    from impasto.workflows import batch

    if __name__ == "__main__":  # the workers load this file too
        items = batch.plan(["photos"], "painted")
        for event in batch.run(items, "painting.jpg", "painted", size=512, jobs=2):
            print(event)
"""

from __future__ import annotations

from impasto.workflows.batch.events import (
    BatchEvent,
    Begun,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    ItemStep,
    Note,
)
from impasto.workflows.batch.plan import Item, plan
from impasto.workflows.batch.runner import run

__all__ = [
    "BatchEvent",
    "Begun",
    "Item",
    "ItemDone",
    "ItemFailed",
    "ItemSkipped",
    "ItemStarted",
    "ItemStep",
    "Note",
    "plan",
    "run",
]
