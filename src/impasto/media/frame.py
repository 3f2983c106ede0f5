"""What a film is made of inside: frames with their times, and what is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["FilmInfo", "Frame"]


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
