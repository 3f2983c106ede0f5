"""Results in the order of their items, from a function of one item: what tiles are worked on by."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from impasto.errors import ImpastoError
from impasto.workflows.executors import Died, Executor, Raised, Report

__all__ = ["Called", "Failed", "Numbers", "forget_old", "map_ordered"]

Item = TypeVar("Item")
Result = TypeVar("Result")
KEPT = 4  # works, whose constants may be large


@dataclass(frozen=True)
class Failed:
    """An error on its way from one process to another.

    Example:
        >>> from impasto.errors import MemoryShortError
        >>> Failed.of(MemoryShortError("too large")).error().exit_code
        3
    """

    message: str
    exit_code: int

    @classmethod
    def of(cls, error: ImpastoError) -> Failed:
        """What travels of an error."""
        return cls(str(error), error.exit_code)

    def error(self) -> ImpastoError:
        """The error anew."""
        error = ImpastoError(self.message)
        error.exit_code = self.exit_code
        return error


def map_ordered(
    executor: Executor, function: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[Result, None, None]:
    """The results of a function, in the order of its items; closing it ends all work.

    Args:
        executor: where the function is called. Entered as a context, it is sent the same function,
            with what a `functools.partial` binds, once for all calls.
        function: of one item, without memory of others: it may be called again for an item whose
            worker is lost. It, items and results have to be picklable; arrays of a cluster's items
            may be read-only.
        items: taken up in their order, a few ahead of the results.

    Raises:
        ImpastoError: what the function raised, when its item's turn comes; at once the death of
            its process, or an error that nobody foresaw.

    Example:
        >>> from impasto.workflows.executors.local import SerialExecutor
        >>> list(map_ordered(SerialExecutor(), abs, [-2, 1, -3]))
        [2, 1, 3]
    """
    early: dict[int, Result | Failed] = {}
    wanted = 0
    with closing(executor.run(Called(function), enumerate(items))) as messages:
        for message in messages:
            if isinstance(message, Raised):
                raise ImpastoError(message.reason)
            if isinstance(message, Died):
                raise ImpastoError(
                    f"the process that worked on part {message.item[0] + 1} died ({message.how}): "
                    "free some memory, or take fewer workers"
                )
            if not isinstance(message, Report):
                continue
            if message.item[0] >= wanted:  # else it came before its worker was lost
                early[message.item[0]] = message.value
            while wanted in early:
                value = early.pop(wanted)
                if isinstance(value, Failed):
                    raise value.error()
                yield value
                wanted += 1


@dataclass(frozen=True, eq=False)
class Called(Generic[Item, Result]):
    """A function of an item as the work of an executor."""

    function: Callable[[Item], Result]

    def __call__(self, numbered: tuple[int, Item]) -> Iterator[Result | Failed]:
        try:
            yield self.function(numbered[1])
        except ImpastoError as error:
            yield Failed.of(error)


class Numbers:
    """Numbers for works, so that workers are sent each of them once and keep the last few.

    Example:
        >>> numbers = Numbers()
        >>> numbers.of(abs), numbers.of(len), numbers.of(abs)
        (1, 2, 1)
    """

    def __init__(self) -> None:
        self._last: dict[int, object] = {}
        self._count = 0

    def of(self, work: Callable[[Any], Iterable[Any]]) -> int:
        """The number of a work, a new one unless it is among the last."""
        own = work.function if isinstance(work, Called) else work
        for number, last in self._last.items():
            if last is own:
                return number
        self._count += 1
        self._last[self._count] = own
        forget_old(self._last)
        return self._count


def forget_old(numbered: dict[int, Any]) -> None:
    """Keep as many works as `Numbers` does, those with the highest numbers.

    Example:
        >>> numbered = dict.fromkeys(range(6))
        >>> forget_old(numbered)
        >>> list(numbered)
        [2, 3, 4, 5]
    """
    for number in sorted(numbered)[:-KEPT]:
        del numbered[number]
