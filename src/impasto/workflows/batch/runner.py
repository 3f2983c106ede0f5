"""How a batch is painted: read this file and you have seen the whole of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy as np

from impasto import painting
from impasto.errors import OutputError, SettingError, reason_of
from impasto.events import Started
from impasto.files import file_lock, sweep_drafts
from impasto.methods import device as devices
from impasto.methods.precision import PRECISIONS, resolved
from impasto.samples.lookup import sample_or
from impasto.settings import StyleSettings, complete
from impasto.task import files_of
from impasto.text import format_path
from impasto.workflows import executors
from impasto.workflows.batch.allocation import allocate, largest_px
from impasto.workflows.batch.away import Painting, kept, paint_sent, sent
from impasto.workflows.batch.events import (
    BatchEvent,
    BatchStarted,
    ItemDone,
    ItemFailed,
    ItemSkipped,
    ItemStarted,
    Note,
)
from impasto.workflows.batch.fingerprint import (
    content_sha256,
    earlier_fingerprints,
    fingerprint,
)
from impasto.workflows.batch.manifest import Manifest, Record
from impasto.workflows.batch.plan import Item
from impasto.workflows.batch.worker import Failure, Progress, WorkerReport, paint_item
from impasto.workflows.executors import Assigned, Completed, Died, Message, Needs, Raised
from impasto.workflows.executors.local import ProcessExecutor
from impasto.workflows.on_cluster import settings_of_workers
from impasto.workflows.parcels import Parcel

__all__ = ["run", "to_itself"]

LOCK = ".impasto-batch.lock"
TRIAL_PX = 256

PathLike = str | os.PathLike[str]


def run(
    items: Sequence[Item],
    style: PathLike | Sequence[PathLike],
    output: PathLike,
    settings: StyleSettings | None = None,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    on_fetch: Callable[[int, int | None], None] | None = None,
    **overrides: Any,
) -> Generator[BatchEvent, None, None]:
    """Paint many pictures in one style, event by event; stopping to iterate is cancelling.

    Each picture is written whole or not at all and then recorded in the output folder, so that
    a batch that was stopped, even by a crash, goes on where it was when it is started again. A
    picture counts as done while its content, the styles, the settings that shape it and the
    painted file are what they were; where the precision is `auto`, in whichever it was painted.

    Args:
        items: what `impasto.workflows.batch.plan` gave for the same output folder.
        style: the file of a style image or the name of a sample, or a sequence of them; none
            where the settings name a `model` that was taught its styles.
        output: the folder the paintings go to; made if it is missing.
        settings: all settings; `default` if left out.
        jobs: processes, each of which paints whole pictures. Unless `threads` is set they share
            the processors, and there are fewer where memory is too short for so many.
        cluster: where to paint in place of these processes, as `executors.open` takes it. Each
            worker has one thread unless `threads` is set.
        on_fetch: called with (bytes here, bytes in all) while weights are fetched.
        **overrides: single settings, in place of those in `settings`.

    Yields:
        One `BatchStarted`, the `Note`s, an `ItemSkipped` for each picture that is done already,
        then those of the workers. A picture that cannot be painted is an `ItemFailed`, and the
        others are painted all the same.

    Raises:
        ImpastoError: whatever is wrong for all pictures (a style, a setting, weights, the output
            folder, another batch that paints into it), with the first event.
    """
    if jobs < 1:
        raise SettingError(f"jobs is {jobs}: give at least 1")
    settings = complete(settings, overrides)
    if cluster is not None:
        settings = settings_of_workers(settings, cluster, jobs)
    given = [style] if isinstance(style, str | os.PathLike) else style
    styles = [Path(sample_or("style", one)) for one in given]
    folder = Path(output)
    asked, settings = settings, resolved(settings, devices.choose(settings.device))
    job = fingerprint(styles, settings)
    several = jobs > 1 or cluster is not None
    largest = largest_px([item.content for item in items], settings) if several else None
    each_bytes = _try_out(styles, settings, largest, on_fetch)
    with to_itself(folder):
        manifest = Manifest(folder)
        alike = {job} | _alike(styles, settings, any_precision=asked.precision == "auto")
        done = {item for item in items if _is_done(item, folder, alike, manifest)}
        todo = [item for item in items if item not in done]
        with ExitStack() as stack:
            place: _Place
            if cluster is not None and todo:
                place = stack.enter_context(_away(cluster, each_bytes, settings, styles))
            else:
                place = _here(min(jobs, len(todo)) or 1, each_bytes, settings, styles, folder)
            count = min(place.workers, len(todo)) or 1
            yield BatchStarted(len(items), len(todo), count, settings.steps)
            if manifest.broken:
                yield Note(
                    f"{format_path(manifest.path)} has {manifest.broken} damaged lines, which are "
                    "passed over: what only they knew of is painted again"
                )
            yield from map(Note, place.notes)
            yield from (ItemSkipped(item) for item in items if item in done)
            yield from _painted(place, todo, folder, manifest, job)


def _alike(styles: Sequence[Path], settings: StyleSettings, *, any_precision: bool) -> set[str]:
    """The fingerprints of batches, earlier versions' too, that paint a picture as this one does."""
    alike: set[str] = set()
    for precision in PRECISIONS if any_precision else (settings.precision,):
        same = settings.model_copy(update={"precision": precision})
        alike |= {fingerprint(styles, same), *earlier_fingerprints(styles, same)}
    return alike


