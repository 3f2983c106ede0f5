"""A film's frames, one after the other, with the times at which they are shown."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from impasto.media.fields import whole_frames
from impasto.media.frame import FilmInfo
from impasto.media.probe import MAX_MEGAPIXELS, describe, limit_size
from impasto.media.pyav import (
    clock_jumps,
    decoded,
    film_stream,
    load,
    open_file,
    origin_of,
    seconds_of,
)
from impasto.media.source import Source
from impasto.media.times import Steady, Timed, durations
from impasto.media.upright import upright_pixels

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = ["FilmReader"]

_THREADS = 2  # of the decoder
# Containers that list where their frames lie, so that a jump lands where it says.
_INDEXED = ("mov", "matroska", "avi")
_RUN_UP = Fraction(2)  # seconds of film decoded before `start`, so that references are whole
_WORTH = Fraction(5)  # seconds below which reading from the beginning costs no more


class FilmReader(Source):
    """The frames of a film, upright, in sRGB, of square pixels.

    Each loop over it reads the film anew. A cut or damaged film gives what is there, and `notes`
    say so at the end. Memory does not depend on the film's length.

    Args:
        path: of the film.
        start, end: seconds from its first picture: frames shown from `start` on and before `end`.
            The frames are the very ones that reading from 0 gives there.
        rate: frames a second to read at, on a grid that begins at 0: each is the one shown at
            that time. None for the film's own frames and times.
        max_megapixels: of a frame, above which none is decoded.
        threads: of the decoder; the frames are the same with any number.

    Raises:
        FilmError: what `probe` refuses, `start` not before `end` or after the film's end, a rate
            out of bounds.
        MissingPackageError: the extra `video` is not installed.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        start: Fraction | None = None,
        end: Fraction | None = None,
        rate: Fraction | None = None,
        max_megapixels: float = MAX_MEGAPIXELS,
        threads: int = _THREADS,
    ) -> None:
        self.max_megapixels, self.threads = max_megapixels, threads
        self._containers: list[InputContainer] = []
        super().__init__(path, start=start, end=end, rate=rate)

    def _described(self) -> FilmInfo:
        with open_file(self.path) as container:
            return describe(container, self.path, self.max_megapixels)

    def close(self) -> None:
        """Ends all loops over the film."""
        while self._containers:
            self._containers.pop().close()

    def _converter(self) -> Callable[[Any], NDArray[np.uint8]]:
        from av.video.reformatter import VideoReformatter

        shape = self.info.height, self.info.width
        return partial(upright_pixels, scaler=VideoReformatter(), shape=shape)

    def _frames(self) -> Iterator[Timed | None]:
        target = (self.start or Fraction(0)) - _RUN_UP
        if target > _WORTH:
            frames = self._from(target)
            for frame in frames:
                # A jump that went too far, or nowhere, is no jump.
                if frame is not None and frame.time > target + _RUN_UP / 2:
                    break
                yield frame
                if frame is not None:
                    yield from frames
                    return
            frames.close()
        yield from self._from(None)

    def _from(self, target: Fraction | None) -> Generator[Timed | None]:
        container = open_file(self.path)
        self._containers.append(container)
        try:
            stream = film_stream(container, self.name)
            limit_size(stream, self.name, self.max_megapixels)
            if target is not None and not _jump(container, stream, target):
                return
            yield from durations(self._decoded(container, stream), 1 / self.info.rate)
        finally:
            if container in self._containers:
                self._containers.remove(container)
                container.close()

    def _decoded(
        self, container: InputContainer, stream: VideoStream
    ) -> Iterator[tuple[VideoFrame, Fraction, Fraction] | None]:
        """Frames, times and durations (0 unknown); times rise. None for one that is left out."""
        stream.thread_type = "AUTO"
        stream.thread_count = self.threads
        damage = _Damage()
        clock = Steady(jumps=clock_jumps(container))
        origin, usual = origin_of(stream), 1 / self.info.rate
        ends = self.info.seconds if stream.duration else Fraction(0)
        last: Fraction | None = None
        end = Fraction(0)
        frames = decoded(container, stream, damage.count, damage.reach)
        if self.info.interlaced and stream.time_base is not None:
            frames = whole_frames(frames, stream.time_base)
        for frame in frames:
            duration = seconds_of(frame.duration or 0, frame.time_base)
            if frame.pts is not None:
                time = clock.at(seconds_of(frame.pts, frame.time_base) - origin, duration or usual)
            else:
                time = Fraction(0) if last is None else last + usual
            if last is not None and time <= last:
                damage.late += 1
                yield None
                continue
            if damage.at_end and ends > time:
                # A film that is whole ends when it says: a packet's duration is that of decoding.
                duration = ends - time
            last, end = time, time + (duration or usual)
            yield frame, time, duration
        damage.jumps = clock.count
        self._say(damage, end)

    def _say(self, damage: _Damage, end: Fraction) -> None:
        """Notes what was met on the way to the end."""
        if damage.broken:
            parts = "a part" if damage.broken == 1 else f"{damage.broken} parts"
            self._note(f"{self.name} is damaged: {parts} of it could not be read")
        if damage.late:
            frames = "one frame is" if damage.late == 1 else f"{damage.late} frames are"
            self._note(f"{frames} left out of {self.name}, shown no later than the one before")
        if damage.jumps:
            self._note(f"the clock of {self.name} jumps: its frames are taken to go on at once")
        missing = self.info.seconds - end
        if not damage.at_end and missing > max(3 / self.info.rate, self.info.seconds / 50):
            self._note(
                f"the pictures of {self.name} end at {float(end):.1f} s of "
                f"{float(self.info.seconds):.1f} s: the file is cut, or its sound goes on longer"
            )


@dataclass
class _Damage:
    """What was met in a film that should not be there."""

    broken: int = 0  # parts that could not be decoded
    late: int = 0  # frames shown no later than the one before
    jumps: int = 0  # of its clock
    at_end: bool = False  # whether the last packet was read, where its file says which that is

    def count(self) -> None:
        self.broken += 1

    def reach(self) -> None:
        self.at_end = True


def _jump(container: InputContainer, stream: VideoStream, target: Fraction) -> bool:
    """Goes to a frame that needs none before it, at or before a time; False where none is sure."""
    av = load("a film")
    known = any(name in _INDEXED for name in container.format.name.split(","))
    if not known or stream.time_base is None or stream.start_time is None:
        return False
    try:
        container.seek(stream.start_time + int(target / stream.time_base), stream=stream)
    except av.error.FFmpegError:
        return False
    return True
