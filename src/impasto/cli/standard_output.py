"""Standard output that a program reads: a picture, or one line, and nothing else.

What is only said may go unheard. A picture is not only said: it arrives whole, or its loss is an
error.
"""

from __future__ import annotations

import sys
from typing import TextIO

from impasto.cli.streams import failure_of
from impasto.errors import OutputError, reason_of

__all__ = [
    "check_takes_picture",
    "divert_prints",
    "print_for_program",
    "restore_prints",
    "send_picture",
    "standard_output",
]

_REMEDY = "name a file with -o, or send it to a file or program: -o - > painted.png"

_kept: TextIO | None = None  # standard output, while what is printed goes elsewhere
_holds_picture = False  # whether it is kept for a picture


def divert_prints(*, for_picture: bool) -> None:
    """Keep standard output for a program: whatever is printed goes to standard error from now on.

    Plug-ins print too, and one line of theirs would spoil the file.

    Args:
        for_picture: whether a picture is to go there, and not the line of `print_for_program`.
    """
    global _kept, _holds_picture
    if _kept is None:
        _kept, sys.stdout = sys.stdout, sys.stderr
    _holds_picture = for_picture


def restore_prints() -> None:
    """Undo `divert_prints`."""
    global _kept, _holds_picture
    if _kept is not None:
        sys.stdout, _kept = _kept, None
    _holds_picture = False


def print_for_program(line: str) -> None:
    """Print a line on standard output, or on standard error if a picture goes there."""
    print(line, file=sys.stderr if _holds_picture else standard_output(), flush=True)


def standard_output() -> TextIO:
    """Standard output, wherever what is printed goes."""
    return _kept or sys.stdout


def check_takes_picture() -> None:
    """Refuse, before the long work, a standard output that no picture can go to.

    Raises:
        OutputError: it is a terminal, closed, or takes text alone.
    """
    stream = standard_output()
    if sys.__stdout__ is None:  # `mend_streams` has put one there that leads nowhere
        raise OutputError(f"standard output is closed, and the picture shall go there: {_REMEDY}")
    if stream.isatty():
        raise OutputError(f"standard output is a terminal, which shows no picture: {_REMEDY}")
    if not hasattr(stream, "buffer"):
        raise OutputError(f"standard output takes text here, and no picture: {_REMEDY}")


def send_picture(data: bytes) -> None:
    """Write a picture to standard output, which was checked.

    Args:
        data: all bytes of its file.

    Raises:
        BrokenPipeError: whoever read it has gone away.
        OutputError: it cannot be written for another reason.
    """
    stream = standard_output()
    try:
        stream.buffer.write(data)
        stream.buffer.flush()
        if (failure := failure_of(stream)) is not None:
            raise failure
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(
            f"the picture cannot be written to standard output ({reason_of(error)}): make room, "
            "or name a file with -o"
        ) from None
