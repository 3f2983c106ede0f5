"""The films that are painted: those of a folder, and three that are made of them and of samples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain, cycle, islice
from pathlib import Path

import cv2
import numpy as np

from benchmarks.film import frames
from benchmarks.film.card import RATE, Card
from benchmarks.film.frames import Pixels
from impasto import imaging
from impasto.errors import InputError, UnknownNameError
from impasto.samples import content

__all__ = ["MADE", "Clip", "back_and_forth", "collect", "covering"]

SUFFIXES = {".avi", ".m4v", ".mkv", ".mov", ".mp4", ".webm"}
MADE = ("card", "cut", "long")
"""Names of those that are made."""
SHOT = 45  # frames of each shot of the cut


@dataclass(frozen=True, eq=False)
class Clip:
    """A film that is painted.

    Attributes:
        name: its own among all.
        path: the file.
        rate: frames a second, on average.
        cuts: numbers from 0 of the frames that begin a new shot, the first left out.
        card: the card that moves in it, whose motion is known.
        period: frames after which it plays once more, if it goes on for so long that drift shows.
        number: its place among all clips, from 0, whichever of them are taken.
    """

    name: str
    path: Path
    rate: Fraction
    cuts: tuple[int, ...] = ()
    card: Card | None = None
    period: int | None = None
    number: int = 0


def collect(
    folders: Iterable[Path],
    work: Path,
    *,
    longest: int,
    seconds: float,
    names: Sequence[str] | None = None,
) -> list[Clip]:
    """All clips, made where they are not there yet.

    Args:
        folders: of films; the first two in the order of their names are what others are made of.
        work: folder of those that are made.
        longest: longest side in px of those that are made.
        seconds: of the long one, at the rate of the film that it repeats.
        names: which clips, in this order; all if left out.

    Raises:
        InputError: fewer than two films, two of one name, or one that cannot be read.
        UnknownNameError: a name that no clip has.
    """
    films: dict[str, Path] = {}
    for path in chain.from_iterable(_films(folder) for folder in folders):
        if path.stem in {*films, *MADE}:
            raise InputError(f"{path} has the name of another clip: rename it")
        films[path.stem] = path
    if len(films) < 2:
        raise InputError(f"--clips has {len(films)} films, and a cut takes two: add one")
    first, second, *_ = films.values()
    makers: dict[str, Callable[[], Clip]] = {
        "card": lambda: _card(work / f"card-{longest}.mp4", longest),
        "cut": lambda: _cut(work / f"cut-{longest}.mp4", first, second, longest),
        "long": lambda: _long(work / f"long-{longest}-{seconds:g}s.mp4", first, longest, seconds),
    }
    known = [*films, *makers]
    for name in names or ():
        if name not in known:
            raise UnknownNameError("clip", name, known)
    work.mkdir(parents=True, exist_ok=True)
    clips = []
    for name in names or known:
        file = films.get(name)
        clip = Clip(name, file, frames.rate_of(file)) if file else makers[name]()
        clips.append(replace(clip, number=known.index(name)))
    return clips


def covering(frame: Pixels, height: int, width: int) -> Pixels:
    """The middle of a frame, scaled until it covers a window.

    Example:
        >>> covering(np.zeros((300, 300, 3), np.uint8), 360, 640).shape
        (360, 640, 3)
    """
    scale = max(height / frame.shape[0], width / frame.shape[1])
    size = max(width, round(frame.shape[1] * scale)), max(height, round(frame.shape[0] * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = np.asarray(cv2.resize(frame, size, interpolation=way), np.uint8)
    top, left = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return large[top : top + height, left : left + width]


def back_and_forth(count: int) -> list[int]:
    """Numbers of the frames of one period, neither end of the clip twice.

    Args:
        count: frames of the clip.

    Example:
        >>> back_and_forth(4)
        [0, 1, 2, 3, 2, 1]
    """
    return [*range(count), *range(count - 2, 0, -1)]


def _films(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise InputError(f"{folder} cannot be read ({error.strerror}): check it") from None


def _window(longest: int) -> tuple[int, int]:
    """Height and width of what is made: 16 to 9, both even."""
    return 2 * round(longest * 9 / 32), 2 * (longest // 2)


def _card(path: Path, longest: int) -> Clip:
    height, width = _window(longest)
    ground, card = (imaging.read(content(name)).pixels for name in ("coffee", "chelsea"))
    film = Card(
        covering(ground, height, width),
        covering(card, height // 3, width // 4),
        step=max(1, width // 80),
    )
    if not path.exists():
        frames.write(path, film.frames(), RATE)
    return Clip("card", path, RATE, card=film)


def _cut(path: Path, first: Path, second: Path, longest: int) -> Clip:
    rate, window = frames.rate_of(first), _window(longest)
    if not path.exists():
        shots = (islice(frames.read(film), SHOT) for film in (first, second))
        fitted = (covering(frame, *window) for frame in chain.from_iterable(shots))
        if (count := frames.write(path, fitted, rate)) < 2 * SHOT:
            path.unlink()
            raise InputError(
                f"{first} and {second} make a cut of {count} frames, and it takes {SHOT} of each: "
                "give longer films"
            )
    return Clip("cut", path, rate, cuts=(SHOT,))


def _long(path: Path, film: Path, longest: int, seconds: float) -> Clip:
    rate = frames.rate_of(film)
    once = list(_even(frames.read(film, longest=longest)))
    order = back_and_forth(len(once))
    if not path.exists():
        numbers = islice(cycle(order), round(seconds * rate))
        frames.write(path, (once[number] for number in numbers), rate)
    return Clip("long", path, rate, period=len(order))


def _even(pictures: Iterable[Pixels]) -> Iterator[Pixels]:
    """Frames without the last row or column of an odd number, which H.264 cannot hold."""
    for frame in pictures:
        yield frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]
