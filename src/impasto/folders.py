"""Folders for what lasts no longer than a process: its own, and one that somebody names."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from impasto.errors import SettingError, reason_of
from impasto.text import format_path

__all__ = ["check_scratch", "process_folder"]


def process_folder(place: Path, prefix: str) -> Path:
    """A new folder of this process; those that killed processes left are removed first.

    Only a machine knows which of its processes live, so its folders bear its mark: other machines,
    and containers, may share the place.

    Args:
        place: where it lies.
        prefix: its name begins with; the mark follows, the number of this process, and chance.

    Raises:
        OSError: no folder can be made there.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     own = process_folder(Path(place), "work-")
        ...     left = own.with_name(own.name.replace(str(os.getpid()), str(2**22 + 1)))
        ...     left.mkdir()  # no process has that number
        ...     other = process_folder(Path(place), "work-")
        ...     own.exists(), left.exists(), other.exists()
        (True, False, True)
    """
    import psutil

    prefix += f"{_mark()}-"
    for folder in place.glob(f"{prefix}*"):
        pid = folder.name.removeprefix(prefix).partition("-")[0]
        if pid.isdecimal() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{prefix}{os.getpid()}-", dir=place))


def _mark() -> str:
    """Six letters for those processes whose numbers this one knows: of its machine or container."""
    space = ""
    with suppress(OSError):  # other systems than Linux have but one space of numbers
        space = str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(f"{platform.node()} {space}".encode()).hexdigest()[:6]


def check_scratch(folder: str | None) -> Path | None:
    """The folder for what has no room in memory, if one is wished for.

    Raises:
        SettingError: it is no folder that files can be made in.
    """
    if folder is None:
        return None
    path = Path(folder)
    try:
        with tempfile.TemporaryFile(dir=path, prefix="impasto-"):
            return path
    except OSError as error:
        raise SettingError(
            f"scratch is {format_path(path)}, where no file can be made ({reason_of(error)}): name "
            "a folder that can be written to"
        ) from None
