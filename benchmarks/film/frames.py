"""Films as frames and back, for measuring alone: no sound, no timestamps.

Letters used for shapes: H height, W width.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from impasto.files import replacing
from impasto.media.film import FilmReader, probe

__all__ = ["Pixels", "fitted", "rate_of", "read", "write"]

Pixels = NDArray[np.uint8]
"""A frame, (H, W, 3), sRGB."""

BT601 = 6  # ITU-T H.273's number
NEAR_LOSSLESS = 8  # x264's crf at which what is made here is no worse than a camera's own file


def read(path: Path, *, longest: int | None = None) -> Iterator[Pixels]:
    """The frames of a film, one after the other.

    Args:
        path: any file that FFmpeg reads.
        longest: longest side in px; a film that has more is scaled down to it.

    Raises:
        FilmError: the file cannot be read, or has no picture in it.
    """
    with FilmReader(path, threads=1) as reader:
        for frame in reader:
            yield fitted(frame.pixels, longest)


def fitted(frame: Pixels, longest: int | None) -> Pixels:
    """A frame with at most `longest` px on its longer side, each the mean of those below it.

    Example:
        >>> fitted(np.zeros((540, 960, 3), np.uint8), 640).shape
        (360, 640, 3)
    """
    height, width, _ = frame.shape
    if longest is None or max(height, width) <= longest:
        return frame
    scale = longest / max(height, width)
    size = round(width * scale), round(height * scale)
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def rate_of(path: Path) -> Fraction:
    """Frames a second, on average.

    Raises:
        FilmError: the file cannot be read, or has no picture in it.
    """
    return probe(path).rate


def write(
    path: Path,
    frames: Iterable[Pixels],
    rate: Fraction,
    *,
    crf: int = NEAR_LOSSLESS,
    threads: int = 1,
) -> int:
    """Write an H.264 film, whole or not at all.

    Args:
        path: the MP4 file; its folder exists.
        frames: of one size, at least one, height and width even.
        rate: frames a second.
        crf: x264's quality, from 0, lossless, to 51.
        threads: of the encoder.

    Returns:
        How many frames there were.
    """
    count = 0
    with replacing(path) as draft, av.open(str(draft), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": str(crf)})
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = threads
        # The matrix of the scaler, and the only one that OpenCV, with which the peer reads, knows.
        stream.codec_context.colorspace = BT601
        for pixels in frames:
            if not count:
                stream.height, stream.width = pixels.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
            count += 1
        container.mux(stream.encode(None))
    return count
