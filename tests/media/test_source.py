from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from impasto.media.frame import FilmInfo
from impasto.media.source import Source
from impasto.media.times import Timed


class Seconds(Source):
    """A film of ten grey frames, of a second each and as light as their number."""

    def __init__(self, **span: Fraction) -> None:
        self.made: list[int] = []
        super().__init__("film", **span)

    def _described(self) -> FilmInfo:
        rate = Fraction(1)
        return FilmInfo(Path("film"), 1, 1, rate, seconds=Fraction(10), notes=("it is grey",))

    def _frames(self) -> Iterator[Timed]:
        return (Timed(n, Fraction(n), Fraction(1)) for n in range(10))

    def _converter(self) -> Callable[[Any], np.ndarray]:
        def pixels_of(number: int) -> np.ndarray:
            self.made.append(number)
            return np.full((1, 1, 3), number, np.uint8)

        return pixels_of


def test_only_the_frames_of_a_span_get_pixels() -> None:
    film = Seconds(start=Fraction(7, 2), end=Fraction(6))
    assert [frame.time for frame in film] == [4, 5]
    assert film.made == [4, 5]
    assert film.notes == ["it is grey"]


def test_frames_before_the_start_are_named_as_they_pass() -> None:
    frames = list(Seconds(start=Fraction(2)).read())
    assert frames[:2] == [None, None]
    assert [frame.time for frame in frames if frame is not None] == list(range(2, 10))


def test_a_rate_shows_each_frame_as_often_as_it_lasts() -> None:
    frames = list(Seconds(rate=Fraction(2)))
    assert [frame.time for frame in frames] == [Fraction(n, 2) for n in range(20)]
    assert [int(frame.pixels[0, 0, 0]) for frame in frames] == [n // 2 for n in range(20)]
