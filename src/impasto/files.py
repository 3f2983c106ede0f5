"""Where files may be written, writing them whole or not at all, and one process at a time."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from impasto.errors import OutputError, reason_of
from impasto.text import format_path

__all__ = ["check_place", "file_lock", "file_sha256", "replacing", "same_file"]

LONGEST_NAME = 255  # bytes, on every usual file system
# What `flock` answers where the file system (often one of a network) has no locks.
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}


@contextmanager
def file_lock(path: Path, *, poll_s: float, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock `path` while the block runs; wait for it while another holds it.

    The system frees it when its holder dies. Where the file system has no locks the block runs
    without one: two at once are rare, and refusing to work would be worse.

    Args:
        path: the lock file; made when absent, removed at the end. Its folder exists.
        poll_s: seconds between two looks while another process (or thread) holds it.
        on_wait: called at each of those looks; what it raises ends the waiting.

    Raises:
        OSError: the lock file cannot be made.
    """
    # Here: all of impasto imports this module, and few of its runs lock anything.
    from filelock import FileLock, Timeout

    path.parent.stat()  # filelock would make a missing folder
    # Not of one thread: a generator that holds it may be closed by another.
    lock = FileLock(path, timeout=0, thread_local=False)
    with ExitStack() as stack:
        while not lock.is_locked:
            try:
                stack.enter_context(lock)
            except Timeout:
                on_wait()
                time.sleep(poll_s)
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
                break
        # Before it is freed: who then still waits for the removed file tries again. Windows
        # cannot remove an open file: there the empty lock file stays.
        stack.callback(_remove, path)
        yield


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft to write in place of `path`, which it becomes when the block ends well.

    Until then `path` stays what it was; a crash leaves at most the draft, whose name begins with
    a dot and ends in `.part`. Its permissions are those of any new file.

    Args:
        path: the file to make or replace; its folder exists.

    Yields:
        The draft, an empty file in the same folder.

    Raises:
        OSError: the folder cannot be written, or the disk is full.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "note.txt")
        ...     with replacing(path) as draft:
        ...         written = draft.write_text("whole")
        ...     path.read_text(), len(os.listdir(folder))
        ('whole', 1)
    """
    path = path.resolve()  # a link stays one
    ending = f".{secrets.token_hex(4)}.part"
    stem = os.fsdecode(os.fsencode(path.name)[: LONGEST_NAME - len(ending) - 1])
    draft = path.with_name(f".{stem}{ending}")
    # Made here and not by whoever writes it, so that the umask decides who may read it.
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    mode = draft.stat().st_mode
    try:
        yield draft
        # Without it a crash of the machine can leave the right name over unwritten zeros.
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def check_place(path: Path, *, inputs: Iterable[Path | None] = (), replaced: bool = True) -> None:
    """Refuse, before the long work, a place that could not be written after it.

    Args:
        path: of the file to write; links are followed.
        inputs: files it must not overwrite, also not through links; None is passed over.
        replaced: whether it is written by `replacing`, so that a device or pipe would be lost.

    Raises:
        OutputError: missing or unwritable folder, a folder or device in the way, an input.
    """
    name = format_path(path)
    try:
        _check_place(path, name, inputs, replaced)
    except (OSError, ValueError, RuntimeError) as error:  # the last: a circle of links
        reason = reason_of(error)
        raise OutputError(f"{name} cannot be written ({reason}): choose another place") from None


def _check_place(path: Path, name: str, inputs: Iterable[Path | None], replaced: bool) -> None:
    target = path.resolve()
    folder = target.parent
    if len(os.fsencode(target.name)) > LONGEST_NAME:
        raise OutputError(f"{name} is too long a name: choose one of {LONGEST_NAME} bytes at most")
    if not folder.exists():
        raise OutputError(
            f"{name} cannot be written: the folder {format_path(folder)} does not exist; create "
            "it first"
        )
    if not folder.is_dir():
        raise OutputError(
            f"{name} cannot be written: {format_path(folder)} is not a folder; choose another place"
        )
    if target.is_dir():
        raise OutputError(f"{name} is a folder: add a file name to it")
    if replaced and target.exists() and not target.is_file():
        raise OutputError(f"{name} is not a regular file: choose another name")
    for taken in inputs:
        if taken is not None and same_file(target, taken):
            raise OutputError(
                f"{name} is one of the inputs ({format_path(taken)}): choose another name for the "
                "output"
            )
    if replaced and not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(
            f"{name} cannot be written: the folder {format_path(folder)} is not writable for this "
            "user; choose another one or change its permissions"
        )


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hexadecimal digits.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, through links of either kind too."""
    try:
        return one.samefile(other)
    except (OSError, RuntimeError):  # one of them does not exist, or leads in a circle
        return one == other.absolute()
