"""Samples that lie in a file and not in memory, for pictures that are larger than it.

The file has no name and goes with its last user, also when the process is killed. What was read or
written of it lies in the system's cache, which gives it up as soon as it needs the room; `drop`
takes it off the books of this process too.
"""

from __future__ import annotations

import errno
import mmap
import os
import tempfile
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Dropping", "drop", "image_over", "is_mapped", "mapped"]

_BYTES_OF_MODE = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}  # a pixel; of all others 4
_BYTES_BETWEEN_DROPS = 2**20  # of a file; unpacked they may be a hundred times as many


def mapped(shape: tuple[int, ...], kind: Any, folder: Path) -> NDArray[Any]:
    """An array of zeros in a nameless file.

    Args:
        shape: of it.
        kind: its dtype.
        folder: where the file lies; it exists.

    Raises:
        OSError: the folder cannot be written, or has not that much room.

    Example:
        >>> int(mapped((2, 3), np.uint8, Path(tempfile.gettempdir())).sum())
        0
    """
    with tempfile.TemporaryFile(dir=folder) as file:
        count = int(np.prod(shape)) * np.dtype(kind).itemsize
        _take_room(file, count)
        return np.memmap(file, kind, "r+", shape=shape)


def _take_room(file: IO[bytes], count: int) -> None:
    """Make the file so long, now: a full disk met while writing to a map kills the process."""
    try:
        os.posix_fallocate(file.fileno(), 0, count)
    except (AttributeError, OSError) as error:
        if getattr(error, "errno", None) == errno.ENOSPC:
            raise
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


def _map_of(array: Any) -> mmap.mmap | None:
    while isinstance(array, np.ndarray):
        array = array.base
    return array if isinstance(array, mmap.mmap) else None


def image_over(samples: NDArray[Any], mode: str) -> Image.Image:
    """A PIL image that is the array, which it shares; it holds it as long as it lives.

    Args:
        samples: contiguous, as Pillow keeps a picture of that mode: (H, W), or (H, W, 4) uint8 for
            all with more than one sample, RGB with them.
        mode: of the image.

    Example:
        >>> samples = np.zeros((4, 6, 4), np.uint8)
        >>> image = image_over(samples, "RGB")
        >>> samples[0, 0] = 7
        >>> image.size, image.getpixel((0, 0))
        ((6, 4), (7, 7, 7))
    """
    height, width = samples.shape[:2]
    stride = width * _BYTES_OF_MODE.get(mode, 4)
    core: Any = Image.core.map_buffer(  # type: ignore[attr-defined]
        samples, (width, height), "raw", 0, (mode, stride, 1)
    )
    image = Image.new(mode, (0, 0))
    return image._new(core)  # as `Image.frombuffer` does, which knows no RGB


class Dropping:
    """A binary file for one of Pillow's coders: with every few megabytes that pass, the pages of
    the array that is coded are dropped.

    It has no `fileno`, so that the coder does not get around it.

    Args:
        file: what is really read or written.
        array: what is coded.
    """

    def __init__(self, file: IO[bytes], array: NDArray[Any]) -> None:
        self._file, self._array, self._passed = file, array, 0

    def write(self, data: bytes) -> int:
        """Write on."""
        self._pass(len(data))
        return self._file.write(data)

    def read(self, count: int = -1) -> bytes:
        """Read on."""
        self._pass(max(0, count))
        return self._file.read(count)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where it stands."""
        return self._file.tell()

    def flush(self) -> None:
        """Write what waits."""
        self._file.flush()

    def _pass(self, count: int) -> None:
        self._passed += count
        if self._passed >= _BYTES_BETWEEN_DROPS:
            self._passed = 0
            drop(self._array)
