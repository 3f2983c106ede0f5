from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import NoReturn

import pytest

from impasto.errors import OutputError
from impasto.files import (
    check_place,
    file_lock,
    file_sha256,
    replacing,
    same_file,
    sweep_drafts,
)

HOLDER = """
import sys
from pathlib import Path
from impasto.files import file_lock
with file_lock(Path(sys.argv[1]), poll_s=0.001, on_wait=lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""

WRITER = """
import sys
from pathlib import Path
from impasto.files import replacing
with replacing(Path(sys.argv[1])) as draft:
    draft.write_text("half")
    (draft.parent / ".tmp1234").touch()
    print(draft.parent, flush=True)
    sys.stdin.read()
"""


class BusyError(Exception):
    """Another holds the lock."""


def never() -> NoReturn:
    raise BusyError


def without_locks(_file: int, _how: int) -> NoReturn:
    raise OSError(errno.ENOLCK, "No locks available")


def fill(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a folder be one like /proc: it is there and writable, and no file can be made in it."""
    open_file = os.open

    def refusing(path: str | Path, flags: int, *arguments: int, **named: int) -> int:
        if flags & os.O_CREAT and Path(path).parent == folder:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
        return open_file(path, flags, *arguments, **named)

    monkeypatch.setattr(os, "open", refusing)


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


def kill_writer(path: Path) -> Path:
    """The folder of the draft of a writer that was killed in the middle."""
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        folder = Path(writer.stdout.readline().decode().strip())
        writer.send_signal(signal.SIGKILL)
    return folder


def test_what_a_killed_writer_left_goes_with_the_next_writing(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    folder = kill_writer(path)
    # The half-written draft, and what the writer had made beside it on the way.
    assert {file.name for file in folder.iterdir()} == {"note.txt", ".tmp1234"}
    with replacing(path) as draft:
        draft.write_text("whole")
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]
    assert path.read_text() == "whole"


def test_a_living_writer_keeps_its_draft_while_another_writes_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    with replacing(path) as first:
        first.write_text("first")
        # Some writers put another file in its place; the draft is no less theirs.
        first.unlink()
        first.write_text("first again")
        with replacing(path) as second:
            second.write_text("second")
        assert path.read_text() == "second"
        sweep_drafts([path])
        assert first.read_text() == "first again"
    assert path.read_text() == "first again"
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_many_that_write_one_file_at_once_each_write_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    texts = []

    def write(text: str) -> None:
        for _ in range(10):
            with replacing(path) as draft:
                draft.write_text(text)
            texts.append(path.read_text())

    threads = [threading.Thread(target=write, args=(letter * 99,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(texts) == 40
    assert set(texts) <= {letter * 99 for letter in "abcd"}
    assert [file.name for file in tmp_path.iterdir()] == ["note.txt"]


def test_drafts_of_these_files_go_and_all_else_stays(tmp_path: Path) -> None:
    ours, of_0_1_0 = tmp_path / ".a.jpg.0123abcd.part", tmp_path / ".a.jpg.4567cdef.part"
    theirs, other = tmp_path / ".b.jpg.0123abcd.part", tmp_path / ".a.jpg.part"
    for folder in (ours, theirs, other):
        folder.mkdir()
    of_0_1_0.touch()
    (tmp_path / "a.jpg").touch()
    sweep_drafts([tmp_path / "a.jpg", tmp_path / "no such folder" / "c.jpg"])
    assert {path.name for path in tmp_path.iterdir()} == {theirs.name, other.name, "a.jpg"}


def test_a_link_is_followed_to_where_its_draft_lies(tmp_path: Path) -> None:
    draft = tmp_path / "far" / ".a.jpg.0123abcd.part"
    draft.mkdir(parents=True)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "far" / "a.jpg")
    sweep_drafts([tmp_path / "link.jpg"])
    assert not draft.exists()


def test_drafts_stay_where_locks_cannot_tell_whether_their_writer_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fcntl, "flock", without_locks)
    path = tmp_path / "note.txt"
    with replacing(path) as first:
        first.write_text("first")
        sweep_drafts([path])
    assert path.read_text() == "first"


def test_a_name_as_long_as_the_file_system_allows_can_be_written_and_swept(tmp_path: Path) -> None:
    path = tmp_path / ("é" * 127)
    folder = kill_writer(path)
    with replacing(path) as draft:
        draft.write_text("whole")
    assert not folder.exists()
    assert path.read_text() == "whole"


@pytest.mark.parametrize(
    ("name", "why"),
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
def test_a_place_that_could_not_be_written_is_refused(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("input")
    (tmp_path / "hard").hardlink_to(tmp_path / "file")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError, match=why):
        check_place(tmp_path / name, inputs=[tmp_path / "file", None])


def test_a_folder_in_which_no_file_can_be_made_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, monkeypatch)
    with pytest.raises(OutputError, match=r"no file can be made in .* \(no such file"):
        check_place(tmp_path / "x.png")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="a folder of Linux")
def test_no_picture_is_meant_for_proc() -> None:
    with pytest.raises(OutputError, match="no file can be made in the folder /proc"):
        check_place(Path("/proc/x.png"))


def test_a_look_at_a_place_leaves_nothing_there(tmp_path: Path) -> None:
    check_place(tmp_path / "x.png")
    assert not list(tmp_path.iterdir())


def test_what_is_only_written_to_may_be_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    check_place(tmp_path / "pipe", replaced=False)


def test_the_sha256_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert file_sha256(tmp_path / "abc") == hashlib.sha256(b"abc").hexdigest()


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
        assert waiting.wait(60)
        order.append("first")
    thread.join(60)
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


def test_a_lock_file_that_cannot_be_made_is_no_lock_to_wait_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, monkeypatch)
    with (
        pytest.raises(FileNotFoundError),
        file_lock(tmp_path / "a.lock", poll_s=0, on_wait=lambda: None),
    ):
        pass
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "note.txt"):
        pass


def test_patience_with_a_lock_has_an_end(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with (
        file_lock(path, poll_s=0, on_wait=never),
        pytest.raises(TimeoutError, match=r"held its lock for 0\.01 seconds"),
        file_lock(path, poll_s=0, on_wait=lambda: None, patience_s=0.01),
    ):
        pass


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
    thread.join(60)
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
    monkeypatch.setattr(fcntl, "flock", without_locks)
    with file_lock(tmp_path / "a.lock", poll_s=0, on_wait=never):
        pass


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), file_lock(tmp_path / "no/a", poll_s=0, on_wait=never):
        pass
    assert not (tmp_path / "no").exists()
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError), file_lock(tmp_path / "file/a", poll_s=0, on_wait=never):
        pass
