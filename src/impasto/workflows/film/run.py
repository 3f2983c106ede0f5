"""How a film is painted: read this file and you have seen the whole of it.

A first pass counts the frames and finds the cuts. Then each shot is painted, in segments that are
kept one by one, by this process or by several. In the end the segments are joined, and the sound of
the film is laid beside them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, NoReturn, Unpack

from impasto.errors import (
    ClusterError,
    ImpastoError,
    InputError,
    MissingPackageError,
    OutputError,
    reason_of,
)
from impasto.files import file_lock, make_folder
from impasto.settings import StyleOptions, StyleSettings
from impasto.text import format_path
from impasto.workflows import executors
from impasto.workflows.executors import Died, Executor, Raised, Report
from impasto.workflows.executors.local import ProcessExecutor
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.film.ask import asked
from impasto.workflows.film.away import needs_of, paint_away
from impasto.workflows.film.begun import check_not_begun
from impasto.workflows.film.events import (
    FilmEvent,
    FilmFinished,
    FilmFrame,
    FilmNote,
    FilmStarted,
    FilmWait,
)
from impasto.workflows.film.hands import hand_of
from impasto.workflows.film.manifest import Journal
from impasto.workflows.film.order import Order
from impasto.workflows.film.paths import journal_path, lock_path
from impasto.workflows.film.places import places_of
from impasto.workflows.film.plan import Plan, Shot
from impasto.workflows.film.scan import looked_through
from impasto.workflows.film.segments import Painted, paint_shot
from impasto.workflows.on_cluster import settings_of_workers

__all__ = ["go_on", "paint_video", "run"]

PathLike = str | os.PathLike[str]


def paint_video(
    film: PathLike | None = None,
    style: PathLike | Sequence[PathLike] | None = None,
    output: PathLike | None = None,
    settings: StyleSettings | None = None,
    *,
    start: float | Fraction | None = None,
    end: float | Fraction | None = None,
    rate: float | Fraction | None = None,
    style_at: Mapping[float, PathLike] | None = None,
    style_fade: float = 1.0,
    masks: PathLike | Sequence[PathLike] | None = None,
    style_masks: PathLike | Sequence[PathLike] | None = None,
    keep: PathLike | None = None,
    codec: str | None = None,
    sound: bool = True,
    jobs: int = 1,
    cluster: str | None = None,
    preview_every_s: float = 0.0,
    resume: PathLike | None = None,
    overwrite: bool = False,
    **overrides: Unpack[StyleOptions],
) -> Generator[FilmEvent, None, None]:
    """Paint a film, event by event; stopping to iterate is cancelling.

    What was painted before a stop, or a kill, is kept beside the output until the film is there.

    Args:
        film: a file, a folder of pictures, or their pattern as `in/frame-%04d.png`.
        style: files of style images or names of samples, which are blended; None where `style_at`
            or a `model` says them all.
        output: the file to write, whose ending says what it is; or a folder or pattern.
        settings: all settings; those of `default` by the method one-pass if left out. A film is
            painted as large as it is unless they say how large.
        start, end: of what is painted, in seconds; all of it if left out.
        rate: frames a second; those of the film if left out.
        style_at: at a time in seconds, the style that paints from then on.
        style_fade: seconds from one style to the next.
        masks: one for each style, white where it paints, grey for a share; the film stays where
            none does. A picture, which holds for all of the film, or a film, a folder or a pattern,
            whose frames are taken by their time; of the film's ratio.
        style_masks: pictures, one for each style, white where it is learnt from.
        keep: white where the film stays as it is; a picture or a film, as `masks`.
        codec: h264, prores or ffv1, of a film; h264 if left out.
        sound: whether the sound is taken over.
        jobs: shots that are painted at once, each by a process of its own.
        cluster: where shots are painted in place of these processes, as `executors.open` takes it.
        preview_every_s: seconds between two frames whose pixels are told; 0 for none.
        resume: the checkpoint that an earlier run left, `NAME.checkpoint.safetensors`; then it
            names all the rest.
        overwrite: whether what an earlier run of this film has painted and left is dropped.
        **overrides: single settings, in place of those in `settings`.

    Yields:
        `FilmScan`s, one `FilmStarted`, a `FilmFrame` for each frame, and one `FilmFinished`;
        `FilmNote`s among them, and `FilmWait`s while frames are read that are not painted.

    Raises:
        ImpastoError: see `impasto.errors`; what is wrong with the inputs at once.
    """
    if resume is not None:
        return go_on(Journal.load(Path(resume)), preview_every_s=preview_every_s)
    if film is None or output is None:
        raise InputError("a film to paint needs a film and an output: give both, or resume=…")
    order = asked(
        film,
        style,
        output,
        settings,
        start=start,
        end=end,
        rate=rate,
        style_at=style_at,
        style_fade=style_fade,
        masks=masks,
        style_masks=style_masks,
        keep=keep,
        codec=codec,
        sound=sound,
        **overrides,
    )
    check_not_begun(Path(output), overwrite=overwrite)
    return run(
        order, jobs=jobs, cluster=cluster, preview_every_s=preview_every_s, overwrite=overwrite
    )


def run(
    order: Order,
    *,
    jobs: int = 1,
    cluster: str | None = None,
    preview_every_s: float = 0.0,
    outputs: Mapping[str, Any] | None = None,
    overwrite: bool = False,
) -> Generator[FilmEvent, None, None]:
    """Paint a film from its beginning.

    Args:
        order: what is asked; it has an output.
        jobs, cluster: as for `paint_video`.
        preview_every_s: as for `paint_video`.
        outputs: what the journal shall keep for whoever goes on.
        overwrite: as for `paint_video`.
    """
    assert order.output is not None
    output = Path(order.output)
    path = journal_path(output)
    if cluster is not None:
        order = replace(order, settings=settings_of_workers(order.settings, cluster, jobs))
    hand = hand_of(order)  # what is wrong with styles and sizes is told before the film is read
    yield from map(FilmNote, hand.notes)
    if order.places:
        yield from map(FilmNote, places_of(order).notes)
    plan = yield from looked_through(order)
    _check_room(order, plan)
    order = _with_threads(order, min(jobs, len(plan.shots)))
    kept = {**(outputs or {}), "jobs": jobs}
    if cluster is not None:
        kept["cluster"] = cluster
    make_folder(path.parent)
    with _to_itself(path):
        check_not_begun(output, overwrite=overwrite)
        journal = Journal.begin(path, order, plan, kept)
        yield from _paint(journal, preview_every_s)


def go_on(journal: Journal, *, preview_every_s: float = 0.0) -> Generator[FilmEvent, None, None]:
    """Paint what is left of a film that was stopped; it ends as it would have.

    Args:
        journal: as it was loaded.
        preview_every_s: as for `paint_video`.
    """
    with _to_itself(journal.path):
        yield from _paint(journal, preview_every_s, goes_on=True)


def _check_room(order: Order, plan: Plan) -> None:
    """Refuse a film that would not fit on the disk, with its segments beside it.

    Raises:
        OutputError: too little is free.
    """
    from impasto.media.film import check_room, estimate_bytes

    assert order.output is not None
    if order.settings.force:
        return
    length = float(plan.ends - plan.begins)
    needed = estimate_bytes(
        order.shape, plan.frames, order.codec, sounds=order.tracks is not None, seconds=length
    )
    check_room(needed, [Path(order.output).absolute()])


def _with_threads(order: Order, jobs: int) -> Order:
    """The same with a number of threads, which is kept: another may paint other bytes."""
    if order.settings.threads is not None or order.kind == "steady":
        return order
    import torch

    threads = max(1, torch.get_num_threads() // jobs)
    return replace(order, settings=order.settings.model_copy(update={"threads": threads}))


def _paint(
    journal: Journal, preview_every_s: float, *, goes_on: bool = False
) -> Generator[FilmEvent, None, None]:
    """Paint what is left, join it, and take the journal away."""
    from impasto.media.film import join

    order, plan = journal.order, journal.plan
    assert order.output is not None
    begun = time.monotonic()
    kept = {shot.number: journal.done(shot) for shot in plan.shots}
    done = sum(kept.values())
    todo = [shot for shot in plan.shots if kept[shot.number] < shot.frames]
    with ExitStack() as stack:
        notes = [*_notes(journal)]
        executor = _executor(journal, stack, notes, goes_on) if todo else None
        if executor is not None:
            jobs = min(executor.workers, len(todo))
            painted = paint_away(executor, journal, todo, preview_every_s)
        else:
            jobs = max(1, min(_jobs(journal), len(todo)))
            if jobs > 1:
                painted = _by_processes(journal, todo, jobs, preview_every_s)
            else:
                painted = _here(journal, todo, preview_every_s)
        yield FilmStarted(
            plan.frames, len(plan.shots), order.shape, done, order.name, jobs, tuple(notes)
        )
        told = len(notes)
        stack.enter_context(closing(painted))
        number = done
        for frame in painted:
            yield from map(FilmNote, notes[told:])
            told = len(notes)
            seconds = time.monotonic() - begun
            if frame is None:
                yield FilmWait(seconds)
                continue
            number += 1
            yield FilmFrame(number, plan.frames, frame.time, seconds, frame.pixels)
    output = Path(order.output)
    tracks = None if order.tracks is None else Path(order.tracks)
    lost = join(
        journal.segments(), tracks, output, start=order.start, end=order.end, until=plan.ends
    )
    yield from map(FilmNote, lost)
    journal.remove()
    length = float(plan.ends - plan.begins)
    yield FilmFinished(output, plan.frames, order.shape, time.monotonic() - begun, length)


def _executor(
    journal: Journal, stack: ExitStack, notes: list[str], goes_on: bool
) -> Executor | None:
    """The cluster that a film was begun on, entered; None where it has none.

    A film that is gone on with does without one that is gone, and notes that.

    Raises:
        ClusterError: it cannot be reached.
        MissingPackageError: Ray is not installed.
    """
    cluster = journal.outputs.get("cluster")
    if cluster is None:
        return None
    place = executors.open(cluster, needs_of(journal.order), on_note=notes.append)
    try:
        return stack.enter_context(place)
    except (ClusterError, MissingPackageError) as error:
        if not goes_on:
            raise
        notes.append(f"{error}; until then the film goes on here")
        return None


def _notes(journal: Journal) -> tuple[str, ...]:
    """What a person should know of how a film will be painted."""
    wished, shots = _jobs(journal), len(journal.plan.shots)
    if wished <= shots:
        return ()
    count = f"{shots} shot{'s' if shots > 1 else ''}"
    return (f"the film has {count}, and one process paints each: --jobs {wished} is no faster",)


def _jobs(journal: Journal) -> int:
    """How many shots shall be painted at once."""
    return int(journal.outputs.get("jobs", 1))


def _here(
    journal: Journal, shots: Sequence[Shot], preview_every_s: float
) -> Generator[Painted | None, None, None]:
    for shot in shots:
        with closing(paint_shot(shot, journal, preview_every_s)) as painted:
            yield from painted


def _by_processes(
    journal: Journal, shots: Sequence[Shot], jobs: int, preview_every_s: float
) -> Generator[Painted | None, None, None]:
    """Paint shots by a pool of processes.

    Raises:
        ImpastoError: what one of them has met.
    """
    work = partial(_told, journal=journal, preview_every_s=preview_every_s)
    with closing(ProcessExecutor(jobs).run(work, shots)) as messages:
        for message in messages:
            if isinstance(message, Report):
                if isinstance(message.value, Failed):
                    raise message.value.error()
                yield message.value
            elif isinstance(message, Raised):
                raise ImpastoError(message.reason)
            elif isinstance(message, Died):
                raise ImpastoError(
                    f"the process that painted shot {message.item.number} died "
                    f"({message.how}): free some memory, or take fewer --jobs"
                )


def _told(
    shot: Shot, journal: Journal, preview_every_s: float
) -> Iterator[Painted | Failed | None]:
    """Paint a shot in a worker."""
    try:
        yield from paint_shot(shot, journal, preview_every_s)
    except ImpastoError as error:
        yield Failed.of(error)


@contextmanager
def _to_itself(journal: Path) -> Iterator[None]:
    """Keep other processes off a film while the block runs.

    Raises:
        OutputError: another one paints it, or its place cannot be written.
    """

    def refuse() -> NoReturn:
        raise OutputError(
            f"another process is painting the film of {format_path(journal)}: wait until it ends, "
            "or choose another output"
        )

    lock = lock_path(journal)
    with ExitStack() as stack:
        try:
            stack.enter_context(file_lock(lock, poll_s=0, on_wait=refuse))
        except OSError as error:
            raise OutputError(
                f"{format_path(journal)} cannot be written ({reason_of(error)}): choose another "
                "place for the film"
            ) from None
        yield
