"""A card that moves over a still ground by whole px, so that its motion is known everywhere.

The ground is bare at first and at the end. The card comes in from the left, sways and leaves on
the right. Both are photographs, since painters see in flat colours what they see in no film.

Letters used for shapes: H height, W width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from benchmarks.film.frames import Pixels
from benchmarks.film.motion import Motion

__all__ = ["RATE", "Card"]

RATE = Fraction(24)  # frames a second


@dataclass(frozen=True, eq=False)
class Card:
    """The film of the card.

    Args:
        ground: (H, W, 3) uint8.
        card: (h, w, 3) uint8, smaller than the ground.
        step: px to the right from frame to frame.
        bare: frames without the card at the beginning, and at the end.

    Example:
        >>> card = Card(np.zeros((8, 16, 3), np.uint8), np.full((4, 4, 3), 9, np.uint8), 4, 2)
        >>> len(card), [int(frame[4, 6, 0]) for frame in card.frames()]
        (8, [0, 0, 0, 9, 0, 0, 0, 0])
    """

    ground: Pixels
    card: Pixels
    step: int = 8
    bare: int = 10

    def __len__(self) -> int:
        """Frames in all."""
        across: int = self.ground.shape[1] + self.card.shape[1]
        return 2 * self.bare + -(-across // self.step) - 1

    def place(self, number: int) -> tuple[int, int]:
        """Left and top of the card in a frame, in px; left of the ground while it is bare."""
        height, width = self.card.shape[:2]
        moves = number - self.bare + 1
        left = moves * self.step - width if moves > 0 else -width
        room = self.ground.shape[0] - height
        return left, room // 2 + round(room / 4 * math.sin(number / 8))

    def mask(self, number: int) -> NDArray[np.bool_]:
        """(H, W): where a frame shows the card."""
        mask = np.zeros(self.ground.shape[:2], np.bool_)
        mask[self._window(number)[0]] = True
        return mask

    def frames(self) -> Iterator[Pixels]:
        """(H, W, 3) uint8 each."""
        for number in range(len(self)):
            frame = self.ground.copy()
            there, part = self._window(number)
            frame[there] = self.card[part]
            yield frame

    def motion(self, earlier: int, later: int) -> Motion:
        """The motion between two frames, by their numbers from 0."""
        before, after = self.mask(earlier), self.mask(later)
        move = np.subtract(self.place(later), self.place(earlier)).astype(np.float32)
        flow = np.where(before[..., None], move, np.float32(0))
        height, width = before.shape
        rows, columns = np.mgrid[:height, :width]
        x, y = columns + flow[..., 0], rows + flow[..., 1]
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        return Motion(flow, np.where(before, inside, ~after))

    def _window(self, number: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The part of the ground that the card covers, and the part of the card that is there."""
        left, top = self.place(number)
        height, width = self.card.shape[:2]
        begin, end = max(left, 0), min(left + width, self.ground.shape[1])
        end = max(begin, end)
        return (
            (slice(top, top + height), slice(begin, end)),
            (slice(None), slice(begin - left, end - left)),
        )
