"""How much work a painting is, how much of it is done, and how long the rest will take.

Bars and times left are made of this alone: in the terminal, for a batch, a sheet, and on the page.
A step costs what the pixels of its scale cost, so that a coarse one counts for little.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Self

from impasto.events import Started

__all__ = ["Work", "seconds_left_of_all", "step_cost"]

# Px that a step costs beside those it computes: what grows with no picture. Measured with slim on
# a CPU, from 96 to 1024 px.
SMALL = 48 * 48
RECENT = 12  # steps whose pace counts, so that a machine that gets busy is noticed


def step_cost(height: int, width: int) -> int:
    """What a step at a scale of `height` x `width` px costs, in px.

    Example:
        >>> step_cost(100, 100) - step_cost(0, 0)
        10000
    """
    return height * width + SMALL


class Work:
    """The work of one painting; it is told of every step.

    Args:
        scales: ((height, width), steps) of each scale in px, coarse to fine; empty where the
            method has none, and all steps cost alike.
        steps: of the whole run.
        first_step: the number of the first step that will follow; above 1 for a run that goes on.
        predicted_s: how long it will take from there on, in seconds; 0 if nobody knows.

    Attributes:
        total: all of it, in px computed.
        done: what is done of it; it never gets less.

    Example:
        >>> work = Work([((64, 96), 10)], 10)
        >>> for step in (1, 2, 3, 4):
        ...     work.add(step, (64, 96), 2.0 * step)
        >>> work.share, work.seconds_left
        (0.4, 12.0)
    """

    def __init__(
        self,
        scales: Sequence[tuple[tuple[int, int], int]],
        steps: int,
        first_step: int = 1,
        predicted_s: float = 0.0,
    ) -> None:
        self._scales = [(step_cost(*size), count) for size, count in scales]
        self._scales = self._scales or [(step_cost(0, 0), steps)]
        self._first: dict[tuple[int, int], int] = {}  # step of each scale, by its size
        first = 1
        for size, count in scales:
            self._first.setdefault(size, first)
            first += count
        self._predicted_s, self._skipped = predicted_s, 0
        self._last: tuple[tuple[int, int], float] | None = None
        self._recent: deque[tuple[float, int]] = deque(maxlen=RECENT)
        self._entering: tuple[float, int] | None = None
        self.total = self._upto(sum(count for _, count in self._scales))
        self._begun = self.done = self._upto(first_step - 1)

    @classmethod
    def of(cls, started: Started) -> Self:
        """The work of a painting that begins."""
        return cls(started.scales, started.steps, started.first_step, started.predicted_s)

    def add(self, step: int, scale: tuple[int, int], seconds: float) -> None:
        """Take in that a step is done.

        Args:
            step: its number, from 1.
            scale: (height, width) in px of what it was computed on.
            seconds: since the run began.
        """
        # A scale that was left before its steps were used up leaves none of them for later.
        skipped = max(self._skipped, self._first.get(scale, step) - step)
        done = max(self.done, self._upto(step + skipped))
        if self._last is not None and done > self.done:
            cost = done - self.done if skipped == self._skipped else step_cost(*scale)
            pace = seconds - self._last[1], cost
            # The first step at a scale also looks at the pictures there, which no other does.
            if self._last[0] == scale:
                self._recent.append(pace)
            else:
                self._entering = pace
        self._skipped, self.done, self._last = skipped, done, (scale, seconds)

    @property
    def share(self) -> float:
        """What is done of it, from 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Until the last step, if pixels go on costing what they did lately.

        Before two steps are known it is what was predicted; None if nothing was.
        """
        left = self.total - self.done
        paces = self._recent or ([self._entering] if self._entering is not None else [])
        if not paces:
            whole = self.total - self._begun
            return self._predicted_s * left / whole if self._predicted_s and whole else None
        spent, cost = sum(s for s, _ in paces), sum(c for _, c in paces)
        return max(0.0, spent) / cost * left

    def _upto(self, step: int) -> int:
        """What all steps up to one cost."""
        cost = 0
        for each, count in self._scales:
            cost += each * max(0, min(step, count))
            step -= count
        return cost


def seconds_left_of_all(
    under_way: Sequence[tuple[float, float | None]],
    took: Sequence[float],
    waiting: int,
    workers: int = 1,
) -> float | None:
    """Until several paintings are done, if those to come are like those that were.

    Args:
        under_way: the share that is done of each painting in work, and its seconds left; None
            where they are not known.
        took: the seconds of each one that is done.
        waiting: how many are not begun.
        workers: how many are painted at a time.

    Returns:
        None while nothing can be told.

    Example:
        >>> seconds_left_of_all([(0.5, 10.0)], [20.0, 20.0], waiting=2)
        50.0
        >>> seconds_left_of_all([(0.0, None)], [], waiting=2) is None
        True
    """
    known = [(left, left / (1 - share)) for share, left in under_way if left and share < 1]
    wholes = [*took, *(whole for _, whole in known)]
    if not wholes:
        return None
    usual = sum(wholes) / len(wholes)
    lefts = [usual * (1 - share) if left is None else left for share, left in under_way]
    return max([(sum(lefts) + waiting * usual) / max(1, workers), *lefts])
