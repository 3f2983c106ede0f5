"""Asking a worker to end: a flag between steps, raised by the system's signals."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Stop"]

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stop:
    """Whether the worker shall end.

    A plain flag and no event of `threading`: a signal that comes while its own thread waits for
    such an event finds the event's lock taken, for ever.

    Example:
        >>> stop = Stop()
        >>> stop.asked
        False
    """

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signal's
        """Take a signal; the same one again ends the process at once."""
        self.asked = True
        again = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
        signal.signal(number, again)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Let Ctrl-C and SIGTERM raise the flag while the block runs."""
        # Only the main thread may listen; who started us with a signal ignored wants it ignored.
        here = threading.current_thread() is threading.main_thread()
        heard = [s for s in SIGNALS if here and signal.getsignal(s) is not signal.SIG_IGN]
        before = {number: signal.signal(number, self) for number in heard}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
