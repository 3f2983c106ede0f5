"""The frames of a film as its painter takes them; of one that is steadied, its original beside."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from itertools import chain
from typing import Any, NamedTuple, Protocol, TypeVar

from numpy.typing import NDArray

from impasto.errors import InputError
from impasto.text import format_path
from impasto.workflows.film.fitting import fitted
from impasto.workflows.film.order import Order
from impasto.workflows.film.places import Places
from impasto.workflows.film.plan import TOLD_EVERY_S
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["Seen", "frames", "paired", "read"]

WITHIN = Fraction(1)  # seconds before a frame in which its original is looked for


class Seen(NamedTuple):
    """A frame to paint.

    Attributes:
        time: when it is shown, in seconds from the film's beginning.
        duration: until the next.
        pixels: (H, W, 3), uint8, sRGB, at the size at which it is painted.
        like: of a painted frame the original, of the same size; else None.
        where: its masks.
        beside: (h, w, 3 or 4) of each mask that is a film, as it was read.
    """

    time: Fraction
    duration: Fraction
    pixels: NDArray[Any]
    like: NDArray[Any] | None = None
    where: Where = EVERYWHERE
    beside: tuple[NDArray[Any], ...] = ()

    @property
    def original(self) -> NDArray[Any]:
        """What cuts are looked for in: a painting may change less than its film, or more."""
        return self.pixels if self.like is None else self.like


class _Timed(Protocol):
    @property
    def pixels(self) -> NDArray[Any]: ...

    @property
    def time(self) -> Fraction: ...

    @property
    def duration(self) -> Fraction: ...


T = TypeVar("T", bound=_Timed)


def frames(
    order: Order,
    start: Fraction | None = None,
    only: Collection[Fraction] | None = None,
    count: float = math.inf,
) -> Generator[Seen | None, None, None]:
    """The frames of a film from some time on; each is the same, wherever reading begins.

    Args:
        order: which film, how large, and until when.
        start: in seconds; None for where the order begins.
        only: the times of those that are wanted; None for all.
        count: how many are wanted at most.

    Yields:
        The frames; None now and then while others are read, so that whoever waits may give up.

    Raises:
        InputError: the film cannot be read.
    """
    settings = order.settings if order.kind == "paint" else None
    told, places = time.monotonic(), None
    for seen in read(order, start):
        if seen is not None and (only is None or seen.time in only):
            like = None if seen.like is None else fitted(seen.like, order.shape)
            if order.places:
                places = places or Places(order, seen.pixels.shape[:2])
                seen = seen._replace(where=places.at(seen.beside), beside=())
            yield seen._replace(pixels=fitted(seen.pixels, order.shape, settings), like=like)
            count -= 1
            if count <= 0:
                return
        elif time.monotonic() - told >= TOLD_EVERY_S:
            told = time.monotonic()
            yield None


def read(
    order: Order, start: Fraction | None = None, notes: list[str] | None = None
) -> Iterator[Seen | None]:
    """The frames of a film in its own size; None for each one that is read and not wanted.

    Args:
        order, start: as for `frames`.
        notes: takes what the reader has to say in the end, in a sentence each.
    """
    from impasto.media.film import open_source

    start = order.start if start is None else start
    before = max(Fraction(0), start - WITHIN) if start is not None else None
    with open_source(order.film, start=start, **_reading(order)) as film, ExitStack() as beside:
        seen: Iterator[Seen | None] = (
            None if frame is None else Seen(frame.time, frame.duration, frame.pixels)
            for frame in film.read()
        )
        if order.like is not None:
            originals = beside.enter_context(_beside(order.like, before))
            seen = _with_original(seen, originals)
        told = [film.notes]
        for mask in order.moving_masks():
            frames = beside.enter_context(_beside(mask, before, order.film_rate, told, clear=True))
            seen = _with_mask(seen, frames, mask)
        yield from seen
        if notes is not None:
            notes += chain.from_iterable(told)


def _with_original(
    seen: Iterator[Seen | None], originals: Iterable[_Timed | None]
) -> Iterator[Seen | None]:
    """Painted frames with their originals; what has none is taken as it was painted."""
    for pair in paired(seen, originals):
        if pair is None:
            yield None
        else:
            painted, like = pair
            yield painted._replace(like=painted.pixels if like is None else like)


def _with_mask(
    seen: Iterator[Seen | None], masks: Iterable[_Timed | None], name: str
) -> Iterator[Seen | None]:
    """Frames with one more mask, of their own time.

    Raises:
        InputError: the mask ends before the film.
    """
    for pair in paired(seen, masks):
        if pair is None:
            yield None
            continue
        frame, mask = pair
        if mask is None:
            raise InputError(
                f"{format_path(name)}, a mask, ends before what is painted of the film, which goes "
                f"on at {float(frame.time):.2f} s: give a mask that is as long, or an earlier end"
            )
        yield frame._replace(beside=(*frame.beside, mask))


@contextmanager
def _beside(
    film: str,
    start: Fraction | None,
    rate: Fraction | None = None,
    notes: list[list[str]] | None = None,
    *,
    clear: bool = False,
) -> Iterator[Iterable[_Timed | None]]:
    """What is read of a film beside another from some time on; nothing where it ended before.

    Args:
        film: a film, a folder of pictures, or their pattern.
        start: in seconds.
        rate: frames a second of numbered pictures.
        notes: takes what reading it has met, complete at its end.
        clear: as for `open_source`.
    """
    from impasto.media.film import open_source
    from impasto.media.sequences import SequenceReader

    with open_source(film) as whole:
        ends = whole.info.seconds
        rate = rate if isinstance(whole, SequenceReader) else None
        ends = ends if rate is None else Fraction(whole.info.frames) / rate
    if start is not None and ends and start >= ends:
        yield ()
        return
    with open_source(film, start=start, rate=rate, clear=clear) as source:
        if notes is not None:
            notes.append(source.notes)
        yield source.read()


def _reading(order: Order) -> dict[str, Any]:
    """How the film of an order is read, but for where that begins."""
    return {"end": order.end, "rate": order.rate, "max_megapixels": order.max_megapixels}


def paired(
    painted: Iterable[T | None], originals: Iterable[_Timed | None]
) -> Iterator[tuple[T, NDArray[Any] | None] | None]:
    """Each painted frame and the original that is shown at the same time.

    That is the last one of the second before, up to half a frame later; without one, the next one.
    So the pair depends on their times alone, and on no place where reading began.

    Args:
        painted, originals: frames in the order of their time; None for one that is not wanted.

    Yields:
        The frame, and the pixels of its original, None where the originals are at their end; None
        alone for each one of either that is not wanted.
    """
    rest = iter(originals)
    held: list[_Timed] = []  # what may still be wanted, and the one after it
    for frame in painted:
        if frame is None:
            yield None
            continue
        late = frame.time + frame.duration / 2
        while not held or held[-1].time < late:
            try:
                following = next(rest)
            except StopIteration:
                break
            if following is None:
                yield None
            else:
                held.append(following)
        early = frame.time - WITHIN
        held = [each for each in held if each.time >= early]
        shown = [each for each in held if each.time < late]
        held = [*shown[-1:], *(each for each in held if each.time >= late)]
        yield frame, held[0].pixels if held else None
