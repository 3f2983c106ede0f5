"""Where frames come from, and of those the span and the rate that are asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from impasto.errors import FilmError
from impasto.media.frame import FilmInfo, Frame
from impasto.media.times import Timed, at_rate, within
from impasto.text import format_path

__all__ = ["Source"]

_FASTEST = 1000  # frames a second


class Source(ABC):
    """Frames in the order of their times; each loop reads them anew, few of them in memory.

    Args:
        path: of the film.
        start, end: seconds from its first picture: frames shown from `start` on and before `end`.
            The frames are the very ones that reading from 0 gives there.
        rate: frames a second to read at, on a grid that begins at 0: each is the one shown at
            that time. None for the film's own frames and times.

    Attributes:
        info: what is known beforehand.
        notes: what reading has met so far, in a sentence each; complete at the end.

    Raises:
        FilmError: `start` not before `end` or after the film's end, a rate out of bounds.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction | None = None,
    ) -> None:
        self.path, self.name = Path(path), format_path(path)
        self.start, self.end, self.rate = start, end, rate
        self.notes: list[str] = []
        self.info: FilmInfo = self._described()
        self._check_span()
        self.notes = list(self.info.notes)

    @abstractmethod
    def _described(self) -> FilmInfo:
        """What is known of the film."""

    @abstractmethod
    def _frames(self) -> Iterator[Timed | None]:
        """All of them, at the film's own times; None for each one that is read and not shown.

        Those some way before `start` need not come.
        """

    @abstractmethod
    def _converter(self) -> Callable[[Any], NDArray[np.uint8]]:
        """What makes the pixels of one loop's frames, of those alone that are wanted."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:  # noqa: B027 - few have something open
        """Ends all loops that hold something open."""

    def __iter__(self) -> Iterator[Frame]:
        """The frames, one after the other."""
        return (frame for frame in self.read() if frame is not None)

    def read(self) -> Iterator[Frame | None]:
        """The same; None for each one that is read and not shown, as those before the start."""
        pixels_of, frames = self._converter(), self._frames()
        if self.rate is not None:
            frames = at_rate(frames, self.rate, self.start)
        for frame in within(frames, self.start, self.end):
            if frame is None:
                yield None
            else:
                yield Frame(pixels_of(frame.what), frame.time, frame.duration)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def _check_span(self) -> None:
        start, end, rate, length = self.start, self.end, self.rate, self.info.seconds
        if start is not None and start < 0:
            raise FilmError(f"the start is {float(start):g} s: give 0 or more")
        if end is not None and end <= (start or 0):
            raise FilmError(
                f"the end is {float(end):g} s, not after the start, {float(start or 0):g} s: give "
                "a later one"
            )
        if start is not None and length and start >= length:
            raise FilmError(
                f"{self.name} is {float(length):.1f} s long: start before that, not at "
                f"{float(start):g} s"
            )
        if rate is not None and not 0 < rate <= _FASTEST:
            raise FilmError(
                f"{float(rate):g} frames a second: give a rate above 0 and up to {_FASTEST}"
            )
