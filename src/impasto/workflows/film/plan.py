"""The first pass over a film: its frames are counted, its cuts found, its segments fixed.

A segment is what is encoded and kept whole: a number of frames that crosses no cut.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Protocol

from impasto.workflows.film.events import FilmScan

__all__ = ["SAMPLES", "TOLD_EVERY_S", "Plan", "Planner", "Shot"]

SAMPLES = 5  # frames that a shot is looked at by before it is painted
TOLD_EVERY_S = 0.2  # while nothing is painted


class _Timed(Protocol):
    @property
    def time(self) -> Fraction: ...

    @property
    def duration(self) -> Fraction: ...

    @property
    def original(self) -> Any: ...


class _Cuts(Protocol):
    def is_cut(self, frame: Any) -> bool: ...


@dataclass(frozen=True)
class Shot:
    """The frames from one cut to the next.

    Attributes:
        number: of the shot, from 1.
        first: the number of its first frame in the film, from 0.
        frames: how many it has.
        segments: (seconds, frames): when each segment begins, and how many frames it has.
        samples: when some frames are shown that are spread over it, in seconds; the first is its
            first.
    """

    number: int
    first: int
    frames: int
    segments: tuple[tuple[Fraction, int], ...]
    samples: tuple[Fraction, ...]

    @classmethod
    def of(cls, number: int, first: int, times: list[Fraction], segment: int) -> Shot:
        """A shot whose frames are shown at these times.

        Example:
            >>> shot = Shot.of(1, 0, [Fraction(n, 2) for n in range(5)], segment=2)
            >>> [(str(begins), frames) for begins, frames in shot.segments]
            [('0', 2), ('1', 2), ('2', 1)]
        """
        segments = tuple(
            (times[n], min(segment, len(times) - n)) for n in range(0, len(times), segment)
        )
        some = min(SAMPLES, len(times))
        at = sorted({round(k * (len(times) - 1) / max(1, some - 1)) for k in range(some)})
        return cls(number, first, len(times), segments, tuple(times[k] for k in at))

    def as_json(self) -> list[Any]:
        """For a journal."""
        segments = [[str(begins), frames] for begins, frames in self.segments]
        return [self.number, self.first, self.frames, segments, [str(t) for t in self.samples]]

    @classmethod
    def from_json(cls, data: list[Any]) -> Shot:
        """What `as_json` gave."""
        number, first, frames, segments, samples = data
        times = tuple((Fraction(begins), count) for begins, count in segments)
        return cls(number, first, frames, times, tuple(map(Fraction, samples)))


@dataclass(frozen=True)
class Plan:
    """A film as it is going to be painted.

    Attributes:
        shots: in their order; none for a film without a frame.
        begins, ends: when the first frame is shown, and until when the last is, in seconds.
    """

    shots: tuple[Shot, ...]
    begins: Fraction = Fraction(0)
    ends: Fraction = Fraction(0)

    @property
    def frames(self) -> int:
        """Of all shots."""
        return sum(shot.frames for shot in self.shots)

    def as_json(self) -> dict[str, Any]:
        """For a journal."""
        shots = [shot.as_json() for shot in self.shots]
        return {"shots": shots, "begins": str(self.begins), "ends": str(self.ends)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Plan:
        """What `as_json` gave."""
        shots = tuple(map(Shot.from_json, data["shots"]))
        return cls(shots, Fraction(data["begins"]), Fraction(data["ends"]))


@dataclass
class Planner:
    """Makes the plan; it holds no pixels.

    Args:
        cuts: asked of one frame after the other.
        segment: frames of a segment at most.

    Attributes:
        plan: once all frames were seen.
    """

    cuts: _Cuts
    segment: int
    plan: Plan = field(default=Plan(()), init=False)

    def look(self, frames: Iterable[_Timed | None], expected: int) -> Iterator[FilmScan]:
        """See every frame, and tell now and then how far it is.

        Args:
            frames: of the film, in their order; None for one that is read and not wanted.
            expected: how many there are, as the file says; 0 where it does not.
        """
        shots: list[Shot] = []
        times: list[Fraction] = []
        begun, told, count, looked = time.monotonic(), 0.0, 0, 0
        begins = ends = Fraction(0)
        for looked, frame in enumerate(frames, 1):
            if frame is not None:
                if self.cuts.is_cut(frame.original) and times:
                    first = count - len(times)
                    shots.append(Shot.of(len(shots) + 1, first, times, self.segment))
                    times = []
                begins = frame.time if count == 0 else begins
                ends = frame.time + frame.duration
                times.append(frame.time)
                count += 1
            seconds = time.monotonic() - begun
            if seconds - told >= TOLD_EVERY_S:
                told = seconds
                yield FilmScan(count, max(expected, count), seconds, looked, float(ends - begins))
        if times:
            shots.append(Shot.of(len(shots) + 1, count - len(times), times, self.segment))
        self.plan = Plan(tuple(shots), begins, ends)
        yield FilmScan(count, count, time.monotonic() - begun, looked, float(ends - begins))
