"""Parts of one work that others hold: what a method asks of processes, wherever they run.

A method names a function that makes an object, and calls that object's methods; it knows neither
sockets nor clusters. Who gives it other processes keeps this contract; `Here` is this process.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

__all__ = ["Each", "Group", "Here", "Holders", "LostHolderError"]

Each = Sequence[tuple[Any, ...]]


class LostHolderError(Exception):
    """An object of a group is gone, or has not answered in time: the group is of no more use.

    It never leaves a method: a fresh group takes over what the old one held.
    """


class Group(Protocol):
    """Objects of one kind, each of which holds a part; they are called in order, all at once."""

    def __len__(self) -> int: ...

    def call(self, name: str, *common: Any, each: Each | None = None, parts: int = 0) -> list[Any]:
        """What a method of every object gives, in their order.

        Args:
            name: of the method.
            common: arguments that are the same for all.
            each: further arguments of each object.
            parts: where not 0, the method returns a tuple of so many values, and these stay where
                they are: of each object a tuple of tokens is returned, which are good for `each` of
                a later call.

        Raises:
            LostHolderError: an object is gone.
            ImpastoError: what a method raised.
        """
        ...

    def one(self, number: int, name: str, *arguments: Any) -> Any:
        """What a method of one object gives; errors as for `call`."""
        ...

    def close(self) -> None:
        """End all objects at once, and what is under way in them."""
        ...


class Holders(Protocol):
    """Processes that may each hold an object, on this machine or on others.

    Attributes:
        is_here: whether they share the memory of this machine.
    """

    @property
    def is_here(self) -> bool: ...

    def ready(self, memory_bytes: int = 0) -> int:
        """How many there are for objects of that size, at least 1.

        Raises:
            ImpastoError: there is none, and none comes.
        """
        ...

    def start(self, make: Callable[..., Any], shared: Any, each: Each) -> Group:
        """Have an object made in as many processes, by `make(shared, *each[number])`.

        Args:
            make: a function or class that can be imported there.
            shared: sent once to every machine, and not again while it is the same object.
            each: arguments of each object, no more than are `ready`.

        Raises:
            LostHolderError: a process has died meanwhile.
            ImpastoError: what `make` raised.
        """
        ...

    def notes(self) -> Sequence[str]:
        """What a person may not expect of them, in a sentence each: machines that are not used."""
        ...


class Here:
    """Objects of this process, called one after the other.

    Example:
        >>> group = Here([[3, 1], [2]])
        >>> group.call("count", 3)
        [1, 0]
        >>> group.one(0, "index", 1)
        1
    """

    def __init__(self, objects: Sequence[Any]) -> None:
        self._objects = objects

    def __len__(self) -> int:
        return len(self._objects)

    def call(self, name: str, *common: Any, each: Each | None = None, parts: int = 0) -> list[Any]:
        """As `Group.call` says; tokens are the values themselves."""
        del parts
        own = each or [()] * len(self)
        return [
            getattr(held, name)(*common, *more)
            for held, more in zip(self._objects, own, strict=True)
        ]

    def one(self, number: int, name: str, *arguments: Any) -> Any:
        """As `Group.one` says."""
        return getattr(self._objects[number], name)(*arguments)

    def close(self) -> None:
        """As `Group.close` says."""
