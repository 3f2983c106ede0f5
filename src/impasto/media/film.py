"""The door to films: where frames come from, and what a film's name makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Literal

from impasto.errors import FilmError, OutputError, reason_of
from impasto.files import check_name
from impasto.imaging.codecs.formats import by_suffix, looks_like_picture
from impasto.media.animations import ANIMATIONS, AnimationReader, AnimationWriter, is_animation
from impasto.media.codec import CODECS, CodecName, check_codec
from impasto.media.frame import FilmInfo, Frame
from impasto.media.join import FILM_SUFFIXES, check_film_output, join_film
from impasto.media.live import LiveReader
from impasto.media.parts import frames_of, last_picture
from impasto.media.probe import MAX_MEGAPIXELS, probe
from impasto.media.reader import FilmReader
from impasto.media.room import check_room, estimate_bytes
from impasto.media.sequences import SequenceReader, SequenceWriter, is_pattern
from impasto.media.sink import Sink
from impasto.media.source import Source
from impasto.media.writer import SegmentWriter
from impasto.text import format_path

__all__ = [
    "CODECS",
    "CodecName",
    "FilmInfo",
    "FilmReader",
    "Frame",
    "LiveReader",
    "OutputKind",
    "SegmentWriter",
    "Sink",
    "Source",
    "check_codec",
    "check_output",
    "check_room",
    "estimate_bytes",
    "is_moving",
    "join",
    "last_picture",
    "open_live",
    "open_sink",
    "open_source",
    "output_kind",
    "probe",
    "segment_codec",
]

OutputKind = Literal["film", "animation", "pictures"]


def open_source(
    path: str | Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    rate: Fraction | None = None,
    max_megapixels: float = MAX_MEGAPIXELS,
    clear: bool = False,
) -> Source:
    """Where the frames of a film come from: its file, an animated picture, numbered pictures.

    Args:
        path: of a film, a GIF, WebP or APNG, a folder of pictures, or a pattern like
            `frame-%04d.png`.
        start, end, rate: as for `FilmReader`; of numbered pictures `rate` is their own, 25 unless
            given.
        max_megapixels: of a frame of a film's file.
        clear: whether pictures stay transparent, (H, W, 4), where they are; else they are on white.

    Raises:
        FilmError: nothing of the kind.
        MissingPackageError: a film, and the extra `video` is not installed.
    """
    path = Path(path)
    if path.is_dir() or (is_pattern(path) and not path.exists()):
        return SequenceReader(path, start=start, end=end, rate=rate, clear=clear)
    try:
        animated = is_animation(path)
    except OSError as error:
        raise FilmError(
            f"{format_path(path)} cannot be read ({reason_of(error)}): choose another file"
        ) from None
    if animated:
        return AnimationReader(path, start=start, end=end, rate=rate, clear=clear)
    return FilmReader(path, start=start, end=end, rate=rate, max_megapixels=max_megapixels)


def is_moving(path: str | Path) -> bool:
    """Whether a source is a film, an animated picture or numbered pictures: no single picture.

    Args:
        path: of any file, a folder, or a pattern; one that cannot be read, or whose name says that
            it is a picture, is a single picture.

    Example:
        >>> is_moving("frame-%04d.png"), is_moving("no-such-picture.png")
        (True, False)
    """
    if not str(path):
        return False
    path = Path(path)
    if path.is_dir() or (is_pattern(path) and not path.exists()):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(16)
        if is_animation(path):
            return AnimationReader.is_animated(path)
        is_picture = by_suffix(path) is not None or looks_like_picture(path, head)
        return bool(head) and not is_picture
    except OSError:
        return False


def open_live(source: str) -> LiveReader:
    """A camera or a stream.

    Raises:
        FilmError: nothing comes from there.
        MissingPackageError: the extra `video` is not installed.
    """
    return LiveReader(source)


def _is_film(path: Path) -> bool:
    """Whether a source is a film's file, which may have sound."""
    try:
        return path.is_file() and not is_animation(path)
    except OSError:
        return False


def output_kind(path: str | Path) -> OutputKind:
    """What a name asks for: a film, an animated picture, or numbered pictures.

    Raises:
        OutputError: none of them.

    Example:
        >>> output_kind("out.mp4"), output_kind("out.gif"), output_kind("out/frame-%04d.png")
        ('film', 'animation', 'pictures')
    """
    path = Path(path)
    if is_pattern(path) or path.is_dir():
        return "pictures"
    suffix = path.suffix.lower()
    if suffix in FILM_SUFFIXES:
        return "film"
    if suffix in ANIMATIONS:
        return "animation"
    if not suffix:
        return "pictures"
    films = ", ".join([*FILM_SUFFIXES, *ANIMATIONS])
    raise OutputError(
        f"{format_path(path)} ends in {suffix!r}, which is no film that can be written: use one of "
        f"{films}, a folder, or a pattern like frame-%04d.png"
    )


def check_output(path: str | Path, codec: str) -> OutputKind:
    """The kind of an output, whose name fits the codec.

    Raises:
        OutputError: it fits not, or no file can have that name.
    """
    check_name(Path(path))
    kind = output_kind(path)
    if kind == "film":
        check_film_output(path, codec)
    return kind


def segment_codec(path: str | Path, codec: str) -> str:
    """How the parts of an output are coded: by its codec, or without loss if they are no film.

    Example:
        >>> segment_codec("out.mp4", "h264"), segment_codec("out.gif", "h264")
        ('h264', 'ffv1')
    """
    return codec if output_kind(path) == "film" else "ffv1"


def join(
    segments: Sequence[Path],
    source: Path | None,
    output: Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    until: Fraction | None = None,
) -> list[str]:
    """Puts parts together: a film with the sound of its source, or whatever the name asks for.

    Args:
        segments: written by `SegmentWriter` as `segment_codec` says, in order of time.
        source: whose sound, subtitles and chapters go along into a film; None, or what is no film
            file, for none.
        output: a film, an animated picture, a folder or a pattern; of a film nothing is coded
            again.
        start, end: the span of `source` that was painted, in seconds.
        until: when the last frame ends, in seconds as its time, which parts do not say; None for
            the usual duration. It is cut at `end`. Numbered pictures have none.

    Returns:
        What became of the source's tracks, in a sentence each; none where all were copied.

    Raises:
        FilmError: no parts, parts that differ, a source that cannot be read.
        OutputError: a name of none of them, or a place that cannot be written.
        MissingPackageError: the extra `video` is not installed.
    """
    if until is not None and end is not None:
        until = min(until, end)
    if output_kind(output) == "film":
        film = source if source is not None and _is_film(source) else None
        return join_film(segments, film, output, start=start, end=end, until=until)
    frames = frames_of(segments, until=until)
    first = next(frames, None)
    if first is None:
        raise FilmError(f"{format_path(output)} would hold no frame: there is nothing to put in")
    with open_sink(output, first.pixels.shape[:2]) as sink:
        for frame in chain([first], frames):
            sink.add(frame)
    return sink.notes


def open_sink(path: str | Path, shape: tuple[int, int]) -> Sink:
    """A writer of an animated picture or of numbered pictures, by the output's name.

    Args:
        path: .gif, .webp, .png or .apng; a folder, or a pattern.
        shape: (height, width) of the frames in px.

    Raises:
        OutputError: a film, of which parts are written by `SegmentWriter`, or another name.
    """
    kind = output_kind(path)
    if kind == "film":
        raise OutputError(f"{format_path(path)} is a film: write its parts, and join them")
    return AnimationWriter(path, shape) if kind == "animation" else SequenceWriter(path)
