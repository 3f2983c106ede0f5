"""The frames of a film's parts, decoded again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from impasto.errors import FilmError
from impasto.media.colour import to_pixels
from impasto.media.frame import Frame
from impasto.media.pyav import open_file, seconds_of
from impasto.media.times import durations
from impasto.text import format_path

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

__all__ = ["frames_of", "last_picture"]


def frames_of(segments: Sequence[Path], *, until: Fraction | None = None) -> Iterator[Frame]:
    """Frames as `SegmentWriter` took them: the very pixels where the codec loses nothing.

    Args:
        segments: in order of time.
        until: when the last frame ends, in seconds, which parts do not say; None for the usual
            duration.

    Raises:
        FilmError: a part that cannot be read.
    """
    from av.video.reformatter import VideoReformatter

    scaler = VideoReformatter()
    decoded = durations(_decoded(segments, until), Fraction(1, 25))
    for frame, time, duration in (each for each in decoded if each is not None):
        yield Frame(to_pixels(frame, scaler, (frame.height, frame.width)), time, duration)


def last_picture(part: Path, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """What the last picture of a part shows.

    Args:
        part: written by `SegmentWriter`.
        shape: (height, width) of its frames in px, without what makes its sides even.

    Returns:
        (H, W, 3), sRGB.

    Raises:
        FilmError: it cannot be read, or has no picture.
    """
    from av.video.reformatter import VideoReformatter

    decoded = deque((frame for frame, _, _ in _decoded([part], None)), maxlen=1)
    if not decoded:
        raise FilmError(f"{format_path(part)} has no picture: paint the film again")
    (last,), (height, width) = decoded, shape
    return to_pixels(last, VideoReformatter(), (last.height, last.width))[:height, :width]


def _decoded(
    segments: Sequence[Path], until: Fraction | None
) -> Iterator[tuple[VideoFrame, Fraction, Fraction]]:
    """Frames, times, and what their durations would be if they were the last; 0 unknown."""
    for part in segments:
        with open_file(part) as container:
            stream = container.streams.video[0]
            for frame in container.decode(stream):
                time = seconds_of(frame.pts, frame.time_base)
                duration = 1 / stream.average_rate if stream.average_rate else Fraction(0)
                if until is not None and until > time:
                    duration = until - time
                yield frame, time, duration
