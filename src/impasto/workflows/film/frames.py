"""The frames of a film as its painter takes them; of one that is steadied, its original beside."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray

from impasto.workflows.film.fitting import fitted
from impasto.workflows.film.order import Order
from impasto.workflows.film.plan import TOLD_EVERY_S

__all__ = ["Seen", "frames", "paired", "read"]

WITHIN = Fraction(1)  # seconds before a frame in which its original is looked for


class Seen(NamedTuple):
    """A frame to paint.

    Attributes:
        time: when it is shown, in seconds from the film's beginning.
        duration: until the next.
        pixels: (H, W, 3), uint8, sRGB, at the size at which it is painted.
        like: of a painted frame the original, of the same size; else None.
    """

    time: Fraction
    duration: Fraction
    pixels: NDArray[Any]
    like: NDArray[Any] | None = None

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
    told = time.monotonic()
    for seen in read(order, start):
        if seen is not None and (only is None or seen.time in only):
            like = None if seen.like is None else fitted(seen.like, order.shape)
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
    with open_source(order.film, start=start, **_reading(order)) as film:
        if order.like is None:
            for frame in film.read():
                yield None if frame is None else Seen(frame.time, frame.duration, frame.pixels)
        else:
            before = max(Fraction(0), start - WITHIN) if start is not None else None
            with _originals(order.like, before) as originals:
                for pair in paired(film.read(), originals):
                    if pair is None:
                        yield None
                        continue
                    painted, like = pair
                    # What has no original is taken as it was painted.
                    like = painted.pixels if like is None else like
                    yield Seen(painted.time, painted.duration, painted.pixels, like)
        if notes is not None:
            notes += film.notes


@contextmanager
def _originals(film: str, start: Fraction | None) -> Iterator[Iterable[_Timed | None]]:
    """What is read of an original from some time on; nothing where it has ended before."""
    from impasto.media.film import open_source

    if start is not None:
        with open_source(film) as whole:
            ends = whole.info.seconds
        if ends and start >= ends:
            yield ()
            return
    with open_source(film, start=start) as source:
        yield source.read()


def _reading(order: Order) -> dict[str, Any]:
    """How the film of an order is read, but for where that begins."""
    return {"end": order.end, "rate": order.rate, "max_megapixels": order.max_megapixels}


def paired(
    painted: Iterable[_Timed | None], originals: Iterable[_Timed | None]
) -> Iterator[tuple[_Timed, NDArray[Any] | None] | None]:
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
