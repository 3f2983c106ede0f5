"""The frames of a film's parts, decoded again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.media.colour import to_pixels
from impasto.media.frame import Frame
from impasto.media.pyav import open_file, seconds_of
from impasto.media.times import durations

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["frames_of"]


def frames_of(segments: Sequence[Path]) -> Iterator[Frame]:
    """Frames as `SegmentWriter` took them: the very pixels where the codec loses nothing.

    Raises:
        FilmError: a part that cannot be read.
    """
    from av.video.reformatter import VideoReformatter

    scaler = VideoReformatter()
    for frame, time, duration in durations(_decoded(segments), Fraction(1, 25)):
        yield Frame(to_pixels(frame, scaler, (frame.height, frame.width)), time, duration)


def _decoded(segments: Sequence[Path]) -> Iterator[tuple[VideoFrame, Fraction, Fraction]]:
    for part in segments:
        with open_file(part) as container:
            stream = container.streams.video[0]
            for frame in container.decode(stream):
                duration = 1 / stream.average_rate if stream.average_rate else Fraction(0)
                yield frame, seconds_of(frame.pts, frame.time_base), duration
