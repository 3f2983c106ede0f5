"""Work that paints nothing: it does what its items say."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import MemoryShortError

__all__ = ["obey", "of", "plus", "unless_short"]


def obey(order: str) -> Iterator[int]:
    """Reports its process, then does what the order says."""
    yield os.getpid()
    match order.split():
        case ["be", "killed"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["be", "killed", "once", folder] if not Path(folder, "killed").exists():
            Path(folder, "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case ["wait"]:
            threading.Event().wait()  # until it is ended
        case ["fail"]:
            raise ZeroDivisionError("of a test")


def plus(constant: NDArray[Any], item: NDArray[Any]) -> NDArray[Any]:
    """A function of an item with a constant."""
    return constant + item


def unless_short(number: int) -> int:
    """A function that refuses one number."""
    if number == 3:
        raise MemoryShortError("3 does not fit")
    return int(np.square(number))


def of(kind: type, messages: Iterable[Any]) -> list[Any]:
    """The messages of a kind."""
    return [message for message in messages if isinstance(message, kind)]
