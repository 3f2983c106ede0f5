"""The bytes of a file that stays on the disk, to be sliced as those in memory are."""

from __future__ import annotations

import mmap
import os
from bisect import bisect_right
from collections.abc import Sequence
from io import BytesIO
from itertools import accumulate
from typing import IO, Any, TypeAlias, overload

from impasto.imaging.codecs.mapped import Passing

__all__ = ["Bytes", "FileBytes", "Span", "stream_of"]

Span: TypeAlias = tuple[int, int]  # where it begins, and where it ends


class FileBytes:
    """A file's bytes; what is sliced is read then.

    Args:
        file: open for reading; nobody else moves in it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._length = file.seek(0, os.SEEK_END)

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> bytes: ...
    def __getitem__(self, at: int | slice) -> int | bytes:
        if isinstance(at, int):
            return self[at : at + 1][0]
        start, stop, _ = at.indices(self._length)
        self._file.seek(start)
        return self._file.read(max(0, stop - start))

    def mapped(self) -> mmap.mmap:
        """All of them, for who does not slice."""
        return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)


Bytes: TypeAlias = bytes | FileBytes


def stream_of(data: Bytes, spans: Sequence[Span] | None = None) -> IO[bytes]:
    """A binary file of these bytes, or of some spans of them one behind the other.

    Example:
        >>> stream_of(b"0123456789", [(1, 3), (7, 9)]).read()
        b'1278'
    """
    if isinstance(data, FileBytes):
        return Spans(data, spans or [(0, len(data))])  # type: ignore[return-value]
    return BytesIO(data if spans is None else b"".join(data[a:b] for a, b in spans))


class Spans(Passing):
    """What `stream_of` gives of a file."""

    def __init__(self, data: FileBytes, spans: Sequence[Span]) -> None:
        super().__init__()
        self._data, self._spans, self._at = data, spans, 0
        self._ends = list(accumulate(stop - start for start, stop in spans))

    def read(self, count: int = -1) -> bytes:
        """Read on."""
        left = self._ends[-1] - self._at
        count = left if count < 0 else min(count, left)
        parts = []
        while count > 0:
            index = bisect_right(self._ends, self._at)
            back = self._ends[index] - self._at
            stop = self._spans[index][1]
            part = self._data[stop - back : min(stop, stop - back + count)]
            if not part:  # the file was cut meanwhile
                break
            parts.append(part)
            self._at += len(part)
            count -= len(part)
        data = b"".join(parts)
        self.passed(len(data))
        return data

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to another place."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._ends[-1]}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at

    def close(self) -> None:
        """Nothing: the file is another's."""

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
