"""Numbered pictures: a folder or a pattern such as `frame-%04d.png`, in and out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import FilmError, ImpastoError, OutputError, reason_of
from impasto.files import replacing
from impasto.imaging.codecs.formats import by_suffix
from impasto.imaging.read import read
from impasto.media.frame import FilmInfo, Frame
from impasto.media.ground import clear_note, on_white
from impasto.media.sink import Sink, writing
from impasto.media.source import Source
from impasto.media.times import Timed
from impasto.text import format_path

__all__ = ["SequenceReader", "SequenceWriter", "is_pattern", "pictures_of"]

USUAL_RATE = Fraction(25)
PATTERN = "frame-%06d.png"
_NUMBER = re.compile(r"%0?(\d*)d")


def is_pattern(path: str | Path) -> bool:
    """Whether a path names numbered files, as `frame-%04d.png` does.

    Example:
        >>> is_pattern("out/frame-%04d.png"), is_pattern("100%.png")
        (True, False)
    """
    return len(_NUMBER.findall(Path(path).name)) == 1


def pictures_of(path: str | Path) -> list[Path]:
    """The pictures of a folder, or those that fit a pattern, in the order of their numbers.

    Raises:
        FilmError: there are none.
    """
    path = Path(path)
    name = format_path(path)
    if is_pattern(path):
        before, after = _NUMBER.split(path.name)[::2]
        fits = re.compile(rf"{re.escape(before)}\d+{re.escape(after)}").fullmatch
        files = [p for p in _files(path.parent) if fits(p.name)]
    else:
        files = [p for p in _files(path) if by_suffix(p) is not None]
    if not files:
        raise FilmError(f"{name} holds no pictures: give a folder of them, or a film")
    return sorted(files, key=_in_order)


def _files(folder: Path) -> list[Path]:
    try:
        return [p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")]
    except OSError as error:
        raise FilmError(
            f"{format_path(folder)} cannot be read ({reason_of(error)}): give a folder of pictures"
        ) from None


def _in_order(path: Path) -> list[tuple[int, str]]:
    """A key by which 2 stands before 10."""
    parts = re.findall(r"\d+|\D+", path.name)
    return [(int(part), "") if part.isdecimal() else (-1, part.lower()) for part in parts]


class SequenceReader(Source):
    """Numbered pictures as the frames of a film; one of them in memory at a time.

    They are on white where they are transparent.

    Args:
        path: a folder or a pattern.
        start, end: as for `FilmReader`.
        rate: frames a second; 25 unless given. It is that of the pictures: none is left out.
        clear: whether they stay transparent, (H, W, 4), where they are.

    Raises:
        FilmError: no pictures, one that cannot be read, or a span without frames.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction | None = None,
        clear: bool = False,
    ) -> None:
        self.files, self.clear = pictures_of(path), clear
        super().__init__(path, start=start, end=end, rate=rate)

    def _described(self) -> FilmInfo:
        height, width = self._pixels(self.files[0], None).shape[:2]
        count, rate = len(self.files), self.rate or USUAL_RATE
        return FilmInfo(
            self.path,
            height,
            width,
            rate,
            frames=count,
            seconds=count / rate,
            codec=self.files[0].suffix.lower().lstrip("."),
            notes=tuple(self.notes),
        )

    def _frames(self) -> Iterator[Timed]:
        rate = self.info.rate
        return (Timed(path, n / rate, 1 / rate) for n, path in enumerate(self.files))

    def _converter(self) -> Callable[[Any], NDArray[np.uint8]]:
        return partial(self._pixels, shape=(self.info.height, self.info.width))

    def _pixels(self, path: Path, shape: tuple[int, int] | None) -> NDArray[np.uint8]:
        try:
            picture = read(path)
        except ImpastoError as error:
            raise FilmError(str(error)) from error
        if shape is not None and (picture.height, picture.width) != shape:
            raise FilmError(
                f"{format_path(path)} is {picture.height} x {picture.width} px, the first picture "
                f"{shape[0]} x {shape[1]}: give pictures of one size"
            )
        pixels = _eight_bits(picture.pixels)
        if picture.alpha is None:
            return pixels
        if self.clear:
            return np.dstack([pixels, _eight_bits(picture.alpha)])
        self._note(clear_note(self.name))
        return on_white(pixels, _eight_bits(picture.alpha))


def _eight_bits(samples: NDArray[Any]) -> NDArray[np.uint8]:
    return samples if samples.dtype == np.uint8 else (samples // 257).astype(np.uint8)


class SequenceWriter(Sink):
    """Frames as numbered pictures, from 1 on, each written whole or not at all.

    Where it replaces pictures of an older, longer film, those above its own last one go at the
    end, and `notes` say so.

    Args:
        path: a pattern, whose suffix is the format, or a folder, for `frame-000001.png` and so on;
            its folder is made.
        first: number of the first.

    Raises:
        OutputError: no format of pictures, or a place that cannot be written.
    """

    def __init__(self, path: str | Path, *, first: int = 1) -> None:
        path = Path(path)
        self.path = path if is_pattern(path) else path / PATTERN
        self.number, self.notes = first, list[str]()
        self._replaces = False
        kind = by_suffix(self.path)
        if kind is None or not kind.writes:
            raise OutputError(
                f"{format_path(self.path)}: give numbered pictures a suffix like .png"
            )
        with writing(self.path.parent):
            self.path.parent.mkdir(parents=True, exist_ok=True)

    def add(self, frame: Frame) -> None:
        """Writes the next picture.

        Raises:
            OutputError: the disk is full.
        """
        path = self._place(self.number)
        self._replaces |= path.exists()
        with writing(path), replacing(path) as draft:
            Image.fromarray(frame.pixels).save(draft, **_quality(path))
        self.number += 1

    def close(self) -> None:
        """Takes away what is left of an older film.

        Raises:
            OutputError: it cannot be taken away.
        """
        surplus = self._surplus() if self._replaces else []
        self._replaces = False
        for path in surplus:
            with writing(path):
                path.unlink(missing_ok=True)
        if surplus:
            pictures = "one picture" if len(surplus) == 1 else f"{len(surplus)} pictures"
            self.notes.append(
                f"{pictures} of an older film that went on longer are taken away from "
                f"{format_path(self.path.parent)}"
            )

    def _surplus(self) -> list[Path]:
        """Pictures with higher numbers than the last, named as this writer would name them."""
        before, after = _NUMBER.split(self.path.name)[::2]
        numbered = re.compile(rf"{re.escape(before)}(\d+){re.escape(after)}")
        found = ((path, numbered.fullmatch(path.name)) for path in _files(self.path.parent))
        numbers = [(int(match[1]), path) for path, match in found if match]
        return [p for n, p in sorted(numbers) if n >= self.number and p == self._place(n)]

    def _place(self, number: int) -> Path:
        return self.path.with_name(self.path.name % number)


def _quality(path: Path) -> dict[str, Any]:
    if path.suffix.lower() == ".png":
        return {"compress_level": 3}
    return {"quality": 95, "subsampling": 0} if path.suffix.lower() in (".jpg", ".jpeg") else {}
