"""What is left of a card behind it, from a ground that is known."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from benchmarks.film.card import Card
from benchmarks.film.frames import Pixels

__all__ = ["AGES", "Ghost"]

AGES = (1, 2, 4, 8)
"""Frames after which the ground is looked at where the card was."""


class Ghost:
    """The share of the painted card that stands where the card no longer is.

    The painted ground is the mean of the bare frames at the beginning. Where a place has been free
    for so many frames, its difference from the painted ground is projected on what it differed by
    when the card was last there: 1 if the card still stands there, 0 if nothing of it does. A
    painter that sees beyond a place paints the ground beside the card otherwise than the bare one,
    so that each frame painted alone is the measure of how little there can be.

    Args:
        card: the film that was painted.
    """

    def __init__(self, card: Card) -> None:
        self._card = card
        self._number = 0
        self._ground = np.zeros(card.ground.shape)
        self._last: deque[NDArray[np.float64]] = deque(maxlen=max(AGES) + 1)
        self._left = dict.fromkeys(AGES, 0.0)
        self._whole = dict.fromkeys(AGES, 0.0)

    def add(self, painted: Pixels) -> None:
        """The next painted frame."""
        number, self._number = self._number, self._number + 1
        if number < self._card.bare:
            self._ground += painted / self._card.bare
            return
        self._last.append(painted - self._ground)
        for age in AGES:
            if age < len(self._last):
                free = self._free(number, age)
                left, card = self._last[-1][free], self._last[-1 - age][free]
                self._left[age] += float((left * card).sum())
                self._whole[age] += float((card * card).sum())

    def result(self) -> dict[int, float]:
        """The share that is left after each of `AGES`; 0 where the painter never drew a card."""
        return {a: self._left[a] / self._whole[a] if self._whole[a] else 0.0 for a in AGES}

    def _free(self, number: int, age: int) -> NDArray[np.bool_]:
        """(H, W): where the card was so many frames ago for the last time."""
        free = self._card.mask(number - age)
        for later in range(number - age + 1, number + 1):
            free &= ~self._card.mask(later)
        return free
