from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from impasto.errors import FilmError, OutputError
from impasto.media.colour import from_pixels
from impasto.media.film import (
    FilmReader,
    SegmentWriter,
    join,
    open_source,
    probe,
    segment_codec,
)
from impasto.media.frame import Frame
from tests.films import CLOCK, RATE, card, even_times, make_film, packets_of, times_of

PART = 30  # frames


def parts_of(film: Path, folder: Path, *, codec: str = "h264", **span: Fraction) -> list[Path]:
    """The film itself, coded anew in parts, as a painting of it would be."""
    frames = list(FilmReader(film, **span))
    parts = []
    for first in range(0, len(frames), PART):
        part = folder / f"part-{first}"
        shape = frames[0].pixels.shape[:2]
        with SegmentWriter(part, shape, rate=probe(film).rate, codec=codec) as writer:
            for frame in frames[first : first + PART]:
                writer.add(frame)
        parts.append(part)
    return parts


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.mov"])
def test_two_sound_tracks_go_along_packet_for_packet(tmp_path: Path, name: str) -> None:
    film = make_film(tmp_path / "film.mkv", count=80, sounds=["aac", "libmp3lame"])
    out = tmp_path / name
    assert join(parts_of(film, tmp_path), film, out) == []
    for track in (0, 1):
        before, after = packets_of(film, "audio", track), packets_of(out, "audio", track)
        assert [data for _, data in before] == [data for _, data in after]
        moved = [float(b - a) for (a, _), (b, _) in zip(before, after, strict=True)]
        # Matroska counts in ms, and the sound of .mp4 begins at its first sample.
        assert max(moved) - min(moved) <= 0.002
    assert times_of(out) == even_times(80)


def test_pictures_are_copied_and_their_times_rise_across_parts(tmp_path: Path) -> None:
    steps = [Fraction(1, 12) if n % 3 == 0 else Fraction(1, 30) for n in range(89)]
    times = [round(sum(steps[:n], Fraction(0)) / CLOCK) * CLOCK for n in range(90)]
    film = make_film(tmp_path / "film.mp4", count=90, times=times)
    parts = parts_of(film, tmp_path)
    out = tmp_path / "out.mp4"
    join(parts, None, out)
    assert times_of(out) == times
    with av.open(str(out)) as joined:
        decoding = [packet.dts for packet in joined.demux(video=0) if packet.dts is not None]
    assert decoding == sorted(set(decoding))
    coded = sum(len(data) for part in parts for _, data in packets_of(part, "video"))
    assert sum(len(data) for _, data in packets_of(out, "video")) == pytest.approx(coded, abs=100)


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.mov"])
def test_the_same_parts_give_the_same_bytes(tmp_path: Path, name: str) -> None:
    film = make_film(tmp_path / "film.mkv", count=40, sounds=["aac"], chapters=True)
    parts = parts_of(film, tmp_path)
    both = [tmp_path / f"{n}-{name}" for n in (1, 2)]
    for out in both:
        join(parts, film, out)
    assert both[0].read_bytes() == both[1].read_bytes()


@pytest.mark.parametrize("name", ["out.mp4", "out.mkv", "out.mov", "out.gif", "out.webp"])
@pytest.mark.parametrize("count", [2, 5, 9])  # the last is decoded last, or before others
def test_the_last_picture_is_shown_until_it_shall_end(
    tmp_path: Path, name: str, count: int
) -> None:
    codec, part, out = segment_codec(name, "h264"), tmp_path / "part", tmp_path / name
    start = Fraction(3)  # of the span that was painted
    with SegmentWriter(part, (48, 64), rate=Fraction(10), codec=codec) as writer:
        for n in range(count):
            writer.add(Frame(card(n), start + Fraction(n, 10), Fraction(1, 10)))
    join([part], None, out, start=start, until=start + Fraction(count - 1, 10) + 2)
    assert open_source(out).info.seconds == Fraction(count - 1, 10) + 2


@pytest.mark.parametrize("name", ["out.mp4", "out.gif"])
def test_the_last_picture_is_shown_no_longer_than_the_span(tmp_path: Path, name: str) -> None:
    codec, part, out = segment_codec(name, "h264"), tmp_path / "part", tmp_path / name
    with SegmentWriter(part, (48, 64), rate=Fraction(10), codec=codec) as writer:
        for n in range(2):
            writer.add(Frame(card(n), Fraction(n, 10), Fraction(1, 10)))
    join([part], None, out, end=Fraction(1), until=Fraction(3))
    assert open_source(out).info.seconds == 1


