"""Frames to a pipe: y4m, or their bytes and nothing else."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from impasto.errors import FilmError
from impasto.imaging.streams import Writable, write_all
from impasto.media.colour import UNSAID, from_pixels, matrix_of
from impasto.media.frame import Frame
from impasto.media.sink import Sink, check_shape

if TYPE_CHECKING:
    from av.video.plane import VideoPlane
    from av.video.reformatter import VideoReformatter

__all__ = ["PipeWriter"]

PIPES = ("y4m", "raw")
"""What a pipe may carry: YUV4MPEG2 in 4:2:0, or rgb24 without any header."""


class PipeWriter(Sink):
    """Frames for another program, of constant rate: times are taken to be those of the rate.

    Args:
        file: open for writing bytes; it stays open.
        format: one of `PIPES`.
        shape: (height, width) of the frames in px.
        rate: frames a second.
        name: of the pipe, for messages.

    Raises:
        FilmError: another format.
        OutputError: the other end is closed.
        MissingPackageError: the extra `video` is not installed, for y4m.
    """

    def __init__(
        self,
        file: Writable,
        format: str,
        shape: tuple[int, int],
        rate: Fraction,
        name: str = "standard output",
    ) -> None:
        if format not in PIPES:
            raise FilmError(f"{format!r} is no format of a pipe: choose {' or '.join(PIPES)}")
        self.file, self.format, self.shape, self.name = file, format, shape, name
        self.notes: list[str] = []
        self._scaler: VideoReformatter | None = None
        if format == "y4m":
            write_all(file, header(shape, rate), name)

    def add(self, frame: Frame) -> None:
        """Hands the next frame on.

        Raises:
            FilmError: it has another size.
            OutputError: the other end is closed.
        """
        check_shape(frame, self.shape, self.name)
        data = self._planes(frame.pixels) if self.format == "y4m" else frame.pixels.tobytes()
        write_all(self.file, data, self.name)

    def _planes(self, pixels: NDArray[np.uint8]) -> bytes:
        if self._scaler is None:
            from av.video.reformatter import VideoReformatter

            self._scaler = VideoReformatter()
        # Nothing in y4m names the matrix: readers go by the lines, as for any film without tags.
        picture = from_pixels(
            pixels, "yuv420p", self._scaler, matrix=matrix_of(UNSAID, self.shape[0])
        )
        return b"FRAME\n" + b"".join(map(_plane, picture.planes))


def header(shape: tuple[int, int], rate: Fraction) -> bytes:
    """The first line of a y4m.

    Example:
        >>> header((360, 640), Fraction(25))
        b'YUV4MPEG2 W640 H360 F25:1 Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\\n'
    """
    height, width = shape
    pace = f"{rate.numerator}:{rate.denominator}"
    line = f"YUV4MPEG2 W{width} H{height} F{pace} Ip A1:1 C420mpeg2 XCOLORRANGE=LIMITED\n"
    return line.encode()


def _plane(plane: VideoPlane) -> bytes:
    """The bytes of a plane without what fills its lines up."""
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return lines[:, : plane.width].tobytes()
