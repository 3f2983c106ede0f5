"""Where files may be written, writing them whole or not at all, and one process at a time."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import re
import secrets
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from impasto.errors import OutputError, reason_of
from impasto.text import format_path

__all__ = [
    "LONGEST_NAME",
    "cache_folder",
    "check_absent",
    "check_name",
    "check_place",
    "file_lock",
    "file_sha256",
    "make_folder",
    "replacing",
    "replacing_folder",
    "same_file",
    "sweep_drafts",
]

LONGEST_NAME = 255  # bytes, on every usual file system
DRAFT = re.compile(r"(?P<place>\.(?P<stem>.+)\.[0-9a-f]{8})\.(?:part|lock)", re.DOTALL)
# What `flock` answers where the file system (often one of a network) has no locks.
NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
# A draft's name is drawn by chance: only who sweeps drafts can hold its lock, for a moment.
DRAFT_PATIENCE_S = 10.0


def cache_folder() -> Path:
    """The folder of what can be fetched or made again, whether or not it is there.

    It is the system's cache folder for impasto, or what `IMPASTO_CACHE` names.
    """
    import platformdirs

    chosen = os.environ.get("IMPASTO_CACHE")
    return Path(chosen).expanduser() if chosen else platformdirs.user_cache_path("impasto", False)


@contextmanager
def file_lock(
    path: Path, *, poll_s: float, on_wait: Callable[[], None], patience_s: float = math.inf
) -> Iterator[None]:
    """Hold the lock `path` while the block runs; wait for it while another holds it.

    The system frees it when its holder dies. Where the file system has no locks the block runs
    without one: two at once are rare, and refusing to work would be worse.

    Args:
        path: the lock file; made when absent, removed at the end. Its folder exists.
        poll_s: seconds between two looks while another process (or thread) holds it.
        on_wait: called at each of those looks; what it raises ends the waiting.
        patience_s: seconds after which the waiting ends in any case.

    Raises:
        OSError: the lock file cannot be made, or (a `TimeoutError`) is held for too long.
    """
    # Here: all of impasto imports this module, and few of its runs lock anything.
    from filelock import FileLock, Timeout

    if not path.parent.is_dir():
        path.touch()  # raises what is wrong with the folder; filelock would make a missing one
    # Not of one thread: a generator that holds it may be closed by another.
    lock = FileLock(path, timeout=0, thread_local=False)
    deadline = time.monotonic() + patience_s
    with ExitStack() as stack:
        while not lock.is_locked:
            try:
                stack.enter_context(lock)
            except Timeout:
                # filelock takes a file that cannot be made for one that was just removed.
                if not path.exists():
                    path.touch()  # raises what is wrong; whoever makes it, it is the same lock
                if time.monotonic() > deadline:
                    held = f"another process has held its lock for {patience_s:g} seconds"
                    raise TimeoutError(errno.ETIMEDOUT, held, str(path)) from None
                on_wait()
                time.sleep(poll_s)
            except OSError as error:
                if error.errno not in NO_LOCKS:
                    raise
                break
        # Before it is freed: who waits for the removed file sees that it is, and tries again. On
        # Windows, which removes no open file, filelock does it afterwards.
        stack.callback(_remove, path)
        yield


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A draft to write in place of `path`, which it becomes when the block ends well.

    Until then `path` stays what it was. The draft lies in a hidden folder of its own beside it,
    `.NAME.XXXXXXXX.part`, so that what its writer makes on the way lies there too; a kill leaves
    at most that, and the next draft for `path` sweeps it away. Its permissions are those of any
    new file.

    Args:
        path: the file to make or replace; its folder exists.

    Yields:
        The draft, an empty file with the name of `path`.

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
    with _drafting(path) as folder:
        draft = folder / path.name
        # Made here and not by whoever writes it, so that the umask decides who may read it.
        draft.touch(exist_ok=False)
        mode = draft.stat().st_mode
        yield draft
        # Without it a crash of the machine can leave the right name over unwritten zeros.
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """A draft of a folder to fill, which becomes `path` when the block ends well.

    As `replacing` has it for a file; a folder that is there is replaced with all that it holds.

    Args:
        path: the folder to make or replace; the one around it exists.

    Yields:
        The draft, an empty folder beside `path`.

    Raises:
        OSError: the folder cannot be written, or the disk is full.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     with replacing_folder(Path(place, "notes")) as draft:
        ...         written = draft.joinpath("one.txt").write_text("whole")
        ...     os.listdir(place), os.listdir(Path(place, "notes"))
        (['notes'], ['one.txt'])
    """
    path = path.resolve()
    with _drafting(path) as folder:
        draft, former = folder / "draft", folder / "former"
        draft.mkdir()
        yield draft
        if path.exists():
            path.replace(former)
        try:
            draft.replace(path)
        except OSError:
            if former.exists():
                former.replace(path)
            raise


@contextmanager
def _drafting(path: Path) -> Iterator[Path]:
    """A hidden folder of its own for what shall become `path`, gone afterwards."""
    sweep_drafts([path])
    place = _draft_place(path)
    # Locked before the draft is there: a draft without a holder of its lock has no writer.
    with file_lock(
        Path(f"{place}.lock"), poll_s=0.001, on_wait=lambda: None, patience_s=DRAFT_PATIENCE_S
    ):
        folder = Path(f"{place}.part")
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_drafts(paths: Iterable[Path]) -> None:
    """Remove the drafts that killed processes left of these files.

    A draft whose writer lives stays, on this machine or another, and so do all drafts where the
    file system has no locks: nobody could tell.

    Args:
        paths: the files as `replacing` takes them; links are followed.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     for name in (".a.jpg.0123abcd.part", ".b.jpg.0123abcd.part"):
        ...         Path(folder, name).mkdir()
        ...     sweep_drafts([Path(folder, "a.jpg")])
        ...     os.listdir(folder)
        ['.b.jpg.0123abcd.part']
    """
    stems: dict[Path, set[str]] = defaultdict(set)
    for path in paths:
        with suppress(OSError, RuntimeError):  # a circle of links
            target = path.resolve()
            stems[target.parent].add(_stem(target))
    for folder, wanted in stems.items():
        # A folder that is missing holds none, and one that cannot be listed keeps its own.
        with suppress(OSError):
            names = [DRAFT.fullmatch(entry.name) for entry in folder.iterdir()]
            for place in {name["place"] for name in names if name and name["stem"] in wanted}:
                _sweep(folder / place)


def _sweep(place: Path) -> None:
    """Remove one draft and its lock, unless its writer holds that."""
    from filelock import FileLock

    draft, lock = Path(f"{place}.part"), Path(f"{place}.lock")
    # Held, not to be made, or unknown to the file system: all of these are OSErrors.
    with suppress(OSError), FileLock(lock, timeout=0, thread_local=False):
        # Release 0.1.0 wrote drafts that are files.
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
        _remove(lock)


def _draft_place(path: Path) -> Path:
    """Where a new draft for a file lies, but for the ending."""
    return path.with_name(f".{_stem(path)}.{secrets.token_hex(4)}")


def _stem(path: Path) -> str:
    """As much of a file's name as fits into that of its draft."""
    return os.fsdecode(os.fsencode(path.name)[: LONGEST_NAME - len("..01234567.part")])


