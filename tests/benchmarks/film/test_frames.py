from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from benchmarks.film import frames
from impasto.errors import FilmError


def test_frames_come_back_nearly_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    written = [np.full((32, 48, 3), level, np.uint8) for level in (40, 120, 200)]
    assert frames.write(path, written, Fraction(30000, 1001)) == 3
    read = list(frames.read(path))
    assert [frame.shape for frame in read] == [(32, 48, 3)] * 3
    for one, other in zip(written, read, strict=True):
        assert np.abs(one.astype(int) - other).max() <= 2
    assert frames.rate_of(path) == Fraction(30000, 1001)


def test_a_film_is_scaled_down_and_never_up(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    frames.write(path, [np.zeros((32, 48, 3), np.uint8)], Fraction(24))
    assert next(frames.read(path, longest=24)).shape == (16, 24, 3)
    assert next(frames.read(path, longest=96)).shape == (32, 48, 3)


def test_a_file_that_is_no_film_is_refused(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film")
    with pytest.raises(FilmError, match=r"film\.mp4"):
        list(frames.read(tmp_path / "film.mp4"))
    with pytest.raises(FilmError, match=r"gone\.mp4"):
        frames.rate_of(tmp_path / "gone.mp4")


def test_nothing_is_left_of_a_film_whose_frames_fail(tmp_path: Path) -> None:
    def fails():  # type: ignore[no-untyped-def]
        yield np.zeros((32, 48, 3), np.uint8)
        raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        frames.write(tmp_path / "film.mp4", fails(), Fraction(24))
    assert list(tmp_path.iterdir()) == []
