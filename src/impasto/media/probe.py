"""What a film is, found by opening it and decoding its first frame."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.errors import FilmError
from impasto.media.colour import HDR
from impasto.media.frame import FilmInfo
from impasto.media.pyav import demuxed, film_stream, load, open_file, origin_of, seconds_of
from impasto.media.upright import display_matrix, lies_on_its_side
from impasto.text import format_path

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = ["MAX_MEGAPIXELS", "describe", "limit_size", "probe"]

MAX_MEGAPIXELS = 100.0  # of a frame, as of a picture
_USUAL_RATE = Fraction(25)
_FASTEST = 1000  # frames a second; what claims more gives the clock's ticks, not a rate
_PATIENCE = 1000  # packets without a frame, after which there is none


def probe(path: str | Path, *, max_megapixels: float = MAX_MEGAPIXELS) -> FilmInfo:
    """What a film is.

    Args:
        path: of a file in any container that FFmpeg reads.
        max_megapixels: of a frame, above which none is decoded.

    Raises:
        FilmError: no such file, no film, no frame in it, a larger one, or a coding nobody knows.
        MissingPackageError: the extra `video` is not installed.
    """
    path = Path(path)
    with open_file(path) as container:
        return describe(container, path, max_megapixels)


def describe(
    container: InputContainer, path: Path, max_megapixels: float = MAX_MEGAPIXELS
) -> FilmInfo:
    """The same of an open container, which has been read a little afterwards."""
    name = format_path(path)
    stream = film_stream(container, name)
    limit_size(stream, name, max_megapixels)
    first = _first_frame(container, stream, name)
    height, width = square_size(first, stream)
    if lies_on_its_side(display_matrix(first)):
        height, width = width, height
    rate = _rate(stream)
    seconds = _seconds(container, stream)
    base = stream.base_rate or rate
    return FilmInfo(
        path,
        height,
        width,
        rate,
        frames=stream.frames or round(seconds * rate),
        seconds=seconds,
        variable=abs(base / rate - 1) > Fraction(1, 500) if base <= _FASTEST else True,
        codec=stream.codec_context.codec.canonical_name,
        sounds=len(container.streams.audio),
        subtitles=len(container.streams.subtitles),
        interlaced=first.interlaced_frame,
        notes=tuple(_notes(first, stream, name, (height, width))),
    )


def _first_frame(container: InputContainer, stream: VideoStream, name: str) -> VideoFrame:
    av = load(name)
    for packet in islice(demuxed(container, [stream], lambda: None), _PATIENCE):
        try:
            for frame in packet.decode():
                return frame
        except av.error.FFmpegError:
            pass  # damage at the beginning; a whole frame may follow
    raise FilmError(f"{name} has no frame that can be decoded: it is empty, cut or damaged")


def limit_size(stream: VideoStream, name: str, max_megapixels: float = MAX_MEGAPIXELS) -> None:
    """Refuses large frames before they are decoded, also those that come up on the way.

    Raises:
        FilmError: the film says that its frames are larger.
    """
    context = stream.codec_context
    context.options = {**context.options, "max_pixels": str(round(max_megapixels * 1e6))}
    if context.width * context.height > max_megapixels * 1e6:
        raise FilmError(
            f"{name} is {context.height:,} x {context.width:,} px; frames may have up to "
            f"{max_megapixels:g} megapixels: make it smaller"
        )


def _rate(stream: VideoStream) -> Fraction:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 0 < rate <= _FASTEST:
            return rate
    return _USUAL_RATE


def _seconds(container: InputContainer, stream: VideoStream) -> Fraction:
    """How long the pictures last, or else the whole file; 0 where nobody says."""
    if stream.duration:
        return seconds_of(stream.duration, stream.time_base)
    # Matroska says where a track ends, on the file's clock, as hours:minutes:seconds.
    ending = re.fullmatch(r"(\d+):(\d\d):(\d\d\.\d+)", stream.metadata.get("DURATION", ""))
    if ending is not None:
        hours, minutes, seconds = map(Fraction, ending.groups())
        return max(Fraction(0), hours * 3600 + minutes * 60 + seconds - origin_of(stream))
    return Fraction(container.duration or 0, 1_000_000)


def square_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """(height, width) in px of a frame as it lies in the file, made of square pixels."""
    aspect = stream.codec_context.sample_aspect_ratio or stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 20) < aspect < 20:
        aspect = Fraction(1)
    return frame.height, max(1, round(frame.width * aspect))


def _notes(frame: VideoFrame, stream: VideoStream, name: str, shape: tuple[int, int]) -> list[str]:
    notes = []
    _, square = square_size(frame, stream)
    if square != frame.width:
        notes.append(
            f"the pixels of {name} are not square: {frame.width} x {frame.height} px become "
            f"{shape[1]} x {shape[0]} px that are"
        )
    if frame.interlaced_frame:
        notes.append(f"{name} is interlaced: its fields become whole frames")
    if frame.color_trc in HDR:
        notes.append(
            f"{name} is an HDR film ({HDR[frame.color_trc]}): its colours become those of a usual "
            "one, and what is brighter than white is white"
        )
    return notes
