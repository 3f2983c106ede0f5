"""Animated pictures: GIF, WebP and APNG, in and out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence, UnidentifiedImageError

from impasto.errors import FilmError, OutputError, reason_of
from impasto.files import replacing
from impasto.media.animation_coders import CODERS
from impasto.media.frame import FilmInfo, Frame
from impasto.media.ground import clear_note, on_white
from impasto.media.times import Timed, at_rate, check_span, durations, within
from impasto.text import format_path

__all__ = ["ANIMATIONS", "AnimationReader", "AnimationWriter", "is_animation"]

ANIMATIONS = {".gif": "GIF", ".webp": "WEBP", ".png": "PNG", ".apng": "PNG"}
"""Suffixes of animated pictures, and what Pillow calls their formats."""

_UNSAID = Fraction(1, 10)  # seconds a frame is shown whose file says nothing, as browsers do
_SHORTEST = 20  # ms: browsers show what is shorter for 100


def is_animation(path: str | Path) -> bool:
    """Whether a file is a picture in a format that can be animated, by its first bytes.

    Raises:
        OSError: it cannot be read.
    """
    with Path(path).open("rb") as file:
        head = file.read(12)
    return head[:4] in (b"GIF8", b"\x89PNG") or (head[:4] == b"RIFF" and head[8:] == b"WEBP")


class AnimationReader:
    """The frames of an animated picture, whole, on white where they are transparent.

    Args:
        path: of a GIF, WebP or APNG.
        start, end, rate: as for `FilmReader`.

    Raises:
        FilmError: a single picture, or one that cannot be read.
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
        with self._opened() as picture:
            if getattr(picture, "n_frames", 1) < 2:
                raise FilmError(
                    f"{self.name} is a single picture, not a film: impasto stylize paints it"
                )
            width, height = picture.size
            kind, clear = (picture.format or "").lower(), _is_clear(picture)
        if clear:
            self.notes.append(clear_note(self.name))
        # Some formats say how long a frame is shown only where it is decoded.
        times = [duration for _, _, duration in self._decoded()]
        if not times:
            raise FilmError(f"{self.name} has no frame that can be decoded: it is cut or damaged")
        seconds = sum(times, Fraction(0))
        self.info = FilmInfo(
            self.path,
            height,
            width,
            rate=len(times) / seconds,
            frames=len(times),
            seconds=seconds,
            variable=len(set(times)) > 1,
            codec=kind,
            notes=tuple(self.notes),
        )
        check_span(self.info, self.name, start, end, rate)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is open between loops."""

    def __iter__(self) -> Iterator[Frame]:
        return (frame for frame in self.read() if frame is not None)

    def read(self) -> Iterator[Frame | None]:
        """The frames; None for each one that is read and not shown, as those before `start`."""
        frames = self._frames()
        if self.rate is not None:
            frames = at_rate(frames, self.rate, self.start)
        for frame in within(frames, self.start, self.end):
            yield None if frame is None else Frame(frame.what, frame.time, frame.duration)

    def _opened(self) -> Image.Image:
        try:
            return Image.open(self.path)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise FilmError(
                f"{self.name} cannot be read ({reason_of(error)}): give an animated picture"
            ) from None

    def _frames(self) -> Iterator[Timed | None]:
        return durations(self._decoded(), 1 / self.info.rate)

    def _decoded(self) -> Iterator[tuple[NDArray[np.uint8], Fraction, Fraction]]:
        time = Fraction(0)
        with self._opened() as picture:
            frames = iter(ImageSequence.Iterator(picture))
            while True:
                try:
                    frame = next(frames, None)
                    if frame is None:
                        return
                    pixels = _flattened(frame)
                except (OSError, SyntaxError, ValueError, EOFError) as error:
                    note = f"{self.name} is damaged after {float(time):.1f} s ({reason_of(error)})"
                    if note not in self.notes:
                        self.notes.append(note)
                    return
                duration = _duration(picture)
                yield pixels, time, duration
                time += duration


def _duration(picture: Image.Image) -> Fraction:
    milliseconds = picture.info.get("duration") or 0
    exact = Fraction(milliseconds).limit_denominator(1000) / 1000
    return exact if milliseconds >= _SHORTEST / 2 else _UNSAID


def _is_clear(frame: Image.Image) -> bool:
    """Whether something is seen through a frame."""
    return frame.has_transparency_data and np.array(frame.convert("RGBA"))[..., 3].min() < 255


def _flattened(frame: Image.Image) -> NDArray[np.uint8]:
    if not frame.has_transparency_data:
        return np.array(frame.convert("RGB"))
    pixels = np.array(frame.convert("RGBA"))
    return on_white(pixels[..., :3], pixels[..., 3])


class AnimationWriter:
    """Frames as an animated picture that plays again and again, whole or not at all.

    GIF and APNG are written as the frames come; of WebP its coded frames are held until the end.
    Times are kept to 1/100 s in a GIF and to 1/1000 s else; of frames that begin in one such span
    the first is kept, and `notes` say so at the end.

    Args:
        path: ends in .gif, .webp, .png or .apng.
        shape: (height, width) of the frames in px.
        quality: of WebP, 1 to 100; GIF has 256 colours a frame, APNG loses nothing.

    Raises:
        OutputError: another suffix, or a place that cannot be written.
    """

    def __init__(self, path: str | Path, shape: tuple[int, int], *, quality: int = 85) -> None:
        self.name, self.notes = format_path(path), list[str]()
        suffix = Path(path).suffix.lower()
        if suffix not in ANIMATIONS:
            raise OutputError(
                f"{self.name} is no animated picture: end it in {', '.join(ANIMATIONS)}"
            )
        self.shape, self.frames = shape, 0
        self._start: Fraction | None = None
        self._tick, self._late = -1, 0
        with ExitStack() as opening:
            try:
                draft = opening.enter_context(replacing(Path(path)))
                self._coder = CODERS[ANIMATIONS[suffix]](draft, shape, quality)
            except OSError as error:
                raise self._unwritable(error) from None
            opening.callback(self._coder.stop)
            self._open = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self._open.__exit__(kind, error, trace)

    def add(self, frame: Frame) -> None:
        """Takes the next frame.

        Raises:
            FilmError: it has another size.
            OutputError: the disk is full, or the format cannot hold the frame.
        """
        if frame.pixels.shape[:2] != self.shape:
            raise FilmError(f"a frame of another size for {self.name}: give frames of one size")
        if self._start is None:
            self._start = frame.time
        tick = round((frame.time - self._start) * self._coder.clock)
        if tick <= self._tick:
            self._late += 1
            return
        self._tick = tick
        try:
            self._coder.add(frame, tick)
        except OSError as error:
            raise self._unwritable(error) from None
        self.frames += 1

    def close(self) -> None:
        """Makes the file whole, at its place.

        Raises:
            FilmError: no frame was added.
            OutputError: the disk is full.
        """
        with self._open:
            if not self.frames:
                raise FilmError(f"{self.name} would hold no frame: add one before it is closed")
            try:
                self._coder.finish()
            except OSError as error:
                raise self._unwritable(error) from None
        if self._late:
            frames = "one frame is" if self._late == 1 else f"{self._late} frames are"
            shortest = f"{1000 / self._coder.clock:g} ms"
            self.notes.append(
                f"{frames} left out of {self.name}, whose frames are shown for {shortest} at least"
            )

    def _unwritable(self, error: BaseException) -> OutputError:
        reason = reason_of(error)
        return OutputError(
            f"{self.name} cannot be written ({reason}): choose another place or make room"
        )
