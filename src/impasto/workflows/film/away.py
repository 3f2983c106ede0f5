"""Shots of a film painted by other machines: the film goes there once, segments come back.

The film travels as the file it is, which is smaller than its frames; each worker reads of it what
its shots need. A segment comes as soon as it is whole, with the state after it, so that what is
kept here is what a film painted here keeps.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from numpy.typing import NDArray

from impasto.errors import ImpastoError, OutputError, reason_of
from impasto.files import replacing
from impasto.text import format_path
from impasto.workflows.executors import Assigned, Died, Executor, Needs, Raised, Report
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.film.manifest import Journal, ShotState
from impasto.workflows.film.order import Order
from impasto.workflows.film.plan import Shot
from impasto.workflows.film.segments import Painted, paint_shot
from impasto.workflows.parcels import Parcel, Unpacked, unpacked

__all__ = ["needs_of", "paint_away"]


@dataclass(frozen=True)
class _Sent:
    """A shot as it travels, with the state to go on from."""

    shot: Shot
    state: ShotState


@dataclass(frozen=True)
class _Segment:
    """A segment that is whole, with the state after it, as `Journal.keep` takes them."""

    hashes: tuple[str, ...]
    arrays: Mapping[str, NDArray[Any]] = field(repr=False)
    data: bytes = field(repr=False)


def needs_of(order: Order) -> Needs:
    """What a worker has to have to paint the shots of a film."""
    return Needs(order.settings.threads, precision=order.settings.precision)


def paint_away(
    executor: Executor, journal: Journal, shots: list[Shot], preview_every_s: float
) -> Generator[Painted | None, None, None]:
    """Paint what is left of shots on a cluster, and keep their segments here.

    Args:
        executor: of the cluster.
        journal: of the film.
        shots: that are not done.
        preview_every_s: as for `paint_shot`.

    Yields:
        As `paint_shot`, of several shots at once; a frame that is painted again, as its worker was
        lost, is told but once.

    Raises:
        ImpastoError: what a worker has met, or a segment cannot be written.
    """
    order = journal.order
    files = Parcel.of(order.inputs().values())
    work = partial(_painted, secrets.token_hex(8), files, order, preview_every_s)
    told = {shot.number: 0 for shot in shots}
    again = dict(told)
    kept = {shot.number: len(journal.state(shot).hashes) for shot in shots}
    sent = (_Sent(shot, journal.state(shot)) for shot in shots)
    with closing(executor.run(work, sent)) as messages:
        for message in messages:
            shot = message.item.shot
            if isinstance(message, Raised):
                raise ImpastoError(message.reason)
            if isinstance(message, Died):
                raise ImpastoError(
                    f"the process that painted shot {shot.number} died ({message.how}): free some "
                    "memory, or take fewer workers"
                )
            if isinstance(message, Assigned):
                again[shot.number] = 0
            if not isinstance(message, Report):
                continue
            value = message.value
            if isinstance(value, Failed):
                raise value.error()
            if isinstance(value, _Segment):
                if len(value.hashes) > kept[shot.number]:  # else it has come before
                    _keep(journal, shot, value)
                    kept[shot.number] = len(value.hashes)
                continue
            if isinstance(value, Painted):
                again[shot.number] += 1
                if again[shot.number] <= told[shot.number]:
                    continue
                told[shot.number] += 1
            yield value


def _keep(journal: Journal, shot: Shot, segment: _Segment) -> None:
    """Write a segment that has come, and that it is there.

    Raises:
        OutputError: it cannot be written.
    """
    path = journal.segment(shot, len(segment.hashes) - 1)
    try:
        with replacing(path) as draft:
            draft.write_bytes(segment.data)
    except OSError as error:
        raise OutputError(
            f"{format_path(path)}, which keeps what is painted, cannot be written "
            f"({reason_of(error)}): make room, and go on with impasto resume"
        ) from None
    journal.keep(shot, segment.hashes, segment.arrays)


# There.


class _AwayJournal:
    """The journal of one shot where it is painted: what it keeps is sent.

    Args:
        folder: for segments under way.
        order: with the files as they lie there.
        state: to go on from.
    """

    def __init__(self, folder: Path, order: Order, state: ShotState) -> None:
        self._folder, self.order, self._state = folder, order, state
        self.kept: SimpleQueue[_Segment] = SimpleQueue()

    def state(self, shot: Shot) -> ShotState:  # noqa: ARG002 - there is but one
        return self._state

    def segment(self, shot: Shot, number: int) -> Path:
        return self._folder / f"{shot.number:05d}-{number:05d}.nut"

    def keep(self, shot: Shot, hashes: tuple[str, ...], arrays: Mapping[str, Any]) -> None:
        path = self.segment(shot, len(hashes) - 1)
        done = len(hashes) == len(shot.segments)
        self.kept.put(_Segment(hashes, {} if done else dict(arrays), path.read_bytes()))
        path.unlink()

    def news(self) -> Iterator[_Segment]:
        """Segments that are whole since it was asked last."""
        while True:
            try:
                yield self.kept.get_nowait()
            except Empty:
                return


def _painted(
    token: str, files: Parcel, order: Order, preview_every_s: float, sent: _Sent
) -> Generator[Painted | _Segment | Failed | None, None, None]:
    """What a worker of the cluster does with a shot."""
    here = _laid_down(token, files)
    journal = _AwayJournal(here.folder, _moved(order, here), sent.state)
    try:
        for painted in paint_shot(sent.shot, journal, preview_every_s):
            yield from journal.news()
            yield painted
        yield from journal.news()
    except ImpastoError as error:
        yield from journal.news()  # what is whole is kept, whatever came after it
        failed = Failed.of(error)
        yield replace(failed, message=here.words(failed.message))


_films = ExitStack()
_places: dict[str, Unpacked] = {}


def _laid_down(token: str, files: Parcel) -> Unpacked:
    """The files of a film, which stay for its other shots until another film comes."""
    if token not in _places:
        _films.close()
        _places.clear()
        _places[token] = _films.enter_context(unpacked(files))
    return _places[token]


def _moved(order: Order, here: Unpacked) -> Order:
    """An order whose files are those that lie here."""
    return replace(
        order,
        film=_source(order.film, here),
        like=None if order.like is None else _source(order.like, here),
        styles=tuple(str(here.path(style)) for style in order.styles),
        masks=tuple(_source(mask, here) for mask in order.masks),
        style_masks=tuple(str(here.path(mask)) for mask in order.style_masks),
        keep=None if order.keep is None else _source(order.keep, here),
        settings=here.settings(order.settings),
    )


def _source(source: str, here: Unpacked) -> str:
    """Where a film lies: a file, the folder of its pictures, or their pattern.

    Example:
        >>> here = Unpacked(Path("x"), {"in/a-1.png": Path("x/0/a-1.png")})
        >>> [Path(_source(name, here)).as_posix() for name in ("in/a-1.png", "in", "in/a-%d.png")]
        ['x/0/a-1.png', 'x/0', 'x/0/a-%d.png']
    """
    if source in here.places:
        return str(here.places[source])
    folders = {Path(given).parent: place.parent for given, place in here.places.items()}
    path = Path(source)
    return str(folders[path] if path in folders else folders[path.parent] / path.name)
