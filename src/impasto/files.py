"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["replacing"]

LONGEST_NAME = 255  # bytes, on every usual file system


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
