"""Standard output and error that cannot end a painting: what is only said may go unheard."""

from __future__ import annotations

import errno
import os
import select
import sys
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO, cast

__all__ = ["failure_of", "lost_output", "mend_streams"]


def mend_streams() -> None:
    """Make writing to a closed stream, a broken pipe or a full disk, and of any letter, harmless.

    After the first failure a stream leads nowhere. Streams that a caller has put in place of the
    process's own are only told to write what they cannot hold as escapes.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115 - for the whole process
        elif isinstance(stream, TextIOWrapper):
            if stream is getattr(sys, f"__{name}__") and not isinstance(
                stream.buffer, _LossyStream
            ):
                stream = TextIOWrapper(
                    cast(BinaryIO, _LossyStream(stream.buffer)),
                    encoding=stream.encoding,
                    line_buffering=stream.line_buffering,
                    write_through=stream.write_through,
                )
                setattr(sys, name, stream)
            stream.reconfigure(errors="backslashreplace")


def lost_output(stream: TextIO) -> OSError | None:
    """Why what was printed did not arrive; None if it did, or if whoever read it has gone away."""
    error = failure_of(stream)
    return None if error is None or error.errno in (errno.EPIPE, errno.EBADF) else error


def failure_of(stream: TextIO) -> OSError | None:
    """The first failure of a stream that was mended; None for one that never fails silently."""
    if isinstance(stream, TextIOWrapper) and isinstance(stream.buffer, _LossyStream):
        stream.flush()
        return stream.buffer.error
    return None


class _LossyStream(BufferedIOBase):
    """A binary stream whose writes never fail.

    Args:
        stream: where they go while somebody listens.

    Attributes:
        error: the first failure, if there was one.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Write all bytes, or drop them once the stream has failed."""
        left = memoryview(data)
        while left:
            try:
                left = left[self._stream.write(left) :]
            except BlockingIOError as error:  # somebody listens, and slowly
                left = left[error.characters_written :]
                select.select([], [self._stream], [])
            except OSError as error:
                self._lead_nowhere(error)
                break
        return len(data)

    def flush(self) -> None:
        """Hand on what waits in the buffer, or drop it once the stream has failed."""
        while True:
            try:
                return self._stream.flush()
            except BlockingIOError:
                select.select([], [self._stream], [])
            except OSError as error:
                return self._lead_nowhere(error)

    def _lead_nowhere(self, error: OSError) -> None:
        """Let what still waits in the buffer, and all to come, go where nothing fails."""
        self.error = self.error or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, self._stream.fileno())
        finally:
            os.close(nowhere)

    def fileno(self) -> int:
        """Of the stream below."""
        return self._stream.fileno()

    def isatty(self) -> bool:
        """Whether a person looks on."""
        return self._stream.isatty()

    def writable(self) -> bool:
        """Always: a stream that has failed takes everything."""
        return True