@dataclass(frozen=True)
class _Place:
    """Where a batch is painted.

    Attributes:
        workers: how many paint at once.
        messages: of the executor, about these pictures.
        notes: what a person should know of it; more may come while it paints.
    """

    workers: int
    messages: Callable[[Sequence[Item]], Generator[Message[Item, WorkerReport], None, None]]
    notes: list[str]


def _here(
    jobs: int, each_bytes: int, settings: StyleSettings, styles: Sequence[Path], folder: Path
) -> _Place:
    """Processes of this machine."""
    allocation = allocate(jobs, each_bytes, settings)
    own = settings.model_copy(update={"threads": allocation.threads})
    work = partial(paint_item, folder=folder, styles=styles, settings=own)
    notes = [] if allocation.note is None else [allocation.note]
    return _Place(allocation.jobs, partial(ProcessExecutor(allocation.jobs).run, work), notes)


@contextmanager
def _away(
    cluster: str, each_bytes: int, settings: StyleSettings, styles: Sequence[Path]
) -> Iterator[_Place]:
    """Workers of a cluster.

    Raises:
        ImpastoError: it cannot be reached, or a file not be sent.
    """
    shared = Parcel.of([*styles, *files_of(settings)])
    work = partial(paint_sent, shared=shared, styles=styles, settings=settings)
    needs = Needs(settings.threads, 0 if settings.force else each_bytes, settings.precision)
    notes: list[str] = []

    def messages(todo: Sequence[Item]) -> Generator[Message[Item, WorkerReport], None, None]:
        pictures = sent(todo, settings.max_megapixels)
        with closing(executor.run(work, pictures)) as painted:
            for message in painted:
                yield replace(cast(Any, message), item=message.item.item)

    with executors.open(cluster, needs, on_note=notes.append) as executor:
        yield _Place(executor.workers, messages, notes)


def _painted(
    place: _Place, todo: Sequence[Item], folder: Path, manifest: Manifest, job: str
) -> Generator[BatchEvent, None, None]:
    """What comes of the pictures at a place, recorded, and each note once; no draft is left."""
    sweep_drafts(folder / item.name for item in todo)
    messages = place.messages(todo)
    told, ended = set(map(Note, place.notes)), set[Item]()
    try:
        for message in messages:
            for note in map(Note, place.notes):
                if note not in told:
                    told.add(note)
                    yield note
            if message.item in ended:
                continue  # it came whole before its worker was lost
            event = _event(message, folder)
            if event is None or event in told:
                continue
            if isinstance(event, ItemDone):
                manifest.add(_record(event, job))
            if isinstance(event, ItemDone | ItemFailed):
                ended.add(event.item)
            if isinstance(event, Note):
                told.add(event)
            yield event
    finally:
        messages.close()
        sweep_drafts(folder / item.name for item in todo)


