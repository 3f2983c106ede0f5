"""What the painting of a film tells its listeners."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

__all__ = [
    "FilmEvent",
    "FilmFinished",
    "FilmFrame",
    "FilmNote",
    "FilmScan",
    "FilmStarted",
    "FilmWait",
]


@dataclass(frozen=True)
class FilmScan:
    """The first pass, which looks for cuts and counts the frames, has come so far.

    Attributes:
        frames: that it has seen.
        expected: how many there are, as the file says; 0 where it does not.
        seconds: since it began.
        looked: how often it was told of a frame, also of one that is not painted, as those before
            the start.
        length: of what it has seen of the part that is painted, in seconds.
    """

    frames: int
    expected: int
    seconds: float
    looked: int = 0
    length: float = 0.0


@dataclass(frozen=True)
class FilmStarted:
    """Painting begins, or goes on.

    Attributes:
        frames: of the whole film; 0 for a live one, which nobody has counted.
        shots: how many there are between its cuts; 0 for a live one, or where nobody said.
        shape: (height, width) of each painted frame, in px.
        done: frames that were painted before a stop, and are not painted again.
        method: name of the method that paints.
        jobs: how many shots are painted at once.
        notes: what a person may not expect of the film, in a sentence each.
    """

    frames: int
    shots: int
    shape: tuple[int, int]
    done: int = 0
    method: str = "one-pass"
    jobs: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FilmWait:
    """Frames before the next one to paint are read: in some files there is no way to jump to it.

    Attributes:
        seconds: since painting began.
    """

    seconds: float


@dataclass(frozen=True)
class FilmFrame:
    """A frame is painted.

    Attributes:
        number: of the frames that are painted, from 1.
        frames: of the whole film; 0 for a live one.
        time: of the frame in the film, in seconds.
        seconds: since painting began, what was painted before a stop left out.
        pixels: (H, W, 3), uint8, sRGB, every few seconds where previews are asked for; else None.
    """

    number: int
    frames: int
    time: float
    seconds: float
    pixels: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class FilmNote:
    """Something that a person should know, in one sentence."""

    line: str


@dataclass(frozen=True)
class FilmFinished:
    """The film is written.

    Attributes:
        path: of the file or folder; None where frames went to a pipe.
        frames: that it has.
        shape: (height, width) of each, in px.
        seconds: that painting took, what was done before a stop left out.
        length: of the film, in seconds.
    """

    path: Path | None
    frames: int
    shape: tuple[int, int]
    seconds: float
    length: float


FilmEvent: TypeAlias = FilmScan | FilmStarted | FilmWait | FilmFrame | FilmNote | FilmFinished
