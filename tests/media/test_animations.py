from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import FilmError, OutputError
from impasto.media.animations import AnimationReader, AnimationWriter
from impasto.media.film import SegmentWriter, join, open_source
from impasto.media.frame import Frame
from tests.films import card

TIMES = [Fraction(n, 10) for n in (0, 1, 3, 4, 8)]
DURATIONS = [Fraction(n, 10) for n in (1, 2, 1, 4, 4)]


def film() -> list[Frame]:
    return [
        Frame(card(n), time, duration)
        for n, (time, duration) in enumerate(zip(TIMES, DURATIONS, strict=True))
    ]


# Cards have two colours, which GIF and APNG keep; WebP is coded with loss.
@pytest.mark.parametrize(("suffix", "loss"), [(".gif", 0), (".png", 0), (".webp", 8)])
def test_pictures_and_times_come_back(tmp_path: Path, suffix: str, loss: int) -> None:
    path = tmp_path / f"film{suffix}"
    with AnimationWriter(path, (48, 64)) as writer:
        for frame in film():
            writer.add(frame)
    reader = open_source(path)
    assert isinstance(reader, AnimationReader)
    assert reader.info.variable
    frames = list(reader)
    assert [frame.time for frame in frames] == TIMES
    assert [frame.duration for frame in frames] == DURATIONS
    for frame, given in zip(frames, film(), strict=True):
        difference = np.abs(frame.pixels.astype(int) - given.pixels)
        assert difference.mean() <= loss
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    with Image.open(path) as picture:
        assert picture.info["loop"] == 0


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_the_same_frames_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    paths = [tmp_path / f"{n}{suffix}" for n in (1, 2)]
    for path in paths:
        with AnimationWriter(path, (48, 64)) as writer:
            for frame in film():
                writer.add(frame)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("name", ["out.gif", "out.webp", "out.apng", "out", "out/f-%03d.png"])
def test_parts_of_a_film_become_what_the_name_asks_for(tmp_path: Path, name: str) -> None:
    with SegmentWriter(tmp_path / "part", (48, 64), rate=Fraction(10), codec="ffv1") as writer:
        for frame in film():
            writer.add(frame)
    out = tmp_path / name
    assert join([tmp_path / "part"], None, out) == []
    frames = list(open_source(out))
    assert len(frames) == 5
    assert np.abs(frames[4].pixels.astype(int) - card(4)).mean() <= 8


def test_a_rate_of_its_own_repeats_frames(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    with AnimationWriter(path, (48, 64)) as writer:
        for frame in film():
            writer.add(frame)
    frames = list(AnimationReader(path, rate=Fraction(10)))
    assert [frame.time for frame in frames] == [Fraction(n, 10) for n in range(12)]
    assert np.array_equal(frames[2].pixels, card(1))


def test_transparent_places_are_white(tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    pictures = [Image.new("RGBA", (16, 16), (200, 0, 0, alpha)) for alpha in (0, 255)]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], lossless=True, duration=50)
    reader = AnimationReader(path)
    first, second = list(reader)
    assert first.pixels[8, 8].tolist() == [255, 255, 255]
    assert second.pixels[8, 8].tolist() == [200, 0, 0]
    assert "painted on white" in reader.notes[0]


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_a_single_picture_is_no_film(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"photo{suffix}"
    Image.fromarray(card(0)).save(path)
    with pytest.raises(FilmError, match="is a single picture, not a film"):
        open_source(path)


def test_a_cut_gif_gives_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "film.gif"
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    with AnimationWriter(path, (48, 64)) as writer:
        for n in range(10):
            writer.add(Frame(np.roll(noise, n, 1), Fraction(n, 10), Fraction(1, 10)))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 3 <= len(list(open_source(path))) <= 6


def test_an_error_leaves_no_file(tmp_path: Path) -> None:
    for suffix in (".gif", ".png", ".webp"):
        with (
            pytest.raises(FilmError, match="one size"),
            AnimationWriter(tmp_path / f"film{suffix}", (48, 64)) as writer,
        ):
            writer.add(Frame(card(0, (50, 64)), Fraction(0), Fraction(1)))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no animated picture"):
        AnimationWriter(tmp_path / "film.bmp", (48, 64))
    with pytest.raises(FilmError, match="would hold no frame"):
        AnimationWriter(tmp_path / "film.gif", (48, 64)).close()


@pytest.mark.parametrize(("suffix", "rate"), [(".gif", 250), (".png", 2500), (".webp", 2500)])
def test_frames_closer_than_the_format_can_tell_are_left_out(
    tmp_path: Path, suffix: str, rate: int
) -> None:
    path = tmp_path / f"film{suffix}"
    with AnimationWriter(path, (48, 64)) as writer:
        for n in range(10):
            writer.add(Frame(card(n), Fraction(n, rate), Fraction(1, rate)))
    # Ticks 0, 0.4, 0.8 and so on: each of 0 to 4 is met first by one of these.
    frames = list(AnimationReader(path))
    assert len(frames) == 5
    for frame, kept in zip(frames, (0, 2, 4, 7, 9), strict=True):
        assert np.abs(frame.pixels.astype(int) - card(kept)).mean() <= 8
    (note,) = writer.notes
    assert note.startswith("5 frames are left out")


def test_what_the_format_cannot_hold_is_told_in_a_sentence(tmp_path: Path) -> None:
    shape = (1, 65_536)  # px: one more than a GIF can be wide
    with (
        pytest.raises(OutputError, match="cannot be written"),
        AnimationWriter(tmp_path / "film.gif", shape) as writer,
    ):
        writer.add(Frame(np.zeros((*shape, 3), np.uint8), Fraction(0), Fraction(1)))
    assert list(tmp_path.iterdir()) == []
