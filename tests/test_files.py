from __future__ import annotations

import os
from pathlib import Path

import pytest

from impasto.errors import OutputError
from impasto.files import check_place, replacing, same_file


def test_a_file_is_replaced_when_the_block_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("old")
    with replacing(path) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_a_block_that_fails_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("old")
    with pytest.raises(NotADirectoryError), replacing(path) as draft:
        (draft / "half").write_text("a draft is no folder")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with replacing(tmp_path / "link") as draft:
        draft.write_text("through")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() == "through"


def test_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    with replacing(tmp_path / "made") as draft:
        draft.unlink()
        os.close(os.open(draft, os.O_CREAT, 0o600))  # as some writers do
    assert (tmp_path / "made").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("no/where.txt", "does not exist"),
        ("file/in.txt", "is not a folder"),
        ("folder", "is a folder"),
        ("pipe", "not a regular file"),
        ("loop", "cannot be written"),
        ("x" * 300, "too long a name"),
        ("file", "one of the inputs"),
        ("hard", "one of the inputs"),
    ],
)
def test_a_place_that_could_not_be_written_is_refused(name: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("input")
    (tmp_path / "hard").hardlink_to(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match=told):
        check_place(tmp_path / name, inputs=[tmp_path / "file", None])


def test_what_is_only_written_to_may_be_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    check_place(tmp_path / "pipe", replaced=False)


def test_files_that_do_not_exist_are_the_same_by_name(tmp_path: Path) -> None:
    assert same_file(tmp_path / "a", tmp_path / "a")
    assert not same_file(tmp_path / "a", tmp_path / "b")
