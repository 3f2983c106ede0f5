"""What a film is made of inside: frames with their times, and what is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["FilmInfo", "Frame", "Sink", "Source"]


class Frame(NamedTuple):
    """One picture of a film.

    Attributes:
        pixels: (H, W, 3) uint8, sRGB, upright.
        time: when it is shown, in seconds from the film's beginning, exact.
        duration: seconds until the next one; of the last until the film ends, as far as its file
            says when, else the usual one.
    """

    pixels: NDArray[np.uint8]
    time: Fraction
    duration: Fraction


@dataclass(frozen=True)
class FilmInfo:
    """What is known of a film before it is read.

    Attributes:
        path: of the file or folder.
        height, width: px, upright, of square pixels.
        rate: frames a second, on average.
        frames: how many, as its file says; 0 unknown.
        seconds: how long; 0 unknown.
        variable: whether its frames are shown for unequal times.
        codec: the name of its coding, such as "h264".
        sounds, subtitles: how many tracks.
        interlaced: whether its frames are two fields each, which reading makes whole.
        notes: what reading changes, in a sentence each.
    """

    path: Path
    height: int
    width: int
    rate: Fraction
    frames: int = 0
    seconds: Fraction = Fraction(0)
    variable: bool = False
    codec: str = ""
    sounds: int = 0
    subtitles: int = 0
    interlaced: bool = False
    notes: tuple[str, ...] = ()


class Source(Protocol):
    """Where frames come from: a film, numbered pictures, an animated picture, a camera.

    Attributes:
        info: what is known beforehand.
        notes: what reading has met so far, in a sentence each; complete at the end.
    """

    info: FilmInfo
    notes: list[str]

    def __iter__(self) -> Iterator[Frame]:
        """The frames, one after the other, at most a few of them in memory."""

    def read(self) -> Iterator[Frame | None]:
        """The same; None for each one that is read and not shown, as those before the start."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Sink(Protocol):
    """Where frames go. Leaving its `with` block by an error leaves no file.

    Attributes:
        notes: what writing changed, in a sentence each.
    """

    notes: list[str]

    def add(self, frame: Frame) -> None:
        """Takes the next frame."""

    def close(self) -> None:
        """Makes the file whole."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
