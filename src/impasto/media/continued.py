"""A part of a film that begins as the part before it ended, so that nothing jumps between them.

The first picture of a part is coded by itself, and coding errs there in other places than in the
picture before, which was coded from those before it: where nothing moves, the texture jumps. So
what that last picture shows is laid on the first one of the part, wherever both show the same
thing, and taken away bit by bit from those that follow.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from impasto.errors import InputError
from impasto.media.flow import opencv

__all__ = ["Continued"]

Pixels = NDArray[np.uint8]

FADES = 24  # pictures in which what is laid on them goes
# Levels by which two pictures may differ before little is laid on; of differences that are averaged
# over a square, so that errors of coding count for little.
DIFFERENCE, SQUARE = 10.0, 5


class Continued:
    """Makes the pictures of a part go on from the last picture of the part before it.

    Args:
        last: (H, W, 3) uint8, as it is decoded.

    Example:
        >>> grey = np.full((8, 8, 3), 100, np.uint8)
        >>> continued = Continued(grey + 2)
        >>> [int(continued.next(grey)[0, 0, 0]) for _ in range(25)][::6]
        [102, 101, 101, 100, 100]
    """

    def __init__(self, last: Pixels) -> None:
        self._last: Pixels | None = last
        self._apart: NDArray[np.float32] | None = None
        self._left = FADES

    def next(self, pixels: Pixels) -> Pixels:
        """The next picture of the part, as it is to be coded.

        Args:
            pixels: (H, W, 3) uint8, as it was painted.

        Raises:
            InputError: it has another size than the last one.
        """
        if self._last is not None:
            self._apart, self._last = _apart(self._last, pixels), None
        if self._apart is None:
            return pixels
        laid = pixels + self._apart * np.float32(self._left / FADES)
        self._left -= 1
        if not self._left:
            self._apart = None
        return np.asarray(np.rint(laid.clip(0, 255)), np.uint8)


def _apart(last: Pixels, first: Pixels) -> NDArray[np.float32]:
    """What makes the first picture of a part the last one before it, where both are alike.

    Returns:
        (H, W, 3) in levels.
    """
    if last.shape != first.shape:
        raise InputError(
            f"a part has pictures of {first.shape[1]} x {first.shape[0]} px, and the part before "
            f"it of {last.shape[1]} x {last.shape[0]} px: they have to be of one size"
        )
    cv = opencv()
    apart: NDArray[np.float32] = cv.subtract(last, first, dtype=cv.CV_32F)
    seen = np.abs(cv.blur(apart, (SQUARE, SQUARE))).max(-1)
    seen *= 1 / DIFFERENCE
    apart *= np.exp(-(seen * seen))[..., None]
    return apart