def test_chapters_and_metadata_go_along(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "film.mkv", count=80, chapters=True, metadata={"title": "The river"}
    )
    out = tmp_path / "out.mp4"
    assert join(parts_of(film, tmp_path), film, out) == []
    with av.open(str(out)) as joined:
        assert joined.metadata["title"] == "The river"
        chapters = joined.chapters()
    assert [chapter["metadata"]["title"] for chapter in chapters] == ["first", "second"]
    assert float(chapters[1]["start"] * chapters[1]["time_base"]) == pytest.approx(1.58, abs=0.002)
    # What .mp4 keeps of chapters is a track of text, which is no track of the film.
    again = tmp_path / "again.mkv"
    assert join(parts_of(out, tmp_path), out, again) == []


def test_subtitles_are_copied_where_they_can_be(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=80, subtitles="subrip")
    out = tmp_path / "out.mkv"
    assert join(parts_of(film, tmp_path), film, out) == []
    assert packets_of(out, "subtitle") == packets_of(film, "subtitle")


def test_subtitles_are_written_anew_where_they_cannot(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=80, subtitles="subrip")
    out = tmp_path / "out.mp4"
    (note,) = join(parts_of(film, tmp_path), film, out)
    assert "becomes mov_text" in note
    lines = [data[2:] for _, data in packets_of(out, "subtitle") if len(data) > 2]
    assert lines == [b"line 0", b"line 1", b"line 2", b"line 3"]
    back = tmp_path / "back.mkv"
    assert "becomes subrip" in join(parts_of(out, tmp_path), out, back)[0]
    assert [data for _, data in packets_of(back, "subtitle") if data] == lines


