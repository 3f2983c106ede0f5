from __future__ import annotations

import hashlib
import io
import stat
from pathlib import Path

import pytest

from impasto.errors import OutputError, UnknownJobError
from impasto.service.jobs.files import Folder

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # SHA-256 of no bytes


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def files_in(folder: Folder) -> list[Path]:
    return [path for path in folder.path.rglob("*") if path.is_file()]


def test_a_stream_a_file_and_bytes_are_kept_under_their_hash(
    folder: Folder, tmp_path: Path
) -> None:
    data = bytes(range(256)) * 8192  # 2 MiB: more than one piece
    (tmp_path / "photo.jpg").write_bytes(data)
    hashes = {
        folder.keep_upload(source) for source in (io.BytesIO(data), tmp_path / "photo.jpg", data)
    }
    assert hashes == {hashlib.sha256(data).hexdigest()}
    assert files_in(folder) == [folder.upload(hashes.pop())]
    assert files_in(folder)[0].read_bytes() == data
    assert (tmp_path / "photo.jpg").exists()


def test_no_bytes_are_kept_too(folder: Folder) -> None:
    assert folder.keep_upload(b"") == EMPTY
    assert folder.upload(EMPTY).read_bytes() == b""


class Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:  # noqa: ARG002 - of any stream
        if self.tell():
            raise OSError(28, "No space left on device")
        return super().read(8)


def test_a_stream_that_breaks_leaves_nothing(folder: Folder) -> None:
    with pytest.raises(OutputError, match="no space left on device"):
        folder.keep_upload(Broken(b"some bytes and more"))
    assert files_in(folder) == []


@pytest.mark.parametrize("name", ["../" * 32 + "a", "A" * 64, "a" * 63, "a" * 64 + "\n", "", "\0"])
def test_no_other_name_becomes_an_upload(folder: Folder, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        folder.upload(name)


@pytest.mark.parametrize("id", ["..", "../" * 16, "A" * 32, "a" * 33, "a" * 32 + "\n", "", "\0"])
def test_no_other_name_becomes_a_job(folder: Folder, id: str) -> None:
    with pytest.raises(UnknownJobError, match="not a job's id"):
        folder.job(id)
    with pytest.raises(UnknownJobError):
        folder.remove_job(id)


def test_a_job_has_a_folder_until_it_is_removed(folder: Folder) -> None:
    path = folder.job("0" * 32)
    assert path == folder.path / "jobs" / ("0" * 32)
    (path / "result.png").write_bytes(b"a picture")
    assert folder.job("0" * 32).is_dir()
    for _ in range(2):
        folder.remove_job("0" * 32)
    assert not path.exists()


def test_other_users_see_nothing(folder: Folder) -> None:
    for path in (folder.path, folder.path / "uploads", folder.job("0" * 32)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_is_told_with_its_remedy(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(OutputError, match="choose another --data"):
        Folder(tmp_path / "taken")


def test_a_folder_that_can_be_written_is_left_as_it_was(folder: Folder) -> None:
    folder.check()
    assert files_in(folder) == []
