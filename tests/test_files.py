from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from impasto.errors import OutputError
from impasto.files import check_place, file_lock, replacing, same_file

HOLDER = """
import sys
from pathlib import Path
from impasto.files import file_lock
with file_lock(Path(sys.argv[1]), poll_s=0.001, on_wait=lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


class BusyError(Exception):
    """Another holds the lock."""


def never() -> NoReturn:
    raise BusyError


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


def test_the_second_waits_until_the_first_is_done(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    order = []
    waiting = threading.Event()

    def second() -> None:
        with file_lock(path, poll_s=0.001, on_wait=waiting.set):
            order.append("second")

    thread = threading.Thread(target=second)
    with file_lock(path, poll_s=0.001, on_wait=never):
        thread.start()
        assert waiting.wait(20)
        order.append("first")
    thread.join(20)
    assert order == ["first", "second"]


def test_among_many_that_hurry_never_two_hold_the_lock(tmp_path: Path) -> None:
    # Each removes the lock file as it leaves, while others have it open.
    inside: list[int] = []
    most = []

    def hurry(me: int) -> None:
        for _ in range(50):
            with file_lock(tmp_path / "a.lock", poll_s=0, on_wait=lambda: None):
                inside.append(me)
                most.append(len(inside))
                inside.remove(me)

    threads = [threading.Thread(target=hurry, args=(me,)) for me in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1] * 200


def test_whoever_would_not_wait_is_let_go_by_what_it_raises(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with file_lock(path, poll_s=0, on_wait=never):
        with pytest.raises(BusyError), file_lock(path, poll_s=0, on_wait=never):
            pass
        assert path.exists()


def test_the_lock_file_is_gone_afterwards_and_the_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    for _ in range(2):
        with file_lock(path, poll_s=0.001, on_wait=never):
            assert path.exists()
        assert not path.exists()


def test_an_error_inside_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with pytest.raises(KeyboardInterrupt), file_lock(path, poll_s=0.001, on_wait=never):
        raise KeyboardInterrupt
    with file_lock(path, poll_s=0.001, on_wait=never):
        pass


def test_another_thread_may_free_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    lock = file_lock(path, poll_s=0.001, on_wait=never)
    lock.__enter__()
    thread = threading.Thread(target=lock.__exit__, args=(None, None, None))
    thread.start()
    thread.join(20)
    with file_lock(path, poll_s=0.001, on_wait=never):
        pass


def test_the_lock_of_a_killed_process_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyError), file_lock(path, poll_s=0, on_wait=never):
            pass
        holder.send_signal(signal.SIGKILL)
    assert path.exists()
    with file_lock(path, poll_s=0, on_wait=never):
        pass


def test_where_files_cannot_be_locked_the_work_is_done_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(_file: int, _how: int) -> NoReturn:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", without)
    with file_lock(tmp_path / "a.lock", poll_s=0, on_wait=never):
        pass


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), file_lock(tmp_path / "no/a", poll_s=0, on_wait=never):
        pass
    assert not (tmp_path / "no").exists()
