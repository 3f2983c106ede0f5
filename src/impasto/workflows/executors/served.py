"""What a process does that holds an object for others: make it, and call its methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from impasto.errors import ImpastoError, MemoryShortError
from impasto.workflows.executors.local import reason_in_words
from impasto.workflows.executors.ordered import Failed
from impasto.workflows.executors.packing import Packed, packed, unpacked

__all__ = ["Served"]


class Served:
    """The object of a process, and the values it was made of.

    Example:
        >>> served = Served()
        >>> served.make(sorted, [3, 1, 2], [])
        >>> unpacked(served.call("index", [3], 0)[0])
        2
    """

    def __init__(self) -> None:
        self._object: Any = None

    def make(self, make: Callable[..., Any], shared: Any, arguments: list[Any]) -> Failed | None:
        """Let go of the object before, and make one of what was sent."""
        self._object = None
        try:
            self._object = make(*map(_own, (shared, *arguments)))
        except Exception as error:
            return _failed(error)
        return None

    def call(self, name: str, arguments: list[Any], parts: int) -> Failed | list[Packed]:
        """What a method of the object gives, in so many parts, or in one where they are 0."""
        try:
            value = getattr(self._object, name)(*map(_own, arguments))
        except Exception as error:
            return _failed(error)
        if not parts:
            return [packed(value)]
        assert len(value) == parts
        return [packed(part) for part in value]


def _own(argument: Any) -> Any:
    """An argument, out of its pieces if it came in such."""
    return unpacked(argument) if isinstance(argument, Packed) else argument


def _failed(error: Exception) -> Failed:
    if isinstance(error, ImpastoError):
        return Failed.of(error)
    if isinstance(error, MemoryError) or "memory" in str(error):
        return Failed.of(
            MemoryShortError(
                "memory ran out where a part of the picture is painted: pass a smaller --tile, or "
                "take fewer workers"
            )
        )
    return Failed(reason_in_words(error), 1)
