"""One part of a film in a file of its own: its pictures alone, coded, at exact times."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from fractions import Fraction
from math import lcm
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.media.codec import CodecName, check_codec
from impasto.media.colour import from_pixels, tag
from impasto.media.continued import Continued
from impasto.media.frame import Frame
from impasto.media.pyav import load, refusals
from impasto.media.sink import FileSink

__all__ = ["SegmentWriter"]

_CLOCK = 90_000  # ticks a second, which most cameras count in, or in parts of them
_MOST_TICKS = 1_000_000
# The first picture of a part that goes on from another takes so many times its bits: else its own
# errors would be seen beside those of the picture before it.
_FINER = 4


def ticks_of(rate: Fraction) -> int:
    """Ticks a second of the clock on which a film of this rate is written.

    Frames of constant rate fall on whole ticks, and so do most that have times of their own.

    Example:
        >>> ticks_of(Fraction(25)), ticks_of(Fraction(24_000, 1001))
        (90000, 360000)
    """
    ticks = lcm(_CLOCK, rate.numerator)
    return ticks if ticks <= _MOST_TICKS else _CLOCK  # the average of unequal times


class SegmentWriter(FileSink):
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
        after: (H, W, 3), the last picture of the part before this one, as it is decoded; this part
            begins as that one ended. None for a part that begins anew.

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
        after: NDArray[np.uint8] | None = None,
    ) -> None:
        self.kind = check_codec(codec)
        goes_on = after is not None and self.kind.predicts
        self._continued = Continued(after) if goes_on and after is not None else None
        self._rate, self._crf, self._threads = rate, crf, threads
        self._clock = ticks_of(rate)
        self._padding = tuple(
            -side % unit for side, unit in zip(shape, self.kind.even, strict=True)
        )
        self._scaler = load("a film").video.reformatter.VideoReformatter()
        super().__init__(path, shape)
        self.notes += _padding_notes(shape, self._padding, codec)

    def _begin(self, draft: Path, opening: ExitStack) -> None:
        av, options = load("a film"), self._exactly()
        with refusals():
            self._container = av.open(
                str(draft), "w", format=self.kind.container, container_options=options
            )
        self._container.flags |= av.container.Flags.bitexact.value
        opening.callback(self._let_go)
        self._stream = self._encoder()

    def _exactly(self) -> dict[str, str]:
        """Options by which a container keeps times as they are."""
        if self.kind.container == "mov":
            return {"movie_timescale": str(self._clock), "video_track_timescale": str(self._clock)}
        # Times of decoding may be negative; moving them would move the pictures.
        return {"avoid_negative_ts": "disabled"}

    def _encoder(self) -> Any:
        options = dict(self.kind.options)
        if self.kind.encoder == "libx264":
            options["crf"] = str(self._crf)
            if self._continued is not None:
                options["x264-params"] += f":zones=0,0,b={_FINER}"
        stream = self._container.add_stream(
            self.kind.encoder, rate=self._rate.limit_denominator(100_000), options=options
        )
        height, width = (s + more for s, more in zip(self.shape, self._padding, strict=True))
        stream.width, stream.height, stream.pix_fmt = width, height, self.kind.layout
        context = stream.codec_context
        context.time_base = Fraction(1, self._clock)
        context.thread_count = self._threads
        context.thread_type = "FRAME"  # slices, the other way, cost quality
        tag(context, rgb=self.kind.layout == "bgr0")
        return stream

    def _take(self, frame: Frame) -> None:
        """Its time is rounded to the clock, its duration is the next one's time."""
        pixels = frame.pixels
        if self._continued is not None:
            pixels = self._continued.next(pixels)
        picture = from_pixels(self._padded(pixels), self.kind.layout, self._scaler)
        picture.pts = round(frame.time * self._clock)
        picture.time_base = Fraction(1, self._clock)
        self._write(picture)

    def _finish(self) -> None:
        self._write(None)
        with refusals():
            self._container.close()

    def _let_go(self) -> None:
        with suppress(OSError), refusals():  # which was told before
            self._container.close()

    def _write(self, picture: Any) -> None:
        with refusals():
            for packet in self._stream.encode(picture):
                self._container.mux(packet)

    def _padded(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        below, right = self._padding
        if not (below or right):
            return pixels
        return np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="edge")


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
