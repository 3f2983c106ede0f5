"""What a worker of a batch does with each picture: paint it, write it, report it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from impasto import imaging
from impasto.errors import ImpastoError
from impasto.events import Event, Started, Step
from impasto.files import make_folder
from impasto.painting import run
from impasto.settings import StyleSettings
from impasto.work import Work
from impasto.workflows.batch.events import ItemStep, Note
from impasto.workflows.batch.plan import Item

__all__ = ["Failure", "Progress", "Success", "WorkerReport", "followed", "paint_item"]


@dataclass(frozen=True)
class Progress:
    """A step is done.

    Attributes:
        step: its number, from 1 to `steps`.
        steps: of the picture.
        share: of its work that is done, from 0 to 1.
        seconds_left: until its last step; None while nobody knows.
    """

    step: int
    steps: int
    share: float
    seconds_left: float | None

    def of(self, item: Item, worker: int) -> ItemStep:
        """The same as an event of the batch."""
        return ItemStep(item, worker, self.step, self.steps, self.share, self.seconds_left)


@dataclass(frozen=True)
class Success:
    """The picture is painted and written.

    Attributes:
        shape: its (height, width) in px.
        content_sha256: of the content file's bytes, hex.
        seconds: that it took.
    """

    shape: tuple[int, int]
    content_sha256: str
    seconds: float


@dataclass(frozen=True)
class Failure:
    """The picture cannot be painted, for a reason of one short paragraph."""

    reason: str


WorkerReport: TypeAlias = Note | Progress | Success | Failure


def paint_item(
    item: Item, folder: Path, styles: Sequence[Path], settings: StyleSettings
) -> Iterator[WorkerReport]:
    """Paint one picture and write it; its folder is made if it is missing.

    Args:
        item: what to paint.
        folder: the output folder of the batch.
        styles, settings: of all pictures.

    Yields:
        `Note`s, a `Progress` after each step, then one `Success` or `Failure`. Only an error that
        nobody foresaw is raised.
    """
    output = folder / item.name
    try:
        painting = run(item.content, list(styles) or None, settings)
        make_folder(output.parent, "choose another output folder")
        imaging.check_output(
            output,
            inputs=[item.content, *styles],
            bits=16 if settings.bits == "16" else 8,
            shape=painting.shape,
            by_bands=settings.scratch is not None,
        )
        yield from followed(painting)
        result = painting.result()
        result.save(output)
    except ImpastoError as error:
        yield Failure(str(error))
    else:
        yield Success(painting.shape, result.content.sha256, painting.seconds)


def followed(events: Iterable[Event]) -> Iterator[Note | Progress]:
    """What the events of one painting tell of it: its notes, and how far it is after each step."""
    work = Work((), 0)
    for event in events:
        if isinstance(event, Started):
            work = Work.of(event)
            yield from map(Note, event.notes)
        if isinstance(event, Step):
            work.add(event.step, event.scale, event.seconds)
            yield Progress(event.step, event.steps, work.share, work.seconds_left)
