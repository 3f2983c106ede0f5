"""Sound and subtitles on their way from one container to another: copied, converted or left out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from impasto.media.pyav import film_stream, load

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

__all__ = ["Track", "tracks_of"]

_SOUND = "aac"  # which every container of ours holds
_BITS_A_CHANNEL = 96_000  # a second
_TEXT = {"mp4": "mov_text", "mov": "mov_text", "matroska": "subrip"}


class Track(Protocol):
    """One track: packets of the source in, packets of the output out.

    Attributes:
        source: the stream it reads.
    """

    source: Any

    def take(self, packet: Any) -> Sequence[Any]:
        """What becomes of a packet."""

    def rest(self) -> Sequence[Any]:
        """What was kept back, at the end."""


class _Copied:
    """A track whose packets stay as they are."""

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = source, target

    def take(self, packet: Any) -> Sequence[Any]:
        packet.stream = self.target
        return [packet]

    def rest(self) -> Sequence[Any]:
        return []


class _Sound:
    """Sound that is coded anew, as AAC."""

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = source, target
        self.error: type[Exception] = load("sound").error.FFmpegError

    def take(self, packet: Any) -> Sequence[Any]:
        try:
            frames = packet.decode()
        except self.error:
            return []  # a damaged packet is a gap
        return [coded for frame in frames for coded in self.target.encode(frame)]

    def rest(self) -> Sequence[Any]:
        return list(self.target.encode(None)) if self.target.codec_context.is_open else []


class _Text:
    """Subtitles of text that are written in the output's own way."""

    def __init__(self, source: Any, target: Any) -> None:
        self.source, self.target = source, target
        self.error: type[Exception] = load("subtitles").error.FFmpegError

    def take(self, packet: Any) -> Sequence[Any]:
        try:
            subtitle = self.source.codec_context.decode2(packet)
            if subtitle is None:
                return []
            coded = self.target.codec_context.encode_subtitle(subtitle)
        except self.error:
            return []
        coded.pts = coded.dts = packet.pts
        coded.duration, coded.time_base = packet.duration, packet.time_base
        coded.stream = self.target
        return [coded]

    def rest(self) -> Sequence[Any]:
        return []


def tracks_of(
    film: InputContainer, target: OutputContainer, name: str
) -> tuple[list[Track], list[str]]:
    """The tracks of a film that go along into another file, whose streams are made here.

    Args:
        film: whose sound, subtitles and attachments are wanted; its pictures are not.
        target: where they go; not written to yet.
        name: of the output, for the notes.

    Returns:
        The tracks, and what is converted or left out, in a sentence each.
    """
    tracks: list[Track] = []
    notes: list[str] = []
    pictures = film_stream(film, name)
    for stream in film.streams:
        if _is_unknown(stream):
            notes.append(f"{_what(stream)} is left out of {name}: its coding is not known")
        elif stream.type in ("audio", "subtitle"):
            track = _copied(stream, target)
            if track is None:
                track, note = _converted(stream, target, name)
                notes.append(note)
            if track is not None:
                tracks.append(track)
        elif stream.type == "attachment" and target.format.name == "matroska":
            target.add_stream_from_template(stream)
        elif stream.type == "data" and film.chapters() and _is_of_chapters(stream):
            continue  # they are written anew
        elif stream.type != "video" or stream.index != pictures.index:
            notes.append(f"{_what(stream)} is left out of {name}")
    return tracks, notes


def _is_unknown(stream: Any) -> bool:
    """Whether nobody can say what a track of sound or subtitles is."""
    context = stream.codec_context
    if stream.type == "audio":
        return context is None or not (context.sample_rate and context.channels)
    return stream.type == "subtitle" and context is None


def _is_of_chapters(stream: Any) -> bool:
    """Whether a track holds nothing but the titles of chapters, as in .mp4 and .mov."""
    return bool(stream.metadata.get("handler_name") == "SubtitleHandler")


def _copied(stream: Any, target: OutputContainer) -> Track | None:
    if not _holds(target.format.name, stream):
        return None
    copy = target.add_stream_from_template(stream)
    _name(copy, stream)
    return _Copied(stream, copy)


def _holds(format: str, stream: Any) -> bool:
    """Whether a container takes a track as it is, which some tell at their beginning only."""
    av = load("a film")
    with av.open(io.BytesIO(), "w", format=format) as trial:
        try:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
        except (ValueError, av.error.FFmpegError):
            return False
    return True


def _converted(stream: Any, target: OutputContainer, name: str) -> tuple[Track | None, str]:
    what = _what(stream)
    if stream.type == "audio":
        sound = stream.codec_context
        coded: Any = target.add_stream(_SOUND, rate=sound.sample_rate, layout=sound.layout)
        coded.bit_rate = _BITS_A_CHANNEL * sound.channels
        _name(coded, stream)
        return _Sound(stream, coded), f"{what} becomes AAC, since {name} cannot hold it"
    text = _TEXT.get(target.format.name)
    if text is None or not stream.codec_context.codec.text_sub:
        return None, f"{what} is left out of {name}, which cannot hold it: an .mkv can"
    coded = target.add_stream(text)
    coded.codec_context.subtitle_header = _header(stream)
    coded.time_base = stream.time_base
    _name(coded, stream)
    return _Text(stream, coded), f"{what} becomes {text}, since {name} cannot hold it"


def _name(copy: Any, stream: Any) -> None:
    """Language, title and part of a track, such as "for the hard of hearing"."""
    copy.metadata.update({k: v for k, v in stream.metadata.items() if k in ("language", "title")})
    copy.disposition = stream.disposition


def _what(stream: Any) -> str:
    codec = getattr(stream.codec_context, "name", None) or stream.metadata.get("handler_name", "")
    kind = {"audio": "sound", "subtitle": "subtitles"}.get(stream.type, stream.type)
    return f"track {stream.index} ({' '.join(filter(None, (kind, codec)))})"


def _header(stream: Any) -> bytes:
    """The style that an encoder of text subtitles asks for: the track's own, or a plain one."""
    context = stream.codec_context
    if not context.is_open:
        context.open(False)
    return context.subtitle_header or _PLAIN


_PLAIN = (
    b"[Script Info]\r\nScriptType: v4.00+\r\n\r\n[V4+ Styles]\r\n"
    b"Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
    b"Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
    b"Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\r\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,0\r\n"
    b"\r\n[Events]\r\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, "
    b"Text\r\n"
)
