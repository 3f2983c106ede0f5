from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import FilmError, OutputError
from impasto.media.film import FilmReader
from impasto.media.frame import Frame
from impasto.media.pipes import PipeWriter
from tests.films import card

RATE = Fraction(30_000, 1001)


def frames(shape: tuple[int, int]) -> list[Frame]:
    return [Frame(card(n, shape), n / RATE, 1 / RATE) for n in range(4)]


@pytest.mark.parametrize("shape", [(48, 64), (33, 47)])
def test_a_y4m_is_a_film_that_others_read(tmp_path: Path, shape: tuple[int, int]) -> None:
    path = tmp_path / "film.y4m"
    with path.open("wb") as file, PipeWriter(file, "y4m", shape, RATE) as writer:
        for frame in frames(shape):
            writer.add(frame)
    reader = FilmReader(path)
    assert reader.info.rate == RATE
    back = list(reader)
    assert [frame.time for frame in back] == [n / RATE for n in range(4)]
    for frame, given in zip(back, frames(shape), strict=True):
        assert frame.pixels.shape == given.pixels.shape
        assert np.abs(frame.pixels[2].astype(int) - given.pixels[2]).max() <= 2  # the ground


def test_raw_frames_are_their_bytes() -> None:
    pipe = io.BytesIO()
    writer = PipeWriter(pipe, "raw", (48, 64), RATE)
    for frame in frames((48, 64)):
        writer.add(frame)
    assert pipe.getvalue() == b"".join(card(n).tobytes() for n in range(4))


def test_another_format_or_size_is_refused() -> None:
    with pytest.raises(FilmError, match="choose y4m or raw"):
        PipeWriter(io.BytesIO(), "mp4", (48, 64), RATE)
    with pytest.raises(FilmError, match="one size"):
        PipeWriter(io.BytesIO(), "raw", (50, 64), RATE).add(frames((48, 64))[0])


def test_a_closed_pipe_is_told() -> None:
    pipe = io.BytesIO()
    pipe.close()
    with pytest.raises(OutputError, match="standard output cannot be written"):
        PipeWriter(pipe, "y4m", (48, 64), RATE)
