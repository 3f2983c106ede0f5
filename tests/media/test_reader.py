from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import FilmError
from impasto.media.probe import probe
from impasto.media.reader import FilmReader
from tests.films import CLOCK, RATE, card, even_times, make_film, packets_of

# Compression at crf 10 moves a level by so much on average, in a picture of flat patches.
CLOSE = 2.0


def unlike(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference in levels."""
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def test_frames_come_in_order_with_their_times_and_pictures(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4")
    with FilmReader(film) as reader:
        frames = list(reader)
    assert [frame.time for frame in frames] == even_times(30)
    assert {frame.duration for frame in frames} == {1 / RATE}
    assert all(unlike(frame.pixels, card(n)) < CLOSE for n, frame in enumerate(frames))
    assert reader.notes == []


def test_a_turned_film_of_unequal_times_comes_upright_at_its_times(tmp_path: Path) -> None:
    steps = [Fraction(1, 12) if n % 3 == 0 else Fraction(1, 30) for n in range(29)]
    times = [sum(steps[:n], Fraction(0)) for n in range(30)]
    film = make_film(tmp_path / "turned.mp4", times=times, degrees=-90)
    reader = FilmReader(film)
    frames = list(reader)
    assert (reader.info.height, reader.info.width) == (64, 48)
    assert reader.info.variable
    assert [frame.time for frame in frames] == [round(time / CLOCK) * CLOCK for time in times]
    assert [frame.duration for frame in frames[:-1]] == pytest.approx(steps, abs=1e-4)
    assert unlike(frames[12].pixels, np.rot90(card(12), -1)) < CLOSE


@pytest.mark.parametrize("degrees", [90, 180, -90])
def test_each_quarter_turn_is_undone(tmp_path: Path, degrees: int) -> None:
    film = make_film(tmp_path / "film.mov", count=3, degrees=degrees)
    frame = next(iter(FilmReader(film)))
    assert unlike(frame.pixels, np.rot90(card(0), degrees // 90)) < CLOSE


def test_reading_from_a_start_gives_the_frames_that_reading_from_0_gives(tmp_path: Path) -> None:
    # 12 s with a key frame each second: far enough for a jump.
    film = make_film(tmp_path / "film.mp4", count=300, options={"crf": "30", "g": "25"})
    whole = list(FilmReader(film))
    start, end = Fraction(905, 100), Fraction(10)
    part = list(FilmReader(film, start=start, end=end))
    expected = [frame for frame in whole if start <= frame.time < end]
    assert len(part) == len(expected) == 23
    for one, other in zip(part, expected, strict=True):
        assert one.time == other.time
        assert np.array_equal(one.pixels, other.pixels)


@pytest.mark.parametrize("name", ["film.mkv", "film.ts", "film.avi"])
def test_other_containers_give_the_same_from_a_start_too(tmp_path: Path, name: str) -> None:
    options = {"crf": "30", "g": "25", "bf": "0"}
    film = make_film(tmp_path / name, count=250, options=options)
    reader = FilmReader(film)
    whole = list(reader)
    assert reader.notes == []
    part = list(FilmReader(film, start=Fraction(9)))
    assert [f.time for f in part] == [f.time for f in whole if f.time >= 9]
    assert np.array_equal(part[-1].pixels, whole[-1].pixels)


def test_a_rate_lies_on_a_grid_from_0(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", count=50)
    slow = list(FilmReader(film, rate=Fraction(10)))
    assert [frame.time for frame in slow] == even_times(20, Fraction(10))
    later = list(FilmReader(film, rate=Fraction(10), start=Fraction(1, 2)))
    assert [frame.time for frame in later] == [frame.time for frame in slow[5:]]
    assert np.array_equal(later[0].pixels, slow[5].pixels)
    assert len(list(FilmReader(film, rate=Fraction(50)))) == 100


def test_a_film_cut_in_half_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", count=100)
    half = tmp_path / "half.mkv"
    half.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    reader = FilmReader(half)
    frames = list(reader)
    assert 20 < len(frames) < 80
    end = frames[-1].time + frames[-1].duration
    assert f"end at {float(end):.1f} s of 4.0 s" in reader.notes[-1]


def test_a_cut_film_with_its_index_in_front_gives_what_is_there(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", count=100, container={"movflags": "+faststart"})
    film.write_bytes(film.read_bytes()[: film.stat().st_size * 3 // 4])
    reader = FilmReader(film)
    assert 0 < len(list(reader)) < 100
    assert any("cut" in note for note in reader.notes)


# Of 29 pictures the last one is shown after two that are decoded after it, of 30 it is not.
@pytest.mark.parametrize("count", [29, 30])
@pytest.mark.parametrize("name", ["film.mp4", "film.mov"])
def test_the_last_picture_lasts_until_the_film_ends(tmp_path: Path, name: str, count: int) -> None:
    film = make_film(tmp_path / name, count=count, until=Fraction(5))
    orders = [time for time, _ in packets_of(film, "video")]
    assert orders != sorted(orders)
    assert (orders[-1] == max(orders)) == (count == 30)
    reader = FilmReader(film)
    *_, last = reader
    assert (last.time, last.time + last.duration) == (Fraction(count - 1, 25), 5)
    assert reader.notes == []
    assert [frame.time for frame in FilmReader(film, rate=Fraction(2))] == even_times(10, 2)


def test_the_last_picture_lasts_until_the_film_ends_after_a_jump_to_it(tmp_path: Path) -> None:
    options = {"crf": "30", "g": "25"}
    film = make_film(tmp_path / "film.mp4", count=299, until=Fraction(20), options=options)
    *_, last = FilmReader(film, start=Fraction(11))
    assert (last.time, last.duration) == (Fraction(298, 25), 20 - Fraction(298, 25))


@pytest.mark.parametrize("lost", [1, 200])
def test_a_film_with_a_long_last_picture_is_cut_where_bytes_of_it_are_missing(
    tmp_path: Path, lost: int
) -> None:
    container = {"movflags": "+faststart"}
    film = make_film(tmp_path / "film.mp4", count=29, until=Fraction(5), container=container)
    film.write_bytes(film.read_bytes()[:-lost])
    reader = FilmReader(film)
    *_, last = reader
    assert last.duration == 1 / RATE
    end = f"{float(last.time + last.duration):.1f}"
    assert f"end at {end} s of 5.0 s: the file is cut" in reader.notes[-1]


def test_damage_in_the_middle_leaves_the_rest(tmp_path: Path) -> None:
    options = {"crf": "10", "g": "10"}
    film = make_film(tmp_path / "film.mp4", count=100, options=options)
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    film.write_bytes(data)
    frames = list(FilmReader(film))
    assert len(frames) > 60
    assert frames[-1].time == Fraction(99, 25)


def test_pixels_that_are_not_square_become_so(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", count=2, aspect=Fraction(3, 2))
    reader = FilmReader(film)
    assert next(iter(reader)).pixels.shape == (48, 96, 3)
    assert "not square" in reader.notes[0]


def test_each_loop_reads_anew(tmp_path: Path) -> None:
    reader = FilmReader(make_film(tmp_path / "film.mp4", count=5))
    assert len(list(reader)) == len(list(reader)) == 5


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"start": Fraction(-1)}, "give 0 or more"),
        ({"start": Fraction(9)}, "film.mp4 is 1.2 s long"),
        ({"start": Fraction(1), "end": Fraction(1)}, "not after the start"),
        ({"rate": Fraction(0)}, "above 0"),
    ],
)
def test_spans_without_frames_are_refused(
    tmp_path: Path, span: dict[str, Fraction], words: str
) -> None:
    film = make_film(tmp_path / "film.mp4")
    with pytest.raises(FilmError, match=words):
        FilmReader(film, **span)


def test_what_a_film_is_stands_in_its_info(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", sounds=["aac", "aac"], subtitles="subrip")
    info = probe(film)
    assert (info.height, info.width, info.rate, info.frames) == (48, 64, RATE, 30)
    assert (info.seconds, info.variable, info.codec) == (30 / RATE, False, "h264")
    assert (info.sounds, info.subtitles, info.notes) == (2, 1, ())


def test_the_clock_of_a_broadcast_may_begin_anew(tmp_path: Path) -> None:
    # Two recordings in one file, as receivers leave them.
    film = make_film(tmp_path / "film.ts", options={"crf": "10", "bf": "0"})
    film.write_bytes(film.read_bytes() * 2)
    reader = FilmReader(film)
    frames = list(reader)
    assert [frame.time for frame in frames] == even_times(60)
    assert unlike(frames[42].pixels, card(12)) < CLOSE
    assert any("clock" in note for note in reader.notes)


def test_the_fields_of_an_interlaced_film_become_whole_frames(tmp_path: Path) -> None:
    # Each frame holds the even lines of one moment and the odd lines of the next.
    moments = [card(2 * n, (96, 128)) for n in range(21)]
    combed = [moments[n].copy() for n in range(20)]
    for n, frame in enumerate(combed):
        frame[1::2] = moments[n + 1][1::2]
    options = {"crf": "10", "x264-params": "interlaced=1:tff=1"}
    film = make_film(tmp_path / "film.mp4", pictures=combed, options=options)
    reader = FilmReader(film)
    frames = list(reader)
    assert "interlaced" in reader.notes[0]
    assert [frame.time for frame in frames] == even_times(20)

    def comb(pixels: np.ndarray) -> float:
        """How much neighbouring lines of the moving card differ more than every other line."""
        lines = pixels[9:23].astype(int)
        return float(np.abs(np.diff(lines, axis=0)).mean() - np.abs(lines[2:] - lines[:-2]).mean())

    assert comb(combed[10]) > 5
    assert comb(frames[10].pixels) < comb(combed[10]) / 4


def test_frames_that_are_too_large_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4", count=2)
    with pytest.raises(FilmError, match=r"48 x 64 px; frames may have up to 0.001 megapixels"):
        probe(film, max_megapixels=0.001)
