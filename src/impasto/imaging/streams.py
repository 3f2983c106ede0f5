"""Binary file objects: what a picture may be read from and written to beside files by name."""

from __future__ import annotations

import inspect
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from impasto.errors import OutputError, PictureError, reason_of
from impasto.imaging.files import check_length
from impasto.text import format_path

__all__ = ["Readable", "Writable", "name_of", "path_of", "read_all", "write_all"]

_CHUNK = 2**20  # bytes: a reader that is asked for all that may come would make room for it first


@runtime_checkable
class Readable(Protocol):
    """What gives bytes: an open file, a `BytesIO`, the `file` of an upload."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


@runtime_checkable
class Writable(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> Any:
        """Take bytes; gives how many, or None for all."""


def name_of(file: Readable | Writable, otherwise: str) -> str:
    """What messages call a file object: its own name, if it has one.

    Example:
        >>> name_of(io.BytesIO(), "the style image")
        'the style image'
    """
    name = getattr(file, "name", None)  # a number where the system opened it
    return format_path(name) if isinstance(name, str) and name else otherwise


def path_of(file: Readable) -> Path | None:
    """The file on the disk that is about to be read whole; None where there is none such.

    Other classes may decompress what they read, or bear a name that is that of no file.
    """
    if not isinstance(file, io.FileIO | io.BufferedReader | io.BufferedRandom):
        return None
    try:
        path = Path(os.fsdecode(file.name))
        at_start = file.seekable() and file.tell() == 0
        same = at_start and os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except (AttributeError, OSError, TypeError, ValueError):  # without a name, by number, closed
        return None
    return path.absolute() if same else None


def read_all(file: Readable, name: str, *, max_megapixels: float) -> bytes:
    """All bytes from where a file object stands to its end.

    Args:
        file: open for reading bytes.
        name: of it, for messages.
        max_megapixels: what is longer than such a picture could be is read no further.

    Raises:
        PictureError: it has no bytes (left), too many, or gives something else.
    """
    data = bytearray()
    for chunk in _chunks(file, name):
        data += chunk
        check_length(len(data), name, max_megapixels=max_megapixels)
    if not data:
        raise PictureError(
            f"{name} has no bytes left to read: go back to its start with seek(0), or pass a file "
            "that is not empty"
        )
    return bytes(data)


def _chunks(file: Readable, name: str) -> Iterator[bytes]:
    if inspect.iscoroutinefunction(file.read):
        raise PictureError(
            f"a {type(file).__name__} is read with await, which impasto does not: pass the bytes "
            "that it gives, or the plain file inside it, such as an upload's .file"
        )
    while True:
        try:
            chunk: Any = file.read(_CHUNK)
        except (OSError, ValueError) as error:
            raise PictureError(
                f"{name} cannot be read ({reason_of(error)}): open it for reading, in binary mode"
            ) from None
        if isinstance(chunk, str):
            raise PictureError(f'{name} is open as text: open it in binary mode, "rb"')
        if not isinstance(chunk, bytes | bytearray | memoryview):
            raise PictureError(
                f"{name} gives a {type(chunk).__name__} in place of bytes: pass its bytes, or a "
                "file that waits for them"
            )
        if not chunk:
            return
        yield bytes(chunk)


def write_all(file: Writable, data: bytes, name: str) -> None:
    """Give all bytes to a file object, which stays open.

    Args:
        file: open for writing bytes.
        data: for it.
        name: of it, for messages.

    Raises:
        OutputError: it takes text, is closed, or is full.
    """
    while data:
        try:
            count = file.write(data)
        except TypeError as error:  # what takes text says of bytes, in words of its own
            raise OutputError(
                f'{name} takes no bytes ({reason_of(error)}): open it in binary mode, "wb"'
            ) from error
        except (OSError, ValueError) as error:
            raise OutputError(
                f"{name} cannot be written ({reason_of(error)}): open it for writing, in binary "
                "mode, or make room"
            ) from None
        if count == 0:
            raise OutputError(f"{name} takes no more bytes: make room, or choose another place")
        data = data[count:] if isinstance(count, int) else b""
