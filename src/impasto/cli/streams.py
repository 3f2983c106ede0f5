"""Standard output and error that cannot end a painting: what is only said may go unheard."""

from __future__ import annotations

import os
import sys
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import BinaryIO, cast

__all__ = ["mend_streams"]


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
            if stream is getattr(sys, f"__{name}__") and not isinstance(stream.buffer, _Unheard):
                stream = TextIOWrapper(
                    cast(BinaryIO, _Unheard(stream.buffer)),
                    encoding=stream.encoding,
                    line_buffering=stream.line_buffering,
                    write_through=stream.write_through,
                )
                setattr(sys, name, stream)
            stream.reconfigure(errors="backslashreplace")


class _Unheard(BufferedIOBase):
    """A binary stream whose writes never fail.

    Args:
        stream: where they go while somebody listens.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Everything, heard or not."""
        try:
            return self._stream.write(data)
        except OSError:
            self._lead_nowhere()
            return len(data)

    def flush(self) -> None:
        """As far as somebody listens."""
        try:
            self._stream.flush()
        except OSError:
            self._lead_nowhere()

    def _lead_nowhere(self) -> None:
        """Let what still waits in the buffer, and all to come, go where nothing fails."""
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
        """It is."""
        return True
