"""One process at a time: a lock file that the system frees when its holder dies."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

__all__ = ["held"]


@contextmanager
def held(path: Path, *, poll_s: float, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock `path` while the block runs; wait for it while another holds it.

    Args:
        path: the lock file; made when absent, removed at the end.
        poll_s: seconds between two looks while another process holds it.
        on_wait: called at each of those looks.

    Raises:
        OSError: the lock file cannot be made.
    """
    while (file := _taken(path)) is None:
        on_wait()
        time.sleep(poll_s)
    try:
        yield
    finally:
        # Windows cannot remove an open file: there the empty lock file stays.
        with suppress(OSError):
            path.unlink()
        file.close()


def _taken(path: Path) -> IO[bytes] | None:
    file = path.open("ab")
    if not _locked(file):
        file.close()
        return None
    # Whoever held it before may have removed it between our open and our lock; then a third
    # process could lock a new file of that name, so ours is worth nothing.
    try:
        same = os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        same = False
    if not same:
        file.close()
        return None
    return file


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            # Some network file systems know no locks. Two downloads at once could then spoil
            # each other's part, which the hash finds; refusing to download would be worse.
            return True
        return True
