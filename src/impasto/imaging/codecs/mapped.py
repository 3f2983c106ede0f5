"""Samples that lie in a file and not in memory, for pictures that are larger than it.

The file has no name and goes with its last user, also when the process is killed. What was read or
written of it lies in the system's cache, which gives it up as soon as it needs the room; `drop`
takes it off the books of this process too.
"""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import OutputError, reason_of
from impasto.text import format_bytes, format_path

__all__ = ["Passing", "drop", "drop_all", "image_over", "is_mapped", "mapped", "samples_of"]

_SMALL = {"1": np.uint8, "L": np.uint8, "P": np.uint8, "I;16": np.uint16}  # others take 4 bytes
# What `posix_fallocate` answers where it is not to be had; all else is a reason.
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
_BYTES_BETWEEN_DROPS = 2**20  # of a file; unpacked they may be a hundred times as many

_maps: weakref.WeakSet[mmap.mmap] = weakref.WeakSet()
_changing = threading.Lock()


def mapped(shape: tuple[int, ...], kind: Any, folder: Path) -> NDArray[Any]:
    """An array of zeros in a nameless file.

    Args:
        shape: of it.
        kind: its dtype.
        folder: where the file lies; it exists.

    Raises:
        OutputError: the folder cannot be written, or has not that much room.

    Example:
        >>> int(mapped((2, 3), np.uint8, Path(tempfile.gettempdir())).sum())
        0
    """
    count = int(np.prod(shape)) * np.dtype(kind).itemsize
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            _take_room(file, count, folder)
            array = np.memmap(file, kind, "r+", shape=shape)
    except OSError as error:
        raise OutputError(
            f"the scratch folder {format_path(folder)} cannot hold {format_bytes(count)} more "
            f"({reason_of(error)}): make room there, or name another one with --scratch"
        ) from None
    pages = _map_of(array)
    if pages is not None:
        with _changing:
            _maps.add(pages)
    return array


def _take_room(file: IO[bytes], count: int, folder: Path) -> None:
    """Make the file so long, now: a disk that is full while a map is written kills the process."""
    try:
        os.posix_fallocate(file.fileno(), 0, count)
    except (AttributeError, OSError) as error:
        if getattr(error, "errno", errno.ENOSYS) not in _CANNOT:
            raise
        if count > shutil.disk_usage(folder).free:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        # The system or the file system cannot. Zeros that are written take their room.
        block = bytes(2**20)
        for start in range(0, count, len(block)):
            file.write(block[: count - start])
        file.flush()


def is_mapped(array: NDArray[Any]) -> bool:
    """Whether an array lies in a file, or is a part of one that does."""
    return _map_of(array) is not None


def drop(array: NDArray[Any]) -> None:
    """Take the pages of a mapped array off this process; its values stay. Nothing for others."""
    pages = _map_of(array)
    if pages is not None and hasattr(mmap, "MADV_DONTNEED"):
        pages.madvise(mmap.MADV_DONTNEED)


def drop_all() -> bool:
    """Take the pages of all mapped arrays off this process; False if there are none."""
    with _changing:
        maps = list(_maps)
    if hasattr(mmap, "MADV_DONTNEED"):
        for pages in maps:
            pages.madvise(mmap.MADV_DONTNEED)
    return bool(maps)


def _map_of(array: Any) -> mmap.mmap | None:
    while isinstance(array, np.ndarray):
        array = array.base
    return array if isinstance(array, mmap.mmap) else None


def samples_of(mode: str, height: int, width: int) -> tuple[tuple[int, ...], Any]:
    """Shape and dtype of an image's samples as Pillow keeps them in memory.

    Example:
        >>> samples_of("L", 2, 3)[0], samples_of("RGB", 2, 3)[0]
        ((2, 3), (2, 3, 4))
    """
    kind = _SMALL.get(mode)
    return ((height, width, 4), np.uint8) if kind is None else ((height, width), kind)


def image_over(samples: NDArray[Any], mode: str) -> Image.Image:
    """A PIL image that is the array, which it shares; it holds it as long as it lives.

    Args:
        samples: contiguous, as `samples_of` has them.
        mode: of the image.

    Example:
        >>> samples = np.zeros((4, 6, 4), np.uint8)
        >>> image = image_over(samples, "RGB")
        >>> samples[0, 0] = 7
        >>> image.size, image.getpixel((0, 0))
        ((6, 4), (7, 7, 7))
    """
    height, width = samples.shape[:2]
    mode = "L" if mode == "1" else mode  # which is kept likewise, and cannot be over an array
    layout = (mode, samples.strides[0], 1)
    core: Any = Image.core.map_buffer(  # type: ignore[attr-defined]
        samples, (width, height), "raw", 0, layout
    )
    image = Image.new(mode, (0, 0))
    return image._new(core)  # as `Image.frombuffer` does, which knows no RGB


class Passing:
    """What a coder of Pillow's reads from or writes to: with every megabyte that passes, the pages
    of the array that is coded are dropped.

    Attributes:
        array: what is coded; None if it lies in no file.
    """

    def __init__(self, array: NDArray[Any] | None = None) -> None:
        self.array = array
        self._since = 0

    def passed(self, count: int) -> None:
        """So many bytes more have passed."""
        self._since += count
        if self._since >= _BYTES_BETWEEN_DROPS and self.array is not None:
            self._since = 0
            drop(self.array)
