"""Where many independent items are worked on: items go in, a stream of messages comes out.

Nothing here knows what the work is. This is the contract that every place keeps; `local` has the
processes of this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias, TypeVar

__all__ = ["Assigned", "Completed", "Died", "Executor", "Message", "Raised", "Report"]

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Assigned(Generic[Item]):
    """A worker has taken an item.

    Attributes:
        item: what it works on.
        worker: number of the worker, from 0; a fresh one takes over the number of a dead one.
        pid: of its process.
    """

    item: Item
    worker: int
    pid: int


@dataclass(frozen=True)
class Report(Generic[Item, Value]):
    """The work on an item has yielded something.

    Attributes:
        item, worker: as in `Assigned`.
        value: what it yielded.
    """

    item: Item
    worker: int
    value: Value


@dataclass(frozen=True)
class Completed(Generic[Item]):
    """The work on an item has come to its end."""

    item: Item
    worker: int


@dataclass(frozen=True)
class Raised(Generic[Item]):
    """The work on an item has raised an error; its worker is not trusted with another item.

    Attributes:
        item, worker: as in `Assigned`.
        reason: one short paragraph.
    """

    item: Item
    worker: int
    reason: str


@dataclass(frozen=True)
class Died(Generic[Item]):
    """The worker that had an item has died, which costs this item alone.

    Attributes:
        item, worker: as in `Assigned`.
        exit_code: below 0 the signal that ended it; see `impasto.signals.exit_in_words`.
    """

    item: Item
    worker: int
    exit_code: int


Message: TypeAlias = (
    Assigned[Item] | Report[Item, Value] | Completed[Item] | Raised[Item] | Died[Item]
)


class Executor(Protocol):
    """A place where items are worked on, several at once perhaps."""

    def run(
        self, work: Callable[[Item], Iterable[Value]], items: Iterable[Item]
    ) -> Generator[Message[Item, Value], None, None]:
        """Have every item worked on; closing the generator ends all work at once.

        Args:
            work: called with each item; what it yields is reported while it goes on. It has to
                deal itself with the errors it expects: one that it raises is `Raised`.
            items: taken up in this order.

        Yields:
            Of each item: `Assigned`, any number of `Report`s, then one of `Completed`, `Raised`
            and `Died`. Messages of different items mingle.
        """
        ...