def check_place(path: Path, *, inputs: Iterable[Path | None] = (), replaced: bool = True) -> None:
    """Refuse, before the long work, a place that could not be written after it.

    An empty file is made in its folder for a moment: permissions do not tell all.

    Args:
        path: of the file to write; links are followed.
        inputs: files it must not overwrite, also not through links; None is passed over.
        replaced: whether it is written by `replacing`, so that a device or pipe would be lost.

    Raises:
        OutputError: missing or unwritable folder, a folder or device in the way, an input.
            The folder of what is not `replaced` is not tried: its writer opens it at once.
    """
    name = format_path(path)
    try:
        _check_place(path, name, inputs, replaced)
    except (OSError, ValueError, RuntimeError) as error:  # the last: a circle of links
        reason = reason_of(error)
        raise OutputError(f"{name} cannot be written ({reason}): choose another place") from None


def _check_place(path: Path, name: str, inputs: Iterable[Path | None], replaced: bool) -> None:
    check_name(path)
    target = path.resolve()
    folder = target.parent
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
    for source in inputs:
        if source is not None and same_file(target, source):
            raise OutputError(
                f"{name} is one of the inputs ({format_path(source)}): choose another name for the "
                "output"
            )
    if not replaced:
        return
    draft = Path(f"{_draft_place(target)}.part")
    try:
        draft.touch(exist_ok=False)
        draft.unlink()
    except OSError as error:
        raise OutputError(
            f"{name} cannot be written: no file can be made in the folder {format_path(folder)} "
            f"({reason_of(error)}); choose another one or change its permissions"
        ) from None


def check_name(path: Path) -> None:
    """Refuse a name that no file can have.

    Args:
        path: of a file to write.

    Raises:
        OutputError: it is too long.

    Example:
        >>> check_name(Path("painted.png"))
        >>> check_name(Path("a" * 300))
        Traceback (most recent call last):
        impasto.errors.OutputError: ... is too long a name: choose one of 255 bytes at most
    """
    if len(os.fsencode(path.name)) > LONGEST_NAME:
        raise OutputError(
            f"{format_path(path)} is too long a name: choose one of {LONGEST_NAME} bytes at most"
        )


def make_folder(folder: Path, remedy: str = "choose another") -> None:
    """Make a folder for outputs if it is missing, and those around it.

    Args:
        folder: may be there already.
        remedy: what to do where it cannot be made.

    Raises:
        OutputError: it cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            f"the folder {format_path(folder)} cannot be made ({reason_of(error)}): {remedy}"
        ) from None


def check_absent(path: Path, option: str = "--overwrite") -> None:
    """Refuse a place where there is a file already.

    Args:
        path: of the file to write; a device or pipe, which loses nothing, may be there.
        option: that allows to replace it.

    Raises:
        OutputError: there is one, or no file can have that name.
    """
    check_name(path)
    if path.is_file():
        raise OutputError(f"{format_path(path)} is there already: choose another name or {option}")


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
