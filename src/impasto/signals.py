"""Ctrl-C and SIGTERM: a flag that work looks at between its steps, or what breaks into it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["PIPE_CLOSED", "SIGNALLED", "Stop", "exit_in_words"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SIGNALLED = 128  # a program that a signal ended has this plus its number as exit code
PIPE_CLOSED = SIGNALLED + 13  # as of `cat` whose reader goes away; 13 is SIGPIPE


class Stop:
    """Whether the work shall end.

    A plain flag and no event of `threading`: a signal that comes while its own thread waits for
    such an event finds the event's lock taken, for ever.

    Args:
        raises: whether a signal raises `KeyboardInterrupt` as well, to break into work that has
            no steps to look between, as waiting for a server has none.

    Attributes:
        asked: whether it shall.
        number: of the signal that asked for it; 0 for none.
        raises: may be put to False where what follows is to be done whole.

    Example:
        >>> stop = Stop()
        >>> stop.asked, stop.number
        (False, 0)
    """

    def __init__(self, *, raises: bool = False) -> None:
        self.asked, self.number = False, 0
        self.raises = raises

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signal's
        """Take a signal; the same one again ends the process at once."""
        self.asked, self.number = True, number
        again = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, again)
        if self.raises:
            raise KeyboardInterrupt

    @property
    def exit_code(self) -> int:
        """Of a program that a signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
        return SIGNALLED + self.number

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take Ctrl-C and SIGTERM while the block runs."""
        # Only the main thread may listen; who started us with a signal ignored wants it ignored.
        here = threading.current_thread() is threading.main_thread()
        numbers = [s for s in SIGNALS if here and signal.getsignal(s) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def exit_in_words(code: int) -> str:
    """The exit code of a child process in words, as `subprocess` and `multiprocessing` give it.

    Example:
        >>> exit_in_words(3), exit_in_words(-9)
        ('exit code 3', 'SIGKILL')
    """
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit code {code}"
