from __future__ import annotations

import errno
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import FilmError, OutputError
from impasto.media.frame import Frame
from impasto.media.sink import FileSink

FRAME = Frame(np.zeros((2, 3, 3), np.uint8), Fraction(0), Fraction(1))


class Counts(FileSink):
    """A file of the times of its frames; the disk has room for so many."""

    room = 9

    def _begin(self, draft: Path, opening: ExitStack) -> None:
        self._file = opening.enter_context(draft.open("w"))

    def _take(self, frame: Frame) -> None:
        self._file.write(str(frame.time))

    def _finish(self) -> None:
        self._file.flush()
        if self.frames > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_the_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "film"
    with Counts(path, (2, 3)) as sink:
        sink.add(FRAME)
        sink.add(FRAME)
        assert not path.exists()
    assert path.read_text() == "00"
    sink.abandon()
    assert [file.name for file in tmp_path.iterdir()] == ["film"]


def test_a_full_disk_at_the_end_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_text("old")
    full = pytest.raises(OutputError, match=r"cannot be written \(no space left on device\)")
    with full, Counts(path, (2, 3)) as sink:
        for _ in range(10):
            sink.add(FRAME)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["film"]


def test_what_is_abandoned_or_empty_leaves_no_file(tmp_path: Path) -> None:
    Counts(tmp_path / "film", (2, 3)).abandon()
    with pytest.raises(FilmError, match="would hold no frame"), Counts(tmp_path / "film", (2, 3)):
        pass
    with pytest.raises(FilmError, match="2 x 3 px"), Counts(tmp_path / "film", (2, 4)) as sink:
        sink.add(FRAME)
    assert list(tmp_path.iterdir()) == []
