"""Where many independent items are worked on: items go in, a stream of messages comes out.

Nothing here knows what the work is. This is the contract that every place keeps; `local` has the
processes of this machine, `ray` those of a cluster, and `open` the one that an address names::

    from impasto.workflows import executors

    with executors.open("local:2") as executor:
        for result in executors.map_ordered(executor, function, items):
            ...
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeAlias, TypeVar

from impasto.signals import exit_in_words

if TYPE_CHECKING:
    from impasto.workflows.executors.opening import open
    from impasto.workflows.executors.ordered import map_ordered

__all__ = [
    "Assigned",
    "Completed",
    "Died",
    "Executor",
    "Message",
    "Needs",
    "Raised",
    "Report",
    "map_ordered",
    "open",
]

Item = TypeVar("Item")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Needs:
    """What each worker of a cluster has to have.

    Attributes:
        threads: of torch in each; None where the work sets them itself or has no torch.
        memory_bytes: that the work is predicted to take; 0 where nobody knows.
        precision: "bf16" asks for processors that compute in it, as `methods.precision` has it;
            "auto" for those that take the same as this machine.

    Example:
        >>> Needs(threads=2).cores
        2
    """

    threads: int | None = None
    memory_bytes: int = 0
    precision: str = "float32"

    @property
    def cores(self) -> int:
        """Processors that each takes up."""
        return self.threads or 1


@dataclass(frozen=True)
class Assigned(Generic[Item]):
    """A worker has taken an item; where it has been taken before, its first worker was lost.

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
        reason: of its end in words, where it has no exit code that this machine knows.
    """

    item: Item
    worker: int
    exit_code: int
    reason: str = ""

    @property
    def how(self) -> str:
        """How the worker ended, for a message.

        Example:
            >>> Died("an item", 0, -9).how
            'SIGKILL'
        """
        return self.reason or exit_in_words(self.exit_code)


Message: TypeAlias = (
    Assigned[Item] | Report[Item, Value] | Completed[Item] | Raised[Item] | Died[Item]
)


class Executor(Protocol):
    """A place where items are worked on, several at once perhaps.

    Entered as a context, it keeps its workers from one `run` to the next, and what they were sent
    of the same work; left, it ends them all.
    """

    @property
    def workers(self) -> int:
        """How many items are worked on at once, at most."""
        ...

    def run(
        self, work: Callable[[Item], Iterable[Value]], items: Iterable[Item]
    ) -> Generator[Message[Item, Value], None, None]:
        """Have every item worked on; closing the generator ends all work at once.

        Args:
            work: called with each item; what it yields is reported while it goes on. It has to
                deal itself with the errors it expects: one that it raises is `Raised`.
            items: taken up in this order, and none long before a worker is free for it.

        Yields:
            Of each item: `Assigned`, any number of `Report`s, then one of `Completed`, `Raised`
            and `Died`. Messages of different items mingle. Over several machines an item whose
            worker is lost is worked on anew by another, which begins with `Assigned` again.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


def __getattr__(name: str) -> Any:
    # What reads the messages needs neither processes nor clusters.
    if name == "open":
        from impasto.workflows.executors.opening import open

        return open
    if name == "map_ordered":
        from impasto.workflows.executors.ordered import map_ordered

        return map_ordered
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
