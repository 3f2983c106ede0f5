"""How long a training goes on, and how fast it goes on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass

from impasto.errors import SettingError

__all__ = ["Length", "pace"]


@dataclass(frozen=True)
class Length:
    """How long to learn: until so many steps are done or so many seconds are spent.

    Attributes:
        steps: 0 for no such end.
        seconds: of learning alone, before and after every resumption; 0 for no such end.

    Raises:
        SettingError: if neither end would ever come.
    """

    steps: int = 0
    seconds: float = 0.0

    def __post_init__(self) -> None:
        possible = self.steps >= 0 and 0 <= self.seconds < math.inf
        if not possible or not (self.steps or self.seconds):
            raise SettingError(
                f"a training of {self.steps} steps or {self.seconds / 60:g} minutes never ends: "
                "give a number above 0 for one of them"
            )

    def share(self, steps: int, seconds: float) -> float:
        """How much of it is over, from 0 to 1.

        Example:
            >>> Length(steps=200).share(50, 1e9)
            0.25
        """
        by_steps = steps / self.steps if self.steps else 0.0
        by_time = seconds / self.seconds if self.seconds else 0.0
        return min(1.0, max(by_steps, by_time))


def pace(step: int, share: float, warmup: int) -> float:
    """The learning rate's factor: up in `warmup` steps, then down along a cosine.

    Example:
        >>> pace(5, 0.0, 10), pace(100, 0.5, 10)
        (0.5, 0.5)
    """
    return min(1.0, step / warmup) * 0.5 * (1 + math.cos(math.pi * share))