def test_sound_that_the_container_cannot_hold_becomes_aac(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mov", count=50, sounds=["pcm_mulaw"])
    out = tmp_path / "out.mp4"
    (note,) = join(parts_of(film, tmp_path), film, out)
    assert "pcm_mulaw) becomes AAC" in note
    with av.open(str(out)) as joined:
        sound = joined.streams.audio[0]
        assert sound.codec_context.name == "aac"
        heard = np.concatenate([f.to_ndarray()[0] for f in joined.decode(sound)])
    assert len(heard) == pytest.approx(2 * 48_000, abs=2100)
    # The tone of 220 Hz is still there: its line stands highest.
    loudest = np.abs(np.fft.rfft(heard[: 48_000 * 1])).argmax()
    assert loudest == pytest.approx(220, abs=2)


def test_a_span_begins_at_0_with_its_own_sound(tmp_path: Path) -> None:
    film = make_film(
        tmp_path / "film.mkv", count=100, sounds=["aac"], subtitles="subrip", chapters=True
    )
    start, end = Fraction(1), Fraction(3)
    parts = parts_of(film, tmp_path, start=start, end=end)
    out = tmp_path / "out.mkv"
    join(parts, film, out, start=start, end=end)
    assert times_of(out) == even_times(50)
    sound = packets_of(out, "audio")
    wanted = [(t, d) for t, d in packets_of(film, "audio") if start <= t - lag(film) < end]
    assert [data for _, data in sound] == [data for _, data in wanted]
    assert float(sound[0][0] + start) == pytest.approx(float(wanted[0][0] - lag(film)), abs=0.002)
    assert [data for _, data in packets_of(out, "subtitle")] == [b"line 1", b"line 2"]
    with av.open(str(out)) as joined:
        ends = [float(c["end"] * (c["time_base"] or 0)) for c in joined.chapters()]
    assert ends == pytest.approx([0.98, 2.0], abs=0.03)


def lag(film: Path) -> Fraction:
    """When the first picture is shown, on the file's clock."""
    return packets_of(film, "video")[0][0]


@pytest.mark.parametrize(("codec", "name"), [("prores", "out.mov"), ("ffv1", "out.mkv")])
def test_other_codecs_are_joined_too(tmp_path: Path, codec: str, name: str) -> None:
    film = make_film(tmp_path / "film.mkv", count=40, sounds=["aac"])
    out = tmp_path / name
    assert join(parts_of(film, tmp_path, codec=codec), film, out) == []
    assert probe(out).codec == codec
    assert probe(out).rate == RATE
    assert times_of(out) == even_times(40)


def test_parts_that_differ_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    small = parts_of(make_film(tmp_path / "a.mkv", count=5), tmp_path)[0].rename(tmp_path / "a")
    large = parts_of(make_film(tmp_path / "b.mkv", count=5, shape=(64, 64)), tmp_path)[0]
    with pytest.raises(FilmError, match="coded otherwise"):
        join([small, large], None, tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()
    assert not list(tmp_path.glob(".*"))


def test_no_parts_and_no_film_s_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="nothing to put together"):
        join([], None, tmp_path / "out.mp4")
    with pytest.raises(OutputError, match="no film that can be written"):
        join([], None, tmp_path / "out.txt")


def test_a_cut_source_gives_the_sound_that_is_there(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=100, sounds=["aac"])
    parts = parts_of(film, tmp_path)
    whole = packets_of(film, "audio")
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    join(parts[:2], film, tmp_path / "out.mp4")
    sound = [data for _, data in packets_of(tmp_path / "out.mp4", "audio")]
    assert 0 < len(sound) < len(whole)
    assert sound == [data for _, data in whole[: len(sound)]]


def test_sound_long_before_the_first_picture_is_not_lost(tmp_path: Path) -> None:
    late = [Fraction(1, 2) + time for time in even_times(50)]
    film = make_film(tmp_path / "film.mkv", times=late, count=50, sounds=["aac"])
    for name in ("out.mp4", "out.mkv"):
        out = tmp_path / name
        join(parts_of(film, tmp_path), film, out)
        assert len(packets_of(out, "audio")) == len(packets_of(film, "audio"))
        gap = packets_of(out, "video")[0][0] - packets_of(out, "audio")[0][0]
        before = lag(film) - packets_of(film, "audio")[0][0]
        assert float(gap) == pytest.approx(float(before), abs=0.003)


def test_damaged_sound_leaves_a_whole_film(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.ts", count=50, sounds=["aac"], options={"bf": "0"})
    parts = parts_of(film, tmp_path)
    data = bytearray(film.read_bytes())
    for at in range(len(data) // 4, len(data), 997):
        data[at] ^= 0xFF
    film.write_bytes(data)
    out = tmp_path / "out.mp4"
    join(parts, film, out)
    assert times_of(out) == even_times(50)


def test_a_cover_and_second_pictures_are_told(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    with av.open(str(film), "w") as target:
        streams = [target.add_stream("libx264", rate=25) for _ in range(2)]
        for stream in streams:
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for stream in streams:
            frame = av.VideoFrame(64, 48, "yuv420p")
            frame.pts = 0
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                target.mux(packet)
    (note,) = join(parts_of(film, tmp_path), film, tmp_path / "out.mkv")
    assert "track 1 (video h264) is left out" in note


def test_a_codec_that_only_the_header_refuses_becomes_aac(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=50, sounds=["flac", "aac"])
    (note,) = join(parts_of(film, tmp_path), film, tmp_path / "out.mov")
    assert "track 1 (sound flac) becomes AAC" in note
    same = [packets_of(path, "audio", 1) for path in (film, tmp_path / "out.mov")]
    assert [data for _, data in same[0]] == [data for _, data in same[1]]


def test_fonts_go_along_where_they_can(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    scaler = VideoReformatter()
    with av.open(str(film), "w") as target:
        stream = target.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        target.add_attachment("letters.ttf", "font/ttf", b"curves")
        frame = from_pixels(card(0), "yuv420p", scaler)
        frame.pts = 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            target.mux(packet)
    parts = parts_of(film, tmp_path)
    assert join(parts, film, tmp_path / "out.mkv") == []
    with av.open(str(tmp_path / "out.mkv")) as joined:
        (font,) = [s for s in joined.streams if s.type == "attachment"]
        assert font.data == b"curves"
    assert "left out" in join(parts, film, tmp_path / "out.mp4")[0]


@pytest.mark.parametrize("name", ["film.avi", "film.ts", "film.mov"])
def test_sound_of_other_containers_goes_along_in_step(tmp_path: Path, name: str) -> None:
    codec = "libmp3lame"
    film = make_film(tmp_path / name, count=50, sounds=[codec], options={"bf": "0"})
    out = tmp_path / "out.mkv"
    assert join(parts_of(film, tmp_path), film, out) == []
    before, after = packets_of(film, "audio"), packets_of(out, "audio")
    assert [data for _, data in before] == [data for _, data in after]
    step = (before[0][0] - lag(film)) - (after[0][0] - lag(out))
    assert abs(float(step)) <= 0.002


@pytest.mark.parametrize("first", [1, 2, 3])
def test_the_first_part_may_be_as_short_as_a_frame(tmp_path: Path, first: int) -> None:
    film = make_film(tmp_path / "film.mp4", count=30)
    frames = list(FilmReader(film))
    parts = []
    for begin, end in ((0, first), (first, 29), (29, 30)):
        with SegmentWriter(tmp_path / f"part-{begin}", (48, 64), rate=RATE) as writer:
            for frame in frames[begin:end]:
                writer.add(frame)
        parts.append(tmp_path / f"part-{begin}")
    for name in ("out.mp4", "out.mkv"):
        out = tmp_path / name
        join(parts, None, out)
        assert times_of(out) == even_times(30)
        assert probe(out).rate == RATE
        with av.open(str(out)) as joined:
            decoding = [packet.dts for packet in joined.demux(video=0) if packet.dts is not None]
        assert decoding == sorted(set(decoding))
