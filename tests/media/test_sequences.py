from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import FilmError, OutputError
from impasto.imaging.write import write
from impasto.media.film import open_source
from impasto.media.frame import Frame
from impasto.media.sequences import SequenceReader, SequenceWriter, pictures_of
from tests.films import card


def draw(path: Path, number: int, shape: tuple[int, int] = (48, 64)) -> Path:
    Image.fromarray(card(number, shape)).save(path)
    return path


def test_a_folder_is_read_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 2, 1):
        draw(tmp_path / f"{number}.png", number)
    (tmp_path / "notes.txt").write_text("not a picture")
    frames = list(open_source(tmp_path))
    assert [frame.time for frame in frames] == [Fraction(n, 25) for n in range(4)]
    for frame, number in zip(frames, (1, 2, 9, 10), strict=True):
        assert np.array_equal(frame.pixels, card(number))


def test_a_pattern_takes_only_what_fits(tmp_path: Path) -> None:
    for name in ("frame-0001.png", "frame-0002.png", "other-0003.png", "frame-x.png"):
        draw(tmp_path / name, 1)
    names = [path.name for path in pictures_of(tmp_path / "frame-%04d.png")]
    assert names == ["frame-0001.png", "frame-0002.png"]
    assert open_source(tmp_path / "frame-%04d.png").info.frames == 2


def test_the_rate_is_that_of_the_pictures(tmp_path: Path) -> None:
    for number in range(5):
        draw(tmp_path / f"{number}.png", number)
    reader = SequenceReader(tmp_path, rate=Fraction(10), start=Fraction(1, 5))
    assert [frame.time for frame in reader] == [Fraction(n, 10) for n in (2, 3, 4)]
    assert reader.info.seconds == Fraction(1, 2)


def test_a_picture_of_another_size_is_named(tmp_path: Path) -> None:
    draw(tmp_path / "1.png", 1)
    draw(tmp_path / "2.png", 1, (50, 64))
    with pytest.raises(FilmError, match=r"2.png is 50 x 64 px, the first picture 48 x 64"):
        list(open_source(tmp_path))


@pytest.mark.parametrize("bits", [8, 16])
def test_transparent_places_are_white(tmp_path: Path, bits: int) -> None:
    draw(tmp_path / "1.png", 1, (4, 6))
    clear = np.zeros((4, 6, 4), np.uint8)
    clear[:, 3:] = (200, 0, 0, 255)
    write(tmp_path / "2.png", clear[..., :3] / 255, alpha=clear[..., 3], bits=bits)
    reader = SequenceReader(tmp_path)
    assert reader.notes == []
    frame = list(reader)[1]
    assert (frame.pixels[:, :3] == 255).all()
    assert (frame.pixels[:, 3:] == (200, 0, 0)).all()
    list(reader)
    assert reader.notes == [f"transparent places of {tmp_path} are painted on white"]
    (tmp_path / "1.png").unlink()
    assert list(SequenceReader(tmp_path).info.notes) == reader.notes


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match="holds no pictures"):
        open_source(tmp_path)
    with pytest.raises(FilmError, match="holds no pictures"):
        open_source(tmp_path / "frame-%04d.png")


@pytest.mark.parametrize("place", ["out", "out/frame-%06d.png"])
def test_what_is_written_is_read_again(tmp_path: Path, place: str) -> None:
    with SequenceWriter(tmp_path / place) as writer:
        for number in range(3):
            writer.add(Frame(card(number), Fraction(number, 25), Fraction(1, 25)))
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["frame-000001.png", "frame-000002.png", "frame-000003.png"]
    frames = list(open_source(tmp_path / "out"))
    assert all(np.array_equal(frame.pixels, card(n)) for n, frame in enumerate(frames))


def write_numbered(place: Path, count: int) -> SequenceWriter:
    with SequenceWriter(place) as writer:
        for number in range(count):
            writer.add(Frame(card(number), Fraction(number, 25), Fraction(1, 25)))
    return writer


def test_what_is_left_of_an_older_longer_film_goes(tmp_path: Path) -> None:
    place = tmp_path / "f-%02d.png"
    write_numbered(place, 5)
    others = {"f-4.png", "f-004.png", "f-04.jpg", "g-05.png", ".f-05.png"}  # no work of its own
    for name in others:
        (tmp_path / name).touch()
    writer = write_numbered(place, 3)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"f-01.png", "f-02.png", "f-03.png", *others}
    (note,) = writer.notes
    assert note.startswith("2 pictures of an older film")


def test_pictures_stay_beside_a_film_that_replaces_none_or_breaks_off(tmp_path: Path) -> None:
    place = tmp_path / "f-%02d.png"
    draw(tmp_path / "f-09.png", 9)
    assert write_numbered(place, 2).notes == []
    writer = SequenceWriter(place)
    writer.add(Frame(card(0), Fraction(0), Fraction(1, 25)))
    with pytest.raises(TypeError), writer:
        writer.add(Frame(np.zeros((48, 64, 3)), Fraction(1, 25), Fraction(1, 25)))  # no uint8
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f-01.png", "f-02.png", "f-09.png"]


def test_a_pattern_of_no_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"a suffix like \.png"):
        SequenceWriter(tmp_path / "frame-%04d.txt")
