"""PyAV, loaded when a film is touched, and how its files are opened."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.errors import FilmError, MissingPackageError, reason_of
from impasto.imaging.codecs.formats import by_suffix
from impasto.text import format_path

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

__all__ = [
    "clock_jumps",
    "decoded",
    "demuxed",
    "film_stream",
    "load",
    "open_file",
    "origin_of",
    "refusals",
    "seconds_of",
]

# What FFmpeg would take a text, a single picture or a list of other files for.
_NO_FILMS = {
    "tty",
    "image2",
    "concat",
    "concatf",
    "hls",
    "dash",
    "sdp",
    "lavfi",
    "imf",
    "vapoursynth",
}
# Containers that list every packet of a film in one place, which is read when they are opened.
_LISTED = ("mov", "avi")


def load(wish: str) -> Any:
    """The module `av`.

    Args:
        wish: what needs it, for the message.

    Raises:
        MissingPackageError: the extra `video` is not installed.
    """
    try:
        import av
    except ImportError:
        raise MissingPackageError(wish, "av", "video") from None
    return av


@contextmanager
def refusals() -> Iterator[None]:
    """Tells of what FFmpeg refuses in the block as the system does.

    Raises:
        OSError: in place of FFmpeg's error.

    Example:
        >>> import av
        >>> with refusals():
        ...     av.open("nowhere.mp4")
        Traceback (most recent call last):
        FileNotFoundError: [Errno 2] No such file or directory
    """
    try:
        yield
    except load("a film").error.FFmpegError as error:
        raise OSError(error.errno, error.strerror) from error


@cache
def _film_formats() -> str:
    names = load("a film").formats_available
    kept = {name for name in names if not name.endswith("_pipe")} - _NO_FILMS
    return ",".join(sorted(kept))


def open_file(path: Path) -> InputContainer:
    """Opens a film on the disk, and nothing else: no list of files, no address.

    Raises:
        FilmError: it is missing, a folder, cut before its index, or no film.
        MissingPackageError: the extra `video` is not installed.
    """
    name = format_path(path)
    av = load(name)
    if path.is_dir():
        raise FilmError(f"{name} is a folder: give a film, or a folder of numbered pictures")
    try:
        if path.stat().st_size == 0:
            raise FilmError(f"{name} is empty: give a film")
        # Known formats and the file itself alone, so that a film names no other place to read.
        return av.open(  # type: ignore[no-any-return]
            f"file:{path}",
            "r",
            container_options={
                "format_whitelist": _film_formats(),
                "protocol_whitelist": "file",
            },
            metadata_errors="replace",
        )
    except OSError as error:
        raise FilmError(
            f"{name} cannot be read ({reason_of(error)}): choose another file"
        ) from None
    except av.error.FFmpegError as error:
        raise FilmError(_refusal(path, name, error)) from None


def _refusal(path: Path, name: str, error: Any) -> str:
    if by_suffix(path) is not None:
        return f"{name} is a picture, not a film: impasto stylize paints it"
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return (
            f"{name} lacks its index, which stands at the end of such a file, so it is cut: get "
            "the whole file"
        )
    if isinstance(error, EOFError):
        return f"{name} has no frame that can be decoded: it is empty, cut or damaged"
    if getattr(error, "errno", None) == errno.EINVAL:  # a kind of file that was not asked for
        return f"{name} is no film: give an .mp4, .mov, .mkv or .webm"
    return f"{name} is no film that can be read ({reason_of(error)}): give an .mp4, .mov or .mkv"


def demuxed(
    container: InputContainer, streams: Sequence[Stream], on_damage: Callable[[], None]
) -> Iterator[Packet[Any]]:
    """The packets of some tracks, as far as they can be read.

    Args:
        container: open for reading.
        streams: the tracks.
        on_damage: called where the file can be read no further.
    """
    av = load("a film")
    packets = container.demux(*streams)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, IndexError):  # the latter: tracks that came up on the way
            return
        except av.error.FFmpegError:
            on_damage()
            return
        yield packet


def decoded(
    container: InputContainer,
    stream: VideoStream,
    on_damage: Callable[[], None],
    on_last: Callable[[], None] = lambda: None,
) -> Iterator[VideoFrame]:
    """All frames of a film that can be decoded.

    Args:
        container: open for reading.
        stream: its film.
        on_damage: called at each part that cannot be.
        on_last: called when the last packet is read of a film whose file lists them all.
    """
    av = load("a film")
    last = _last_listed(container, stream)
    for packet in demuxed(container, [stream], on_damage):
        if last is not None and packet.dts == last and not packet.is_corrupt:
            on_last()
        try:
            yield from packet.decode()
        except av.error.EOFError:
            return
        except av.error.FFmpegError:
            on_damage()
    # Where the file broke off, the decoder still holds the last ones.
    with suppress(av.error.FFmpegError):
        yield from stream.decode(None)


def _last_listed(container: InputContainer, stream: VideoStream) -> int | None:
    """When the last packet is decoded, in ticks, as the file lists it beforehand; None if not."""
    known = any(name in _LISTED for name in container.format.name.split(","))
    entries = stream.index_entries
    return entries[-1].timestamp if known and stream.frames and entries else None


def clock_jumps(container: InputContainer) -> bool:
    """Whether the clock of such files may begin anew on the way, as that of broadcasts does."""
    from av.format import Flags

    return bool(Flags(container.format.flags) & Flags.ts_discont)


def film_stream(container: InputContainer, name: str) -> VideoStream:
    """The video of a container: the first that is no cover picture.

    Raises:
        FilmError: it has none, or one that cannot be decoded.
    """
    from av.stream import Disposition

    films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    if not films:
        what = "sound" if container.streams.audio else "no video"
        raise FilmError(f"{name} holds {what} and no pictures that move: give a film")
    for stream in films:
        if stream.codec_context is not None:
            return stream
    raise FilmError(
        f"{name} is coded in a way that this FFmpeg does not know: convert it to H.264 first"
    )


def origin_of(stream: VideoStream) -> Fraction:
    """Where a film begins on its file's clock, in seconds: at its first picture."""
    return seconds_of(stream.start_time, stream.time_base)


def seconds_of(ticks: int | None, time_base: Fraction | None) -> Fraction:
    """Ticks of a clock in seconds; 0 where either is unknown.

    Example:
        >>> seconds_of(3003, Fraction(1, 90_000)), seconds_of(None, None)
        (Fraction(1001, 30000), Fraction(0, 1))
    """
    return ticks * time_base if ticks is not None and time_base is not None else Fraction(0)
