"""Painted parts and the sound of their film become one file; nothing is coded twice."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from impasto.errors import FilmError, OutputError
from impasto.files import replacing
from impasto.media.codec import CODECS
from impasto.media.pyav import (
    clock_jumps,
    demuxed,
    film_stream,
    load,
    open_file,
    origin_of,
    refusals,
    seconds_of,
)
from impasto.media.sink import writing
from impasto.media.times import Steady
from impasto.media.tracks import Track, tracks_of
from impasto.text import format_path

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

__all__ = ["FILM_SUFFIXES", "check_film_output", "join_film"]

FILM_SUFFIXES = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
}
# What belongs to the file and not to the film.
_OF_THE_FILE = {
    "encoder",
    "major_brand",
    "minor_version",
    "compatible_brands",
    "duration",
    "rotate",
}
_PRIMING = Fraction(1, 10)  # seconds that sound may begin before the pictures without moving them
_LONGEST = Fraction(3600)  # seconds that a packet lasts; what claims more is damaged
# How long a gap may be until FFmpeg no longer waits for the sparse packets of subtitles.
_SLACK = Fraction(10)  # seconds


class _Timed(NamedTuple):
    """A packet ready to be written, and its time of decoding in seconds."""

    time: Fraction
    order: int  # between packets of one time, that these are never compared themselves
    packet: Packet[Any]


def check_film_output(path: str | Path, codec: str) -> None:
    """Refuses names of files that cannot hold a film of this codec.

    Raises:
        OutputError: one that cannot.
    """
    suffixes = CODECS[codec].suffixes
    if Path(path).suffix.lower() not in suffixes:
        raise OutputError(
            f"{format_path(path)} cannot hold {codec}: choose a name that ends in "
            f"{' or '.join(suffixes)}"
        )


def join_film(
    segments: Sequence[Path],
    source: Path | None,
    output: Path,
    *,
    start: Fraction | None = None,
    end: Fraction | None = None,
    until: Fraction | None = None,
) -> list[str]:
    """Puts parts of a film together, with the sound, subtitles and chapters of another.

    Packets are copied as they are. Sound and subtitles that the output's container cannot hold
    are converted, or left out where nothing can be done. The same parts give the same bytes.

    Args:
        segments: written by `SegmentWriter`, alike in size, rate and codec, in order of time.
        source: the film whose other tracks, chapters and metadata go along; None for none.
        output: the film, in the container that its suffix names; written whole or not at all.
        start, end: the span of `source` that was painted, in seconds: `start` becomes 0.
        until: when the last frame ends, in seconds as its time; None for the usual duration.

    Returns:
        What became of the tracks, in a sentence each; none where all were copied.

    Raises:
        FilmError: no parts, parts that differ, a source that cannot be read.
        OutputError: a suffix of no film, or a place that cannot be written.
        MissingPackageError: the extra `video` is not installed.
    """
    name = format_path(output)
    av = load(name)
    format = FILM_SUFFIXES.get(output.suffix.lower())
    if format is None:
        raise OutputError(f"{name} is no name of a film: end it in {', '.join(FILM_SUFFIXES)}")
    if not segments:
        raise FilmError(f"{name} would hold no frame: there is nothing to put together")
    with writing(output), refusals(), replacing(output) as draft, ExitStack() as stack:
        film = stack.enter_context(open_file(source)) if source is not None else None
        options = {"movflags": "+faststart"} if format in ("mp4", "mov") else {}
        target = stack.enter_context(
            av.open(str(draft), "w", format=format, container_options=options)
        )
        target.flags |= av.container.Flags.bitexact.value
        return _Joining(segments, film, target, name, (start, end), until).run()


class _Joining:
    """One call of `join_film`, of which the parts, the film and the output are open."""

    def __init__(
        self,
        segments: Sequence[Path],
        film: InputContainer | None,
        target: OutputContainer,
        name: str,
        span: tuple[Fraction | None, Fraction | None],
        until: Fraction | None,
    ) -> None:
        self.segments, self.film, self.target, self.name = segments, film, target, name
        self.start, self.end, self.until = span[0] or Fraction(0), span[1], until
        self.notes: list[str] = []
        self.unfit, errors = 0, load(name).error
        self.damage = (errors.InvalidDataError, errors.PatchWelcomeError)
        self.refusal: type[Exception] = errors.ArgumentError

    def run(self) -> list[str]:
        first = open_file(self.segments[0])
        with first:
            template = first.streams.video[0]
            self.extradata = template.codec_context.extradata
            self.size = (template.width, template.height)
            self.clock = template.time_base or Fraction(1, 90_000)
            self.delay = template.codec_context.reorder_depth
            self.rate = template.average_rate or template.guessed_rate or Fraction(25)
            self.video = self.target.add_stream_from_template(template, opaque=True)
            # After it: the picture is the first track of the file.
            tracks = self._tracks()
            self.video.time_base = self.clock
            self.video.codec_context.framerate = self.rate
        # Others end where the packet that is decoded last does.
        self.keeps_ends = self.target.format.name == "matroska"
        self.lead = self._lead(tracks)
        self._describe()
        self.target.start_encoding()
        for timed in heapq.merge(self._pictures(), self._others(tracks)):
            self._mux(timed.packet)
        self.target.close()  # here, so that what goes wrong is told
        if self.unfit:
            packets = "one packet" if self.unfit == 1 else f"{self.unfit} packets"
            self.notes.append(f"{packets} of the film's sound are damaged and left out")
        return self.notes

    def _mux(self, packet: Packet[Any]) -> None:
        try:
            self.target.mux(packet)
        except self.damage:
            # Of a packet that waited to be written: the pictures are ours, and whole.
            self.unfit += 1
        except self.refusal:
            if packet.stream_index == self.video.index:
                raise
            self.unfit += 1

    def _tracks(self) -> list[Track]:
        if self.film is None:
            return []
        tracks, notes = tracks_of(self.film, self.target, self.name)
        self.notes += notes
        return tracks

    def _lead(self, tracks: Sequence[Track]) -> Fraction:
        """Seconds by which all moves, so that sound long before the first picture is not lost."""
        if self.film is None or self.start:
            return Fraction(0)
        begins = [
            seconds_of(track.source.start_time, track.source.time_base)
            for track in tracks
            if track.source.type == "audio" and track.source.start_time is not None
        ]
        lead = self._origin() - min(begins, default=self._origin())
        return lead if lead > _PRIMING else Fraction(0)

    def _origin(self) -> Fraction:
        assert self.film is not None
        return origin_of(film_stream(self.film, self.name))

    def _describe(self) -> None:
        """Copies metadata and chapters."""
        if self.film is None:
            return
        kept = {k: v for k, v in self.film.metadata.items() if k.lower() not in _OF_THE_FILE}
        self.target.metadata.update(kept)
        origin = self._origin()
        chapters = []
        for chapter in self.film.chapters():
            base = chapter["time_base"] or Fraction(1)
            begin = max(chapter["start"] * base - origin, self.start)
            stop = chapter["end"] * base - origin
            if self.end is not None:
                stop = min(stop, self.end)
            if begin < stop:
                move = self.lead - self.start
                chapter["start"] = max(0, round((begin + move) / base))
                chapter["end"] = round((stop + move) / base)
                chapters.append(chapter)
        if chapters:
            self.target.set_chapters(chapters)

    def _pictures(self) -> Iterator[_Timed]:
        """The packets of all parts, with times of decoding that rise across their borders."""
        move = round((self.lead - self.start) / self.clock)
        step = max(1, round(1 / (self.rate * self.clock)))
        earlier: list[int] | None = None
        for part in self.segments:
            with open_file(part) as container:
                stream = container.streams.video[0]
                self._check_alike(stream, part)
                times = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
            if earlier is None:
                earlier = [times[0] - step * n for n in range(self.delay, 0, -1)]
            # What is decoded n-th is shown `delay` frames later at most: so much before its time
            # on the screen, the n-th moment at which a frame is shown is early enough.
            ladder = earlier + times
            earlier = ladder[len(times) :]
            with open_file(part) as container:
                packets = (p for p in container.demux(container.streams.video[0]) if p.size)
                for number, (moment, packet) in enumerate(zip(ladder, packets, strict=False), 1):
                    if self.until is not None and part == self.segments[-1]:
                        end = round(self.until / self.clock)
                        if packet.pts == times[-1]:
                            packet.duration = max(1, end - times[-1])
                        elif number == len(times) and not self.keeps_ends:
                            packet.duration = max(1, end - moment - step * self.delay)
                    packet.pts = (packet.pts or 0) + move
                    packet.dts = moment + move
                    packet.time_base = self.clock
                    packet.stream = self.video
                    yield _Timed((moment + move) * self.clock, 0, packet)

    def _check_alike(self, stream: VideoStream, part: Path) -> None:
        size = (stream.width, stream.height)
        alike = (
            size == self.size
            and stream.time_base == self.clock
            and stream.codec_context.extradata == self.extradata
        )
        if not alike:
            raise FilmError(
                f"{format_path(part)} was coded otherwise than the part before it: paint the film "
                "again from its beginning"
            )

    def _others(self, tracks: Sequence[Track]) -> Iterator[_Timed]:
        """The packets of sound and subtitles within the span, in the order of the film's file."""
        if self.film is None or not tracks:
            return
        lines = {
            track.source.index: _Line(track, order, clock_jumps(self.film))
            for order, track in enumerate(tracks, start=1)
        }
        origin, move = self._origin(), self.lead - self.start
        damaged = partial(self.notes.append, "sound and subtitles end where their film is damaged")
        for packet in demuxed(self.film, [track.source for track in tracks], damaged):
            if packet.pts is None:
                packet.pts = packet.dts  # of formats whose sound is never out of order
            if packet.pts is None or not packet.size:
                continue
            line = lines[packet.stream_index]
            time = line.time_of(packet) - origin
            if self.end is not None and time >= self.end:
                if time > self.end + _SLACK:
                    break
                continue
            if not self.start or time >= self.start:
                yield from line.moved(line.track.take(packet), move - origin)
        for line in lines.values():
            yield from line.moved(line.track.rest(), move - origin)
            if line.lost:
                self.notes.append(
                    f"{line.lost} packets of {line.track.source.type} are left out: "
                    "their times are damaged"
                )


