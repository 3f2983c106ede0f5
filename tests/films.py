"""Small films that tests make: any times, sound, subtitles, chapters, turned or of full range."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from impasto.media.colour import from_pixels

CLOCK = Fraction(1, 90_000)
RATE = Fraction(25)


def card(number: int, shape: tuple[int, int] = (48, 64)) -> np.ndarray:
    """A grey ground on which a light square goes to the right, 2 px a frame."""
    height, width = shape
    pixels = np.full((height, width, 3), (60, 90, 120), np.uint8)
    at = 2 * number % max(1, width - 8)
    pixels[8:24, at : at + 8] = (220, 200, 40)
    return pixels


def even_times(count: int, rate: Fraction = RATE) -> list[Fraction]:
    return [Fraction(n) / rate for n in range(count)]


def make_film(
    path: Path,
    *,
    count: int = 30,
    shape: tuple[int, int] = (48, 64),
    pictures: Sequence[np.ndarray] | None = None,
    times: Sequence[Fraction] | None = None,
    until: Fraction | None = None,
    codec: str = "libx264",
    layout: str = "yuv420p",
    degrees: int = 0,
    full_range: bool = False,
    matrix: int = 1,
    aspect: Fraction | None = None,
    sounds: Sequence[str] = (),
    subtitles: str = "",
    chapters: bool = False,
    metadata: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
) -> Path:
    """A film of moving cards, or of `pictures`.

    Args:
        until: when the last picture ends, in seconds; 1/25 s after it begins if left out.
        degrees: counter-clockwise, by which a player turns it.
        full_range, matrix: of its colours: the scaler's number, 1 is BT.709 and 5 BT.601.
        sounds: codecs, one a track: a tone each, of another pitch.
        subtitles: the codec of a track with a line a second.
    """
    pictures = [card(n, shape) for n in range(count)] if pictures is None else pictures
    times = even_times(len(pictures)) if times is None else times
    height, width = pictures[0].shape[:2]
    scaler = VideoReformatter()
    with av.open(str(path), "w", container_options=container or {}) as film:
        film.metadata.update(metadata or {})
        stream = film.add_stream(codec, rate=RATE, options=options or {"crf": "10"})
        stream.width, stream.height, stream.pix_fmt = width, height, layout
        stream.codec_context.time_base = CLOCK
        stream.codec_context.color_range = 2 if full_range else 1
        stream.codec_context.colorspace = {1: 1, 5: 6}[matrix]
        if aspect is not None:
            stream.codec_context.sample_aspect_ratio = aspect
        if degrees:
            stream.set_display_rotation(degrees)
        tones = [_sound(film, name) for name in sounds]
        text = _text(film, subtitles) if subtitles else None
        if chapters:
            half = round(times[-1] / 2 / CLOCK)
            last = round(times[-1] / CLOCK)
            film.set_chapters(
                [
                    _chapter(1, 0, half, "first"),
                    _chapter(2, half, last, "second"),
                ]
            )
        packets: list[Any] = []
        for pixels, time in zip(pictures, times, strict=True):
            frame = _coloured(pixels, layout, scaler, full_range=full_range, matrix=matrix)
            frame.pts, frame.time_base = round(time / CLOCK), CLOCK
            packets += stream.encode(frame)
        packets += stream.encode(None)
        if until is not None:
            # An MP4 says twice how long it is: for decoding, and for what is shown.
            ends, shown = round(until / CLOCK), max(packets, key=lambda p: p.pts)
            packets[-1].duration = ends - (packets[-1].dts - packets[0].dts)
            shown.duration = ends - shown.pts
        seconds = float(until or times[-1] + 1 / RATE)
        for number, tone in enumerate(tones):
            packets += _play(tone, seconds, 220 * (number + 1))
        if text is not None:
            packets += _lines(text, subtitles, int(seconds) + 1)
        for packet in sorted(packets, key=lambda p: p.dts * p.time_base):
            film.mux(packet)
    return path


def _coloured(
    pixels: np.ndarray, layout: str, scaler: VideoReformatter, *, full_range: bool, matrix: int
) -> Any:
    if layout in ("bgr0", "pal8") or (not full_range and matrix == 1):
        return from_pixels(pixels, layout, scaler)
    frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
    frame.color_range = 2
    return scaler.reformat(
        frame,
        format=layout,
        dst_colorspace=matrix,
        dst_color_range=2 if full_range else 1,
        interpolation="BICUBIC",
    )


def _sound(film: Any, codec: str) -> Any:
    stream = film.add_stream(codec, rate=48_000, layout="stereo")
    stream.bit_rate = 96_000
    stream.metadata["language"] = "eng"
    return stream


def _play(stream: Any, seconds: float, hertz: float) -> list[Any]:
    samples = round(seconds * 48_000)
    wave = np.sin(np.arange(samples) * hertz * 2 * np.pi / 48_000) * 8000
    block = np.repeat(wave.astype(np.int16), 2)[None]  # left and right by turns
    frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = 48_000, 0, Fraction(1, 48_000)
    return [*stream.encode(frame), *stream.encode(None)]


def _text(film: Any, codec: str) -> Any:
    stream = film.add_mux_stream(codec)
    stream.time_base = Fraction(1, 1000)
    return stream


def _lines(stream: Any, codec: str, seconds: int) -> list[Any]:
    packets = []
    for second in range(seconds):
        line = f"line {second}".encode()
        if codec == "mov_text":
            line = len(line).to_bytes(2, "big") + line
        packet = av.Packet(line)
        packet.stream, packet.time_base = stream, Fraction(1, 1000)
        packet.pts = packet.dts = 1000 * second
        packet.duration = 900
        packets.append(packet)
    return packets


def _chapter(number: int, start: int, end: int, title: str) -> Any:
    return {
        "id": number,
        "start": start,
        "end": end,
        "time_base": CLOCK,
        "metadata": {"title": title},
    }


def packets_of(path: Path, kind: str, number: int = 0) -> list[tuple[Fraction, bytes]]:
    """(time in seconds, bytes) of each packet of a track."""
    with av.open(str(path)) as film:
        stream = [s for s in film.streams if s.type == kind][number]
        return [
            (packet.pts * packet.time_base, bytes(packet))
            for packet in film.demux(stream)
            if packet.size
        ]


def times_of(path: Path) -> list[Fraction]:
    """When each picture of a film is shown, in seconds, as its file says."""
    with av.open(str(path)) as film:
        return [frame.pts * frame.time_base for frame in film.decode(video=0)]
