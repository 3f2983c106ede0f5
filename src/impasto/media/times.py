"""Frames on the line of time: how long each is shown, spans, and other rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple

__all__ = ["Steady", "Timed", "at_rate", "durations", "within"]

# Seconds back and forth that are no jump of a clock.
_BACK, _FORTH = Fraction(1), Fraction(10)


class Timed(NamedTuple):
    """Something that becomes a frame, when it is shown, and until when, in seconds."""

    what: Any
    time: Fraction
    duration: Fraction


class Steady:
    """A clock without jumps, of one that may have them.

    Args:
        jumps: whether it may; otherwise nothing is changed.

    Attributes:
        count: how many there were.

    Example:
        >>> clock = Steady(jumps=True)
        >>> [int(clock.at(Fraction(time), Fraction(1))) for time in (0, 1, 900, 901, 3, 4)]
        [0, 1, 2, 3, 4, 5]
    """

    def __init__(self, *, jumps: bool) -> None:
        self.jumps, self.count = jumps, 0
        self._offset, self._last = Fraction(0), Fraction(0)
        self._begun = False

    def at(self, time: Fraction, step: Fraction) -> Fraction:
        """The time that is meant, in seconds.

        Args:
            time: as the file says.
            step: how long after the one before it is, if the clock has jumped.
        """
        time += self._offset
        if self.jumps and self._begun and not -_BACK <= time - self._last <= _FORTH:
            self._offset += self._last + step - time
            time = self._last + step
            self.count += 1
        self._last, self._begun = time, True
        return time


def durations(
    frames: Iterable[tuple[Any, Fraction, Fraction] | None], usual: Fraction
) -> Iterator[Timed | None]:
    """Each frame with the time until the next; of the last its own, or the usual one.

    Here and below None stands for a frame that was read and is not shown, so that whoever waits for
    one that is may stop waiting.
    """
    before: tuple[Any, Fraction, Fraction] | None = None
    for now in frames:
        if now is None:
            yield None
            continue
        if before is not None:
            yield Timed(before[0], before[1], now[1] - before[1])
        before = now
    if before is not None:
        yield Timed(before[0], before[1], before[2] or usual)


def within(
    frames: Iterable[Timed | None], start: Fraction | None, end: Fraction | None
) -> Iterator[Timed | None]:
    """The frames whose times lie in [start, end); None for each one before."""
    for frame in frames:
        if frame is None or (start is not None and frame.time < start):
            yield None
        elif end is not None and frame.time >= end:
            return
        else:
            yield frame


def at_rate(
    frames: Iterable[Timed | None], rate: Fraction, start: Fraction | None = None
) -> Iterator[Timed | None]:
    """What is seen at the times 0, 1/rate, 2/rate, …: frames are shown again or left out.

    Args:
        frames: in the order of their times.
        rate: frames a second.
        start: in seconds; times before it are passed over at once.

    Yields:
        The frames; None for each one that is left out.

    Example:
        >>> film = [Timed(name, Fraction(at), Fraction(1)) for at, name in enumerate("abc")]
        >>> "".join(frame.what for frame in at_rate(film, Fraction(3, 2)) if frame)
        'aabcc'
        >>> "".join(frame.what for frame in at_rate(film, Fraction(1, 2)) if frame)
        'ac'
        >>> "".join(frame.what for frame in at_rate(film, Fraction(3), Fraction(3, 2)) if frame)
        'bccc'
    """
    first = start or Fraction(0)
    for frame in frames:
        shown = False
        if frame is not None:
            tick = -int(-max(frame.time, first) * rate // 1)  # the first at or after it
            while (time := Fraction(tick) / rate) < frame.time + frame.duration:
                yield Timed(frame.what, time, 1 / rate)
                shown, tick = True, tick + 1
        if not shown:
            yield None
