"""Objects for tests of holders, in a module that other processes can import."""

from __future__ import annotations

import os
import signal

from impasto.errors import SettingError

__all__ = ["DEADLY", "Part"]

DEADLY = 13


class Part:
    """A number, which is added to others.

    Args:
        shared: added to every number.
        own: its own; where both are `DEADLY`, the process dies of it.
    """

    def __init__(self, shared: int, own: int) -> None:
        if own < 0:
            raise SettingError(f"{own} is below 0: give another")
        if shared == DEADLY and own == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
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

    def work_for_ever(self) -> None:
        while True:
            pass

    def stop(self) -> None:
        os.kill(os.getpid(), signal.SIGSTOP)
