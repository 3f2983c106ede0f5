"""Where styles paint a frame, and where it stays as it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVERYWHERE", "Where"]

Levels = NDArray[np.uint8]
Floats = NDArray[np.float32]

FULL = 254 / 255  # masks that fill each other are each rounded to 8 bits


@dataclass(frozen=True, eq=False)
class Where:
    """The masks of one frame; those of a film whose masks stand still are one value.

    Attributes:
        masks: (S, H, W) uint8, for each style white where it paints; None for a blend everywhere.
        keep: (H, W) uint8, white where the frame stays as it is; None for nowhere.

    Example:
        >>> white, half = np.full((1, 1), 255, np.uint8), np.full((1, 1), 51, np.uint8)
        >>> where = Where(np.stack([white, half]), half)
        >>> [round(float(share), 2) for share in (*where.shares.flat, *where.mixed.flat)]
        [0.8, 0.16, 0.83, 0.17]
        >>> round(float(where.painted[0, 0]), 2), EVERYWHERE.painted
        (0.96, None)
    """

    masks: Levels | None = None
    keep: Levels | None = None

    @cached_property
    def shares(self) -> Floats | None:
        """How far each style paints, (S, H, W) in [0, 1]; one for all where there are no masks."""
        if self.keep is None:
            return None if self.masks is None else _unit(self.masks)
        free = 1 - _unit(self.keep)
        return free[None] if self.masks is None else _unit(self.masks) * free

    @cached_property
    def painted(self) -> Floats | None:
        """How far anything is painted, (H, W) in [0, 1]; None for all of it."""
        if self.shares is None:
            return None
        some: Floats = self.shares.sum(0).clip(max=1)
        return None if (some >= FULL).all() else some

    @cached_property
    def mixed(self) -> Floats | None:
        """What of a painting is each style's, (S, H, W), with the sum 1 or 0; None for a blend."""
        if self.masks is None:
            return None
        light = _unit(self.masks)
        light /= np.maximum(light.sum(0), np.float32(1e-6))
        return light

    def without(self, which: int) -> Where:
        """The same where one style paints nothing; without masks, where none does.

        Example:
            >>> white = np.full((1, 1), 255, np.uint8)
            >>> where = Where(np.stack([white, white])).without(0)
            >>> where.shares.ravel().tolist(), where.without(1).painted.tolist()
            ([0.0, 1.0], [[0.0]])
        """
        if self.masks is None:
            assert self.keep is not None
            return Where(keep=np.full_like(self.keep, 255))
        masks = self.masks.copy()
        masks[which] = 0
        return Where(masks, self.keep)

    def laid(self, painting: Levels, frame: Levels) -> Levels:
        """A painting where something is painted, and the frame elsewhere.

        Args:
            painting, frame: (H, W, 3).
        """
        if self.painted is None:
            return painting
        apart = painting.astype(np.float32) - frame
        return np.asarray(np.rint(frame + self.painted[..., None] * apart), np.uint8)


def _unit(levels: Levels) -> Floats:
    return levels.astype(np.float32) / np.float32(255)


EVERYWHERE = Where()
"""No mask: one blend of the styles paints all of a frame."""
