"""What a batch tells its listeners: plain data, one stream for all its processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from impasto.workflows.batch.plan import Item

__all__ = [
    "BatchEvent",
    "BatchStarted",
    "ItemDone",
    "ItemFailed",
    "ItemSkipped",
    "ItemStarted",
    "ItemStep",
    "Note",
]


@dataclass(frozen=True)
class BatchStarted:
    """All is checked, and the first pictures are about to be painted.

    Attributes:
        pictures: how many the batch has.
        todo: how many of them are not painted yet.
        jobs: processes that will paint.
        steps: of each picture.
    """

    pictures: int
    todo: int
    jobs: int
    steps: int


@dataclass(frozen=True)
class Note:
    """A line that a person should know."""

    line: str


@dataclass(frozen=True)
class ItemSkipped:
    """A picture that an earlier batch has painted from the same inputs and settings."""

    item: Item


@dataclass(frozen=True)
class ItemStarted:
    """A worker has taken a picture.

    Attributes:
        item: the picture.
        worker: number of the worker, from 0; a fresh one takes over the number of a dead one.
        pid: of its process.
    """

    item: Item
    worker: int
    pid: int


@dataclass(frozen=True)
class ItemStep:
    """One step of one picture.

    Attributes:
        item, worker: as in `ItemStarted`.
        step: its number, from 1 to `steps`.
        steps: of the picture, as far as is known by then.
        share: of the picture's work that is done, from 0 to 1.
        seconds_left: until its last step; None while nobody knows.
    """

    item: Item
    worker: int
    step: int
    steps: int
    share: float = 0.0
    seconds_left: float | None = None


@dataclass(frozen=True)
class ItemDone:
    """A picture is painted, written and recorded.

    Attributes:
        item, worker: as in `ItemStarted`.
        output: the file.
        shape: its (height, width) in px.
        content_sha256: of the content file's bytes, hex.
        seconds: that it took.
    """

    item: Item
    worker: int
    output: Path
    shape: tuple[int, int]
    content_sha256: str
    seconds: float


@dataclass(frozen=True)
class ItemFailed:
    """A picture could not be painted; the batch goes on.

    Attributes:
        item, worker: as in `ItemStarted`.
        reason: one short paragraph.
        unexpected: whether it is an error that should not have been; its process is not trusted
            with another picture.
    """

    item: Item
    worker: int
    reason: str
    unexpected: bool = False


BatchEvent: TypeAlias = (
    BatchStarted | Note | ItemSkipped | ItemStarted | ItemStep | ItemDone | ItemFailed
)
