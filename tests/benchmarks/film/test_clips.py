from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.film import frames
from benchmarks.film.clips import SHOT, collect
from impasto.errors import InputError, UnknownNameError


def test_films_of_a_folder_come_with_three_that_are_made(films: Path, tmp_path: Path) -> None:
    clips = collect([films], tmp_path / "work", longest=64, seconds=2)
    assert [clip.name for clip in clips] == ["brook", "garden", "card", "cut", "long"]
    assert all(clip.rate == 24 for clip in clips)
    shapes = [next(frames.read(clip.path)).shape for clip in clips]
    assert shapes == [(36, 64, 3), (36, 48, 3), (36, 64, 3), (36, 64, 3), (36, 64, 3)]


def test_the_cut_is_where_it_is_told(films: Path, tmp_path: Path) -> None:
    (cut,) = collect([films], tmp_path, longest=64, seconds=2, names=["cut"])
    assert cut.cuts == (SHOT,)
    shots = list(frames.read(cut.path))
    assert len(shots) == 2 * SHOT
    changes = [np.abs(one.astype(int) - other).mean() for one, other in pairwise(shots)]
    assert np.argmax(changes) == SHOT - 1
    assert changes[SHOT - 1] > 2 * np.median(changes)


def test_the_long_film_shows_the_same_frames_in_each_period(films: Path, tmp_path: Path) -> None:
    (film,) = collect([films], tmp_path, longest=64, seconds=10, names=["long"])
    assert film.period == 2 * 48 - 2
    shown = [frame.astype(int) for frame in frames.read(film.path)]
    assert len(shown) == 240
    assert np.abs(shown[3] - shown[3 + film.period]).mean() < 3
    assert np.abs(shown[3] - shown[film.period - 3]).mean() < 3
    assert np.abs(shown[3] - shown[47]).mean() > 10


def test_the_file_of_the_card_shows_what_is_known_of_it(films: Path, tmp_path: Path) -> None:
    (clip,) = collect([films], tmp_path, longest=64, seconds=2, names=["card"])
    assert clip.card is not None
    for known, shown in zip(clip.card.frames(), frames.read(clip.path), strict=True):
        assert np.abs(known.astype(int) - shown).mean() < 6  # colours at half the resolution


def test_what_is_made_is_made_once(films: Path, tmp_path: Path) -> None:
    (first,) = collect([films], tmp_path, longest=64, seconds=2, names=["cut"])
    before = first.path.stat()
    (again,) = collect([films], tmp_path, longest=64, seconds=2, names=["cut"])
    assert again.path.stat().st_mtime_ns == before.st_mtime_ns
    (other,) = collect([films], tmp_path, longest=32, seconds=2, names=["cut"])
    assert other.path != first.path


def test_a_clip_has_its_number_whichever_clips_are_taken(films: Path, tmp_path: Path) -> None:
    clips = collect([films], tmp_path, longest=64, seconds=2, names=["card", "garden"])
    assert [(clip.name, clip.number) for clip in clips] == [("card", 2), ("garden", 1)]


def test_clips_that_there_are_not_are_told(films: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'brook'"):
        collect([films], tmp_path, longest=64, seconds=2, names=["broom"])
    with pytest.raises(InputError, match="gone cannot be read"):
        collect([films / "gone"], tmp_path, longest=64, seconds=2)
    (films / "garden.mp4").rename(films / "card.mp4")
    with pytest.raises(InputError, match=r"card\.mp4 has the name of another clip: rename it"):
        collect([films], tmp_path, longest=64, seconds=2)
    (films / "card.mp4").unlink()
    with pytest.raises(InputError, match="--clips has 1 films, and a cut takes two"):
        collect([films], tmp_path, longest=64, seconds=2)


def test_films_too_short_for_a_cut_are_told(films: Path, tmp_path: Path) -> None:
    short = films / "garden.mp4"
    frames.write(short, [np.zeros((36, 48, 3), np.uint8)] * 9, frames.rate_of(short))
    with pytest.raises(InputError, match="a cut of 54 frames"):
        collect([films], tmp_path, longest=64, seconds=2, names=["cut"])
    assert not (tmp_path / "cut-64.mp4").exists()
