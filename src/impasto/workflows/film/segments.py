"""How a shot is painted: read, painted and encoded at once, a segment kept after the other."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray

from impasto.errors import InputError
from impasto.files import file_sha256
from impasto.text import format_path
from impasto.workflows.film.frames import Seen, frames
from impasto.workflows.film.hands import Alone, Hand, hand_of
from impasto.workflows.film.in_flight import BEHIND, PAINTED_AHEAD, READ_AHEAD
from impasto.workflows.film.manifest import ShotState
from impasto.workflows.film.order import Order
from impasto.workflows.film.pipeline import Behind, ahead
from impasto.workflows.film.plan import Shot
from impasto.workflows.film.where import EVERYWHERE

if TYPE_CHECKING:
    from impasto.media.film import SegmentWriter

__all__ = ["ENCODER_THREADS", "RATE", "Painted", "ShotJournal", "paint_shot", "painted", "samples"]

NEAR = 300  # frames of a shot that is read through for its samples
ENCODER_THREADS = 2  # another number may make other bytes
SHOWN = "shown"  # beside a painter's state, the last picture of the segment before it, as decoded
RATE = Fraction(25)  # of a film that does not say its own


@dataclass(frozen=True)
class Painted:
    """A frame is painted.

    Attributes:
        time: of the frame, in seconds.
        pixels: (H, W, 3), now and then; else None.
    """

    time: float
    pixels: NDArray[Any] | None = field(default=None, repr=False)


class ShotJournal(Protocol):
    """Of a journal what a shot asks of it; `Journal` says what each of these does."""

    @property
    def order(self) -> Order: ...

    def state(self, shot: Shot) -> ShotState: ...

    def segment(self, shot: Shot, number: int) -> Path: ...

    def keep(self, shot: Shot, hashes: tuple[str, ...], arrays: Mapping[str, Any]) -> None: ...


def paint_shot(
    shot: Shot, journal: ShotJournal, preview_every_s: float = 0.0
) -> Generator[Painted | None, None, None]:
    """Paint what is left of a shot, and keep each of its segments.

    Args:
        shot: of the journal's plan.
        journal: of the film.
        preview_every_s: seconds between two frames that are shown; 0 to show none.

    Yields:
        A `Painted` after each frame; None now and then while frames are read and not painted.

    Raises:
        ImpastoError: the film cannot be read or painted, or a segment not written.
    """
    kept = journal.state(shot)
    left = shot.segments[len(kept.hashes) :]
    if not left:
        return
    order = journal.order
    hand = hand_of(order)
    if kept.hashes:
        hand.restore(kept.arrays)
    else:
        hand.begin((yield from samples(order, shot)))
    ends = _ends([count for _, count in left])
    recorder = _Recorder(journal, shot, kept.hashes, kept.arrays.get(SHOWN))
    begins, count = left[0][0], max(ends)
    number, shown = 0, time.monotonic() - preview_every_s
    with (
        closing(ahead(lambda: frames(order, begins, count=count), READ_AHEAD)) as film,
        closing(painted(order, hand, film, shot, shot.frames - count)) as paintings,
        closing(recorder),
        Behind(recorder, BEHIND) as behind,
    ):
        for painting in paintings:
            if painting is None:
                yield None
                continue
            number += 1
            seen, pixels = painting
            behind.add((seen._replace(where=EVERYWHERE), pixels))  # masks need memory
            if number in ends:
                behind.add({name: array.copy() for name, array in hand.state().items()})
            shows = preview_every_s > 0 and time.monotonic() - shown >= preview_every_s
            shown = time.monotonic() if shows else shown
            yield Painted(float(seen.time), pixels if shows else None)


def painted(
    order: Order, hand: Hand, film: Iterable[Seen | None], shot: Shot, done: int = 0
) -> Generator[tuple[Seen, NDArray[Any]] | None, None, None]:
    """Frames of one shot, painted; a thread runs ahead with what needs no frame before, if any.

    Args:
        order: what is asked.
        hand: that has begun the shot.
        film: the frames, in their order; None for one that is not wanted. What follows the shot
            is left to others.
        shot: whose frames they are.
        done: how many of the shot come before them.

    Yields:
        Each frame and what became of it, (H, W, 3) uint8; None for None.

    Raises:
        InputError: the film ends before the shot.

    Example:
        >>> import numpy as np
        >>> from types import SimpleNamespace as Stub
        >>> order = Stub(times=Stub(at=lambda time: (1.0,)))
        >>> negative = Stub(alone=None, paint=lambda seen, shares, alone: 255 - seen.pixels)
        >>> film = [Seen(Fraction(n), Fraction(1), np.full((1, 1, 3), n)) for n in range(9)]
        >>> shot = Shot.of(1, 0, [seen.time for seen in film[:3]], segment=24)
        >>> [int(pixels.max()) for _, pixels in painted(order, negative, film, shot)]
        [255, 254, 253]
    """
    left = shot.frames - done
    begun = partial(_begun, order, hand.alone, film, left)
    with closing(begun() if hand.alone is None else ahead(begun, PAINTED_AHEAD)) as frames:
        for frame in frames:
            if frame is None:
                yield None
                continue
            seen, shares, alone = frame
            yield seen, hand.paint(seen, shares, alone)
            left -= 1
    if left:
        raise _cut_short(order, shot, left)


def _begun(
    order: Order, alone: Alone | None, film: Iterable[Seen | None], count: int
) -> Generator[tuple[Seen, tuple[float, ...], NDArray[Any] | None] | None, None, None]:
    """Frames of one shot, their shares of the styles, and the part of the work that is done."""
    for seen in film:
        if seen is None:
            yield None
            continue
        shares = order.times.at(seen.time)
        yield seen, shares, None if alone is None else alone(seen, shares)
        count -= 1
        if not count:
            return


def samples(order: Order, shot: Shot) -> Generator[None, None, list[Seen]]:
    """The frames that a shot is looked at by before it is painted.

    Args:
        order: what is asked.
        shot: of the film.

    Yields:
        None now and then while others are read.

    Raises:
        InputError: there is none.
    """
    if shot.frames <= NEAR:  # reading through costs less than jumping
        spans = [frames(order, shot.samples[0], shot.samples, len(shot.samples))]
    else:
        spans = [frames(order, begins, count=1) for begins in shot.samples]
    some: list[Seen] = []
    for span in spans:
        with closing(span):
            for seen in span:
                if seen is None:
                    yield None
                else:
                    some.append(seen)
    if not some:
        raise _cut_short(order, shot, shot.frames)
    return some


def _cut_short(order: Order, shot: Shot, missing: int) -> InputError:
    return InputError(
        f"{format_path(order.film)} had {shot.frames} frames in shot {shot.number} when they were "
        f"counted, and now {missing} fewer: put the old film back, or start anew"
    )


def _ends(counts: list[int]) -> set[int]:
    """After how many frames each segment ends.

    Example:
        >>> sorted(_ends([3, 3, 1]))
        [3, 6, 7]
    """
    ends, total = set(), 0
    for count in counts:
        total += count
        ends.add(total)
    return ends


class _Recorder:
    """Writes frames into segments, and the state after each into the journal.

    Args:
        journal: of the film.
        shot: whose frames they are.
        hashes: of its segments that are done.
        shown: (H, W, 3), what the last of them ends with, as it is decoded; None where there is
            none, or where that does not matter.
    """

    def __init__(
        self,
        journal: ShotJournal,
        shot: Shot,
        hashes: tuple[str, ...],
        shown: NDArray[Any] | None = None,
    ) -> None:
        self._journal, self._shot, self._hashes = journal, shot, hashes
        self._shown = shown
        self._writer: SegmentWriter | None = None

    def __call__(self, item: tuple[Seen, NDArray[Any]] | Mapping[str, NDArray[Any]]) -> None:
        """Take a painted frame, or the state after the last frame of a segment."""
        from impasto.media.film import CODECS, Frame, last_picture

        if isinstance(item, tuple):
            seen, pixels = item
            self._open().add(Frame(pixels, seen.time, seen.duration))
            return
        writer, self._writer = self._open(), None
        writer.close()
        path = self._journal.segment(self._shot, len(self._hashes))
        self._hashes = (*self._hashes, file_sha256(path))
        order, more = self._journal.order, len(self._hashes) < len(self._shot.segments)
        if more and CODECS[order.codec].predicts:
            self._shown = last_picture(path, order.shape)
            item = {**item, SHOWN: self._shown}
        self._journal.keep(self._shot, self._hashes, item)

    def _open(self) -> SegmentWriter:
        from impasto.media.film import SegmentWriter

        if self._writer is None:
            order = self._journal.order
            self._writer = SegmentWriter(
                self._journal.segment(self._shot, len(self._hashes)),
                order.shape,
                rate=order.rate or order.film_rate or RATE,
                codec=order.codec,
                threads=ENCODER_THREADS,
                after=self._shown,
            )
        return self._writer

    def close(self) -> None:
        """Let go of a segment that is not whole, of which nothing is left."""
        if self._writer is not None:
            self._writer.abandon()
            self._writer = None
