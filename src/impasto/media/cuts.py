"""Where one shot of a film ends and the next begins."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from impasto.media.flow import opencv

__all__ = ["Cuts"]

SMALL = (48, 27)  # px, width and height, that frames are compared at
CHANGE = 12.0  # levels by which a pixel of the small frames differs across a cut, on average
LEAP = 3.0  # times what the frames before differed by
ALIKE = 0.75  # correlation of light and dark that no cut reaches
REMEMBERED = 8  # differences


class Cuts:
    """Finds cuts frame by frame, from what came before alone.

    Across a cut the small frame changes by much, by far more than the frames before changed it, and
    light and dark lie elsewhere. A flash leaves these where they are, a fast camera changes all
    frames alike, and fades and dissolves are no cuts.

    Example:
        >>> left = np.zeros((90, 160, 3), np.uint8)
        >>> left[:, :80] = 200
        >>> cuts = Cuts()
        >>> [cuts.is_cut(frame) for frame in (left, left, left // 2, left[:, ::-1])]
        [False, False, False, True]
    """

    def __init__(self) -> None:
        self._frame: NDArray[np.float32] | None = None
        self._changes: deque[float] = deque(maxlen=REMEMBERED)

    def is_cut(self, frame: NDArray[np.uint8]) -> bool:
        """Whether a shot begins with this frame; never with the first one.

        Args:
            frame: (H, W, 3) uint8, sRGB; the next one of the film, of any size.

        Raises:
            MissingPackageError: OpenCV is not installed.
        """
        cv = opencv()
        small = cv.resize(frame, SMALL, interpolation=cv.INTER_AREA).astype(np.float32)
        before, self._frame = self._frame, small
        if before is None:
            return False
        change = float(np.abs(small - before).mean())
        # The median: a leap in the midst of a quiet shot does not hide the next one.
        usual = float(np.median(self._changes)) if self._changes else 0.0
        if change > CHANGE and change > LEAP * usual and _likeness(small, before) < ALIKE:
            self._changes.clear()
            return True
        self._changes.append(change)
        return False


def _likeness(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    """Correlation of the lightness of two small frames, from -1 to 1; 0 where one is flat."""
    a, b = (frame.mean(2) - frame.mean() for frame in (a, b))
    spread = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return float((a * b).mean()) / spread if spread > 1 else 0.0
