"""Animated pictures: GIF, WebP and APNG, in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageSequence, UnidentifiedImageError

from impasto.errors import FilmError, OutputError, reason_of
from impasto.media.animation_coders import CODERS
from impasto.media.frame import FilmInfo, Frame
from impasto.media.ground import clear_note, on_white
from impasto.media.sink import FileSink
from impasto.media.source import Source
from impasto.media.times import Timed, durations
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


class AnimationReader(Source):
    """The frames of an animated picture, whole, on white where they are transparent.

    Args:
        path: of a GIF, WebP or APNG.
        start, end, rate: as for `FilmReader`.
        clear: whether frames stay transparent, (H, W, 4), where they are.

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
        clear: bool = False,
    ) -> None:
        self.clear = clear
        super().__init__(path, start=start, end=end, rate=rate)

    @staticmethod
    def is_animated(path: str | Path) -> bool:
        """Whether a picture has more than one frame; one that cannot be read has not."""
        try:
            with Image.open(path) as picture:
                return _is_animated(picture)
        except (OSError, ValueError, SyntaxError):
            return False

    def _described(self) -> FilmInfo:
        with self._opened() as picture:
            if not _is_animated(picture):
                raise FilmError(
                    f"{self.name} is a single picture, not a film: impasto stylize paints it"
                )
            width, height = picture.size
            kind, clear = (picture.format or "").lower(), _is_clear(picture)
        if clear and not self.clear:
            self._note(clear_note(self.name))
        # Some formats say how long a frame is shown only where it is decoded.
        times = [duration for _, _, duration in self._decoded()]
        if not times:
            raise FilmError(f"{self.name} has no frame that can be decoded: it is cut or damaged")
        seconds = sum(times, Fraction(0))
        return FilmInfo(
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

    def _opened(self) -> Image.Image:
        try:
            return Image.open(self.path)
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise FilmError(
                f"{self.name} cannot be read ({reason_of(error)}): give an animated picture"
            ) from None

    def _frames(self) -> Iterator[Timed | None]:
        return durations(self._decoded(), 1 / self.info.rate)

    def _converter(self) -> Callable[[Any], NDArray[np.uint8]]:
        return np.asarray  # they are pixels already

    def _decoded(self) -> Iterator[tuple[NDArray[np.uint8], Fraction, Fraction]]:
        time = Fraction(0)
        with self._opened() as picture:
            frames = iter(ImageSequence.Iterator(picture))
            while True:
                try:
                    frame = next(frames, None)
                    if frame is None:
                        return
                    pixels = _pixels(frame, clear=self.clear)
                except (OSError, SyntaxError, ValueError, EOFError) as error:
                    at, reason = f"{float(time):.1f} s", reason_of(error)
                    self._note(f"{self.name} is damaged after {at} ({reason})")
                    return
                duration = _duration(picture)
                yield pixels, time, duration
                time += duration


def _duration(picture: Image.Image) -> Fraction:
    milliseconds = picture.info.get("duration") or 0
    exact = Fraction(milliseconds).limit_denominator(1000) / 1000
    return exact if milliseconds >= _SHORTEST / 2 else _UNSAID


def _is_animated(picture: Any) -> bool:
    return getattr(picture, "n_frames", 1) > 1


def _is_clear(frame: Image.Image) -> bool:
    """Whether something is seen through a frame."""
    return frame.has_transparency_data and np.array(frame.convert("RGBA"))[..., 3].min() < 255


def _pixels(frame: Image.Image, *, clear: bool) -> NDArray[np.uint8]:
    if not frame.has_transparency_data:
        return np.array(frame.convert("RGB"))
    pixels = np.array(frame.convert("RGBA"))
    return pixels if clear else on_white(pixels[..., :3], pixels[..., 3])


class AnimationWriter(FileSink):
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
        if Path(path).suffix.lower() not in ANIMATIONS:
            raise OutputError(
                f"{format_path(path)} is no animated picture: end it in {', '.join(ANIMATIONS)}"
            )
        self._quality = quality
        self._start: Fraction | None = None
        self._tick, self._late = -1, 0
        super().__init__(path, shape)

    def _begin(self, draft: Path, opening: ExitStack) -> None:
        coder = CODERS[ANIMATIONS[self.path.suffix.lower()]]
        self._coder = coder(draft, self.shape, self._quality)
        opening.callback(self._coder.stop)

    def _take(self, frame: Frame) -> None:
        if self._start is None:
            self._start = frame.time
        tick = round((frame.time - self._start) * self._coder.clock)
        if tick <= self._tick:
            self._late += 1
            return
        self._tick = tick
        self._coder.add(frame, tick)

    def _finish(self) -> None:
        self._coder.finish()
        if self._late:
            frames = "one frame is" if self._late == 1 else f"{self._late} frames are"
            shortest = f"{1000 / self._coder.clock:g} ms"
            self.notes.append(
                f"{frames} left out of {self.name}, whose frames are shown for {shortest} at least"
            )