class _Line:
    """A track on its way into the output, whose packets must rise in time."""

    def __init__(self, track: Track, order: int, jumps: bool) -> None:
        self.track, self.order, self.lost = track, order, 0
        self._clock = Steady(jumps=jumps)
        self._last: Fraction | None = None

    def time_of(self, packet: Packet[Any]) -> Fraction:
        """When a packet is heard or read, by a clock that does not jump, which it is set to."""
        said = seconds_of(packet.pts, packet.time_base)
        time = self._clock.at(said, seconds_of(packet.duration, packet.time_base))
        if time != said:
            packet.pts = round(time / packet.time_base)
            packet.dts = packet.pts
        return time

    def moved(self, packets: Sequence[Packet[Any]], move: Fraction) -> Iterator[_Timed]:
        """The packets at their times in the output."""
        for packet in packets:
            ticks = round(move / packet.time_base)
            packet.pts = (packet.pts or 0) + ticks
            packet.dts = packet.pts if packet.dts is None else packet.dts + ticks
            time = packet.dts * packet.time_base
            if (self._last is not None and time < self._last) or packet.pts < packet.dts:
                self.lost += 1
                continue
            self._last = time
            if (packet.duration or 0) * packet.time_base > _LONGEST:
                packet.duration = 0  # not known
            yield _Timed(time, self.order, packet)
