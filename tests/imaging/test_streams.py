from __future__ import annotations

import gzip
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import OutputError, PictureError
from impasto.imaging.streams import name_of, path_of, read_all, write_all


def refusal(file: Any) -> str:
    with pytest.raises(PictureError) as error:
        read_all(file, "the mask", max_megapixels=1)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_is_read_from_where_it_stands() -> None:
    file = io.BytesIO(b"headpicture")
    file.seek(4)
    assert read_all(file, "x", max_megapixels=1) == b"picture"


def test_a_pipe_that_gives_a_little_at_a_time_is_read_to_its_end() -> None:
    ours, theirs = os.pipe()
    os.write(theirs, b"ab")
    os.close(theirs)
    with open(ours, "rb", buffering=0) as file:  # noqa: PTH123
        assert read_all(file, "x", max_megapixels=1) == b"ab"


def test_a_file_without_bytes_left_says_how_to_go_back() -> None:
    file = io.BytesIO(b"once")
    file.read()
    assert "no bytes left to read: go back to its start with seek(0)" in refusal(file)


def test_a_file_open_as_text_says_how_to_open_it() -> None:
    assert (
        refusal(io.StringIO("GIF89a")) == 'the mask is open as text: open it in binary mode, "rb"'
    )


def test_text_that_is_no_text_at_all_says_so_too(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0")
    with path.open(encoding="utf-8") as file:
        assert "in binary mode" in refusal(file)


def test_a_file_that_is_closed_or_only_written_is_told(tmp_path: Path) -> None:
    closed = io.BytesIO(b"x")
    closed.close()
    assert "closed file" in refusal(closed)
    with (tmp_path / "new").open("wb") as file:
        assert "open it for reading" in refusal(file)


def test_a_file_that_is_awaited_says_what_to_pass_in_its_place() -> None:
    class Upload:
        async def read(self, size: int = -1) -> bytes:
            raise AssertionError(size)

    assert "a Upload is read with await" in refusal(Upload())


def test_a_file_that_gives_something_else_is_told() -> None:
    class Odd:
        def read(self, size: int) -> int:
            return size

    assert "gives a int in place of bytes" in refusal(Odd())


def test_no_more_is_read_than_a_picture_can_need() -> None:
    class Endless:
        count = 0

        def read(self, size: int) -> bytes:
            self.count += size
            return bytes(size)

    endless = Endless()
    assert "raise --max-megapixels" in refusal(endless)
    assert endless.count < 100e6


def test_a_file_is_called_by_its_own_name_if_it_has_one(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.touch()
    with path.open("rb") as file:
        assert name_of(file, "the mask") == str(path)
    with tempfile.SpooledTemporaryFile() as upload:
        assert name_of(upload, "the mask") == "the mask"


def test_only_a_whole_file_of_the_disk_has_a_path(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(gzip.compress(b"picture"))
    with path.open("rb") as file:
        assert path_of(file) == path
        file.read(1)
        assert path_of(file) is None
    with gzip.open(path) as packed:
        assert path_of(packed) is None  # what it gives is not what the file holds
    with os.fdopen(os.open(path, os.O_RDONLY), "rb") as by_number:
        assert path_of(by_number) is None
    assert path_of(io.BytesIO()) is None
    assert path_of(io.BufferedReader(io.BytesIO())) is None  # type: ignore[arg-type]
    assert path_of(file) is None  # closed by now


def test_all_bytes_arrive_where_few_are_taken_at_a_time() -> None:
    class Slow:
        taken = b""

        def write(self, data: bytes) -> int:
            self.taken += data[:3]
            return len(data[:3])

    slow = Slow()
    write_all(slow, b"painting", "x")
    assert slow.taken == b"painting"


def test_a_place_that_tells_no_count_has_taken_all() -> None:
    class Silent:
        taken = b""

        def write(self, data: bytes) -> None:
            self.taken += data

    silent = Silent()
    write_all(silent, b"painting", "x")
    assert silent.taken == b"painting"


def test_what_takes_no_bytes_is_told() -> None:
    class Full:
        def write(self, data: bytes) -> int:
            return len(data[:0])

    closed = io.BytesIO()
    closed.close()
    for file, words in (
        (io.StringIO(), 'in binary mode, "wb"'),
        (closed, "closed file"),
        (Full(), "takes no more bytes"),
    ):
        with pytest.raises(OutputError, match=words):
            write_all(file, b"painting", "the painting")  # type: ignore[arg-type]
