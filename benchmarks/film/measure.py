"""All that is read off the paintings of a clip, frame by frame beside the photographs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.film import frames
from benchmarks.film.clips import Clip
from benchmarks.film.frames import Pixels
from benchmarks.film.ghost import Ghost
from benchmarks.film.motion import estimated, flow
from benchmarks.film.steadiness import Deviation, Warping, flow_difference, lab, slope
from benchmarks.film.style import StyleReader
from benchmarks.time_to_quality.judge import Judge
from impasto.errors import InputError

__all__ = ["FILM", "measure"]

FILM = "film"
"""The name under which the clip itself is measured, as if it were a painting."""
STILL = 2.0  # levels by which a photographed place may deviate over time and yet be still
LONG_EVERY = 5  # frames between those that are compared with the first of their shot
STYLE_EVERY = 10  # frames between those whose style is read

Frames = Mapping[str, Pixels]


def measure(
    clip: Clip,
    paintings: Mapping[str, Path],
    *,
    longest: int,
    judge: Judge,
    style: Path,
    own_style: frozenset[str] = frozenset(),
) -> dict[str, dict[str, Any]]:
    """Measure a clip and its paintings.

    Args:
        clip: what was painted.
        paintings: films by contender.
        longest: longest side of the paintings in px, to which the clip is scaled down.
        judge: that reads styles.
        style: the picture.
        own_style: contenders whose style is no picture, so that none can be read.

    Returns:
        By contender, and for the clip itself under `FILM`: `frames`; `warp_short` and `warp_long`,
        see `Warping`, of neighbours and against the first of the shot; `tof` in px; `still`, the
        mean deviation over time in levels where the photographs are still, and `still_share` of
        places that are; `style`, the mean distance; where there is a card `ghost` by age; where
        the clip repeats itself `drift` of L, a and b in levels a minute, each with its half
        interval. What cannot be measured is None.

    Raises:
        InputError: a painting is not of the clip's size or number of frames.
    """
    names = [FILM, *paintings]
    motion = {name: _InMotion() for name in names}
    still = _Still(names)
    colours: dict[str, list[Any]] = {name: [] for name in names}
    styles: dict[str, list[float]] = defaultdict(list)
    ghosts = {name: Ghost(clip.card) for name in names} if clip.card else {}
    starts = {0, *clip.cuts}
    start = count = 0
    first: Frames = {}
    before: Frames = {}
    reader: StyleReader | None = None
    for number, now in enumerate(_together(clip, paintings, longest)):
        if number in starts:
            start, first = number, now
            still.begin_shot()
        elif not clip.period:
            _compare(motion, clip, (number - 1, before), (number, now), long=False)
            if (number - start) % LONG_EVERY == 0:
                _compare(motion, clip, (start, first), (number, now), long=True)
        still.add(now)
        if number % STYLE_EVERY == 0:
            reader = reader or StyleReader(judge, style, now[FILM].shape[:2])
            for name in names:
                if name not in own_style:
                    styles[name].append(reader(now[name]))
        for name, frame in now.items():
            if clip.period:
                colours[name].append(lab(frame))
            if ghosts:
                ghosts[name].add(frame)
        before, count = now, number + 1
    still.end_shot()
    results = {}
    for name in names:
        results[name] = {
            "frames": count,
            **motion[name].result(),
            **still.result(name),
            "style": float(np.mean(styles[name])) if styles[name] else None,
            "ghost": ghosts[name].result() if ghosts else None,
            "drift": _drift(colours[name], clip) if clip.period else None,
        }
    return results


class _InMotion:
    """Measures of a film that follow the motion."""

    def __init__(self) -> None:
        self.short, self.long = Warping(), Warping()
        self.flows: list[float] = []

    def result(self) -> dict[str, float | None]:
        return {
            "warp_short": self.short.result(),
            "warp_long": self.long.result(),
            "tof": float(np.mean(self.flows)) if self.flows else None,
        }


def _compare(
    motions: Mapping[str, _InMotion],
    clip: Clip,
    earlier: tuple[int, Frames],
    later: tuple[int, Frames],
    *,
    long: bool,
) -> None:
    """Compare two frames of every film by the motion of the clip's own."""
    (number, before), (other, now) = earlier, later
    card = clip.card
    motion = card.motion(number, other) if card else estimated(before[FILM], now[FILM])
    photographed = None if long else flow(before[FILM], now[FILM])
    for name, measures in motions.items():
        (measures.long if long else measures.short).add(before[name], now[name], motion)
        if photographed is not None:
            painted = flow(before[name], now[name])
            measures.flows.append(flow_difference(painted, photographed))


class _Still:
    """Deviations in the still places of all shots, for every film."""

    def __init__(self, names: list[str]) -> None:
        self._names = names
        self._sums = dict.fromkeys(names, 0.0)
        self._still = self._places = 0
        self._shot: dict[str, Deviation] = {}

    def begin_shot(self) -> None:
        self.end_shot()
        self._shot = {name: Deviation() for name in self._names}

    def add(self, now: Frames) -> None:
        for name, deviation in self._shot.items():
            deviation.add(now[name])

    def end_shot(self) -> None:
        if not self._shot:
            return
        deviations = {name: each.result() for name, each in self._shot.items()}
        still = deviations[FILM] <= STILL
        self._still += int(still.sum())
        self._places += still.size
        for name, deviation in deviations.items():
            self._sums[name] += float(deviation[still].sum())

    def result(self, name: str) -> dict[str, float | None]:
        return {
            "still": self._sums[name] / self._still if self._still else None,
            "still_share": self._still / self._places,
        }


def _drift(colours: list[Any], clip: Clip) -> dict[str, list[float] | None]:
    assert clip.period
    values = np.stack(colours)
    slopes = [slope(values[:, axis].tolist(), float(clip.rate), clip.period) for axis in range(3)]
    return {name: each and list(each) for name, each in zip("Lab", slopes, strict=True)}


def _together(clip: Clip, paintings: Mapping[str, Path], longest: int) -> Iterator[Frames]:
    """The frames of the clip and of all its paintings side by side."""
    films = {FILM: clip.path, **paintings}
    readers = [frames.read(path, longest=longest) for path in films.values()]
    for number, row in enumerate(zip_longest(*readers)):
        now = dict(zip(films, row, strict=True))
        for name, frame in now.items():
            if frame is None:
                raise InputError(
                    f"{films[name]} ends after {number} frames, and others go on: all paintings of "
                    "a clip must have as many as it has"
                )
            if frame.shape != row[0].shape:
                (height, width, _), (high, wide, _) = frame.shape, row[0].shape
                raise InputError(
                    f"{films[name]} is {width} x {height} px and its clip {wide} x {high} px: "
                    "paint it at that size"
                )
        yield now
