"""One part of a film in a file of its own: its pictures alone, coded, at exact times."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from fractions import Fraction
from math import lcm
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from impasto.errors import FilmError, OutputError, reason_of
from impasto.files import replacing
from impasto.media.codec import CodecName, check_codec
from impasto.media.colour import from_pixels, tag
from impasto.media.frame import Frame
from impasto.media.pyav import load
from impasto.text import format_path

__all__ = ["SegmentWriter", "ticks_of"]

_CLOCK = 90_000  # ticks a second, which most cameras count in, or in parts of them
_MOST_TICKS = 1_000_000


def ticks_of(rate: Fraction) -> int:
    """Ticks a second of the clock on which a film of this rate is written.

    Frames of constant rate fall on whole ticks, and so do most that have times of their own.

    Example:
        >>> ticks_of(Fraction(25)), ticks_of(Fraction(24_000, 1001))
        (90000, 360000)
    """
    ticks = lcm(_CLOCK, rate.numerator)
    return ticks if ticks <= _MOST_TICKS else _CLOCK  # the average of unequal times


class SegmentWriter:
    """A part of a film, whole or not at all, that keeps its times exactly.

    The same frames give the same bytes on one machine. Parts of one size, rate and codec can be
    put together by `join` without coding them again.

    Args:
        path: of the part; its suffix is free.
        shape: (height, width) of the frames in px.
        rate: frames a second, on average.
        codec: "h264" (8 bits, 4:2:0), "prores" (422 HQ, 10 bits) or "ffv1" (lossless RGB).
        crf: quality of h264, from 0, the best, to 51.
        threads: of the encoder. Other numbers give other bytes.

    Attributes:
        notes: what writing changed, in a sentence each.
        frames: how many were added.

    Raises:
        OutputError: the place cannot be written.
        SettingError: no such codec.
        MissingPackageError: the extra `video` is not installed.
    """

    def __init__(
        self,
        path: str | Path,
        shape: tuple[int, int],
        *,
        rate: Fraction,
        codec: CodecName | str = "h264",
        crf: int = 18,
        threads: int = 2,
    ) -> None:
        self.name = format_path(path)
        self.kind = check_codec(codec)
        self.shape, self.frames = shape, 0
        self._clock = ticks_of(rate)
        self._padding = tuple(
            -side % unit for side, unit in zip(shape, self.kind.even, strict=True)
        )
        self.notes = _padding_notes(shape, self._padding, codec)
        av = load("a film")
        self._error: type[Exception] = av.error.FFmpegError
        self._scaler = av.video.reformatter.VideoReformatter()
        with ExitStack() as opening:
            try:
                draft = opening.enter_context(replacing(Path(path)))
                self._container = av.open(
                    str(draft),
                    "w",
                    format=self.kind.container,
                    container_options=self._exactly(),
                )
            except OSError as error:
                raise self._unwritable(error) from None
            opening.callback(self._let_go)
            self._stream = self._encoder(av, rate, crf, threads)
            self._open = opening.pop_all()

    def _exactly(self) -> dict[str, str]:
        """Options by which a container keeps times as they are."""
        if self.kind.container == "mov":
            return {"movie_timescale": str(self._clock), "video_track_timescale": str(self._clock)}
        # Times of decoding may be negative; moving them would move the pictures.
        return {"avoid_negative_ts": "disabled"}

    def _encoder(self, av: Any, rate: Fraction, crf: int, threads: int) -> Any:
        self._container.flags |= av.container.Flags.bitexact.value
        options = dict(self.kind.options)
        if self.kind.encoder == "libx264":
            options["crf"] = str(crf)
        stream = self._container.add_stream(
            self.kind.encoder, rate=rate.limit_denominator(100_000), options=options
        )
        height, width = (s + more for s, more in zip(self.shape, self._padding, strict=True))
        stream.width, stream.height, stream.pix_fmt = width, height, self.kind.layout
        context = stream.codec_context
        context.time_base = Fraction(1, self._clock)
        context.thread_count = threads
        context.thread_type = "FRAME"  # slices, the other way, cost quality
        tag(context, rgb=self.kind.layout == "bgr0")
        return stream

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
        """Takes the next frame; its time is rounded to the clock, its duration is the next one's.

        Raises:
            FilmError: it has another size.
            OutputError: the disk is full.
        """
        if frame.pixels.shape[:2] != self.shape:
            height, width = frame.pixels.shape[:2]
            raise FilmError(
                f"a frame of {height} x {width} px for {self.name}, whose frames are "
                f"{self.shape[0]} x {self.shape[1]} px: give frames of one size"
            )
        picture = from_pixels(self._padded(frame.pixels), self.kind.layout, self._scaler)
        picture.pts = round(frame.time * self._clock)
        picture.time_base = Fraction(1, self._clock)
        self._write(picture)
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
            self._write(None)
            try:
                self._container.close()
            except (self._error, OSError) as error:
                raise self._unwritable(error) from None

    def abandon(self) -> None:
        """Leaves no file."""
        error = RuntimeError("abandoned")
        self._open.__exit__(type(error), error, None)

    def _let_go(self) -> None:
        with suppress(self._error, OSError):  # which was told before
            self._container.close()

    def _write(self, picture: Any) -> None:
        try:
            for packet in self._stream.encode(picture):
                self._container.mux(packet)
        except (self._error, OSError) as error:
            raise self._unwritable(error) from None

    def _padded(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        below, right = self._padding
        if not (below or right):
            return pixels
        return np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="edge")

    def _unwritable(self, error: BaseException) -> OutputError:
        reason = reason_of(error)
        return OutputError(
            f"{self.name} cannot be written ({reason}): choose another place or make room"
        )


def _padding_notes(shape: tuple[int, int], padding: tuple[int, ...], codec: str) -> list[str]:
    if not any(padding):
        return []
    height, width = (side + more for side, more in zip(shape, padding, strict=True))
    sides = " and ".join(
        name for name, more in zip(("lowest row", "rightmost column"), padding, strict=True) if more
    )
    return [
        f"{codec} takes even sides only: {shape[1]} x {shape[0]} px become {width} x {height}, by "
        f"the {sides} once more"
    ]
