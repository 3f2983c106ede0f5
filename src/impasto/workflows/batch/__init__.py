"""Many pictures in one style: planned, spread over processes, and never painted twice.

::

    from impasto.workflows import batch

    if __name__ == "__main__":  # the workers load this file too
        items = batch.plan(["photos"], "painted")
        for event in batch.run(items, "painting.jpg", "painted", size=512, jobs=2):
            print(event)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from impasto.workflows.batch.events import (
    BatchEvent,
    BatchStarted,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    ItemStep,
    Note,
)
from impasto.workflows.batch.plan import Item, plan

if TYPE_CHECKING:
    from impasto.workflows.batch.runner import run

__all__ = [
    "BatchEvent",
    "BatchStarted",
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


def __getattr__(name: str) -> Any:
    # Painting needs torch; planning a batch and following its events does not.
    if name == "run":
        from impasto.workflows.batch.runner import run

        return run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
