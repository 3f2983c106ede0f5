"""Objects for tests of holders, in a module that other processes can import."""

from __future__ import annotations

import os
import signal

from impasto.errors import SettingError

__all__ = ["Part"]


class Part:
    """A number, which is added to others.

    Args:
        shared: added to every number.
        own: its own.
    """

    def __init__(self, shared: int, own: int) -> None:
        if own < 0:
            raise SettingError(f"{own} is below 0: give another")
        self.number = shared + own

    def plus(self, *others: int) -> int:
        return self.number + sum(others)

    def both(self) -> tuple[int, int]:
        return self.number, -self.number

    def refuse(self) -> None:
        raise SettingError("no: ask for something else")

    def stumble(self) -> None:
        raise KeyError("nobody foresaw it")

    def pid(self) -> int:
        return os.getpid()

    def die(self, if_it_is: int) -> int:
        if self.number == if_it_is:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.number

    def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
