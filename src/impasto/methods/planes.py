"""Where large pictures lie that are painted part by part: in memory, or in files of a folder.

Both are tensors. Those in files are mapped: what is read and written goes through the system's
cache, and `release` takes it out of this process, so that only the rows at work count.
"""

from __future__ import annotations

import ctypes
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from impasto.errors import OutputError
from impasto.imaging.codecs.mapped import drop_all, mapped
from impasto.text import format_gigabytes, format_path

__all__ = ["Planes", "kept_released", "release", "trim"]

OFTEN_S = 0.02  # what a disk gives in that time is no burden


class Planes:
    """Gives tensors of zeros.

    Args:
        folder: for files without names, which are gone with the process, however it ends; None
            for memory.

    Example:
        >>> plane = Planes().new(1, 3, 4, 6)
        >>> plane.shape, plane.dtype
        (torch.Size([1, 3, 4, 6]), torch.float32)
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @property
    def in_files(self) -> bool:
        """Whether they take disk in place of memory."""
        return self.folder is not None

    def new(self, *shape: int, dtype: torch.dtype = torch.float32) -> Tensor:
        """A tensor of zeros; its file is gone when nobody holds it.

        Raises:
            OutputError: the folder cannot be written, or has no room.
        """
        if self.folder is None:
            return torch.zeros(*shape, dtype=dtype)
        count = torch.Size(shape).numel()
        array = mapped((max(1, count * dtype.itemsize),), np.uint8, self.folder)
        return torch.from_numpy(array).view(dtype)[:count].view(shape)

    def check_room(self, length: int) -> None:
        """Refuse a folder that has no room for so many bytes.

        Raises:
            OutputError: with what is needed and what is there.
        """
        if self.folder is None:
            return
        free = shutil.disk_usage(self.folder).free
        if length > free:
            raise OutputError(
                f"painting in tiles takes {format_gigabytes(length)} of {format_path(self.folder)},"
                f" and {format_gigabytes(free)} are free: make room, or pass another --scratch"
            )


def release() -> None:
    """Let go of the memory that mapped files take in this process, and of what is free in it.

    Nothing is lost. Where there are no mapped files memory is no concern, and nothing is done.
    """
    if drop_all():
        trim()


def trim() -> None:
    """Give memory that was freed back to the system, where the system has a way to."""
    if _trim is not None:
        _trim(0)


def _find_trim() -> Callable[[int], int] | None:
    """What gives memory that was freed back to the system, where the system has it: glibc keeps
    a third of what a tile took."""
    try:
        trim: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
        return trim
    except (AttributeError, OSError, TypeError):
        return None


_trim = _find_trim()


@contextmanager
def kept_released() -> Iterator[None]:
    """Let go of it again and again, while somebody else reads or writes all of it."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(OFTEN_S):
            release()

    watcher = threading.Thread(target=watch, daemon=True)
    if drop_all():
        watcher.start()
    try:
        yield
    finally:
        done.set()
        if watcher.ident is not None:
            watcher.join()
            release()