def _event(message: Message[Item, WorkerReport], folder: Path) -> BatchEvent | None:
    """What a message of the executor tells the listeners; None where it tells them nothing."""
    item, worker = message.item, message.worker
    if isinstance(message, Assigned):
        return ItemStarted(item, worker, message.pid)
    if isinstance(message, Raised):
        return ItemFailed(item, worker, message.reason, unexpected=True)
    if isinstance(message, Died):
        return ItemFailed(item, worker, _death(message))
    if isinstance(message, Completed):
        return None
    report = message.value
    if isinstance(report, Note):
        return report
    if isinstance(report, Progress):
        return report.of(item, worker)
    if isinstance(report, Failure):
        return ItemFailed(item, worker, report.reason)
    output = folder / item.name
    if isinstance(report, Painting):
        written = kept(report, output)
        if isinstance(written, Failure):
            return ItemFailed(item, worker, written.reason)
    return ItemDone(item, worker, output, report.shape, report.content_sha256, report.seconds)


def _death(died: Died[Item]) -> str:
    killed = died.exit_code == -getattr(signal, "SIGKILL", 9)
    hint = "most often memory ran out: " if killed else ""
    remedy = "free some memory, pass a smaller --size or take fewer --jobs"
    if died.reason:  # of a cluster, which has no --jobs
        remedy = "free some memory or pass a smaller --size"
    return f"the process that painted it died ({died.how}); {hint}{remedy}"


def _try_out(
    styles: list[Path],
    settings: StyleSettings,
    largest_px: int | None,
    on_fetch: Callable[[int, int | None], None] | None,
) -> int:
    """Make a painting of nothing ready, so that what is wrong for all is told before the first.

    On the CPU, since the workers need the memory of their device; and whatever its size, since
    what is too large or small is for each picture to say.

    Returns:
        The predicted peak of memory of a process that paints so many px, in bytes.

    Raises:
        ImpastoError: about styles, settings or weights.
    """
    devices.set_up(settings, devices.choose(settings.device))
    shape = () if isinstance(settings.shape, str) else settings.shape or ()
    side = largest_px or min(settings.size or TRIAL_PX, *shape, TRIAL_PX)
    own = {"size": None, "shape": None, "force": True}
    here = {"device": "cpu", "compile": False}
    if devices.choose(settings.device).type != "cpu":
        here["precision"] = "float32"
    trial = painting.run(
        np.full((side, side, 3), 128, np.uint8),
        styles or None,
        settings.model_copy(update=own | here),
        on_fetch=on_fetch,
    )
    started = next(trial)
    assert isinstance(started, Started)
    return started.predicted_bytes


@contextmanager
def to_itself(folder: Path) -> Iterator[None]:
    """Make the output folder, and keep other batches out of it while the block runs.

    Raises:
        OutputError: it cannot be made or written, or another batch has it.
    """

    def refuse() -> NoReturn:
        raise OutputError(
            f"another batch is painting into {format_path(folder)}: wait until it ends, or choose "
            "another output folder"
        )

    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(file_lock(folder / LOCK, poll_s=0, on_wait=refuse))
        except OSError as error:
            raise OutputError(
                f"the output folder {format_path(folder)} cannot be made or written "
                f"({reason_of(error)}): choose another one"
            ) from None
        yield


def _is_done(item: Item, folder: Path, alike: set[str], manifest: Manifest) -> bool:
    """Whether a picture is there as it would be painted; reads files only if it may be."""
    record = manifest.get(item.name)
    return (
        record is not None
        and record.job_sha256 in alike
        and record.output_sha256 == content_sha256(folder / item.name)
        and record.content_sha256 == content_sha256(item.content)
    )


def _record(event: ItemDone, job: str) -> Record:
    return Record(
        output=event.item.name,
        output_sha256=content_sha256(event.output) or "",
        content=str(event.item.content),
        content_sha256=event.content_sha256,
        job_sha256=job,
    )
