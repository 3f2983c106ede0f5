"""How steady a film is: along its motion, in its own motion, in still places, over minutes.

Letters used for shapes: H height, W width, n frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.film.frames import Pixels
from benchmarks.film.motion import Floats, Motion, warped

__all__ = ["Deviation", "Slope", "Warping", "flow_difference", "lab", "slope"]

SHOWN = 0.1  # share of a frame that both must show, or the pair tells nothing


class Warping:
    """The warping error: how much colours change along the motion of the photographs.

    The mean over pairs of frames of the mean square of the difference, over places that both
    show, of colours in [0, 1]; times 1,000.

    Source: Lai et al., "Learning blind video temporal consistency" (2018), section 4.2.

    Example:
        >>> flow, shown = np.zeros((1, 1, 2), np.float32), np.ones((1, 1), np.bool_)
        >>> black, grey = (np.full((1, 1, 3), level, np.uint8) for level in (0, 51))
        >>> error = Warping()
        >>> for later in (black, grey):
        ...     error.add(black, later, Motion(flow, shown))
        >>> round(error.result(), 3)  # half of 0.2²
        20.0
    """

    def __init__(self) -> None:
        self._errors: list[float] = []

    def add(self, earlier: Pixels, later: Pixels, motion: Motion) -> None:
        """A pair of painted frames with the motion between their photographs."""
        if motion.shown.mean() >= SHOWN:
            difference = (earlier - warped(later, motion.flow))[motion.shown] / 255
            self._errors.append(1000 * float(np.square(difference, dtype=np.float64).mean()))

    def result(self) -> float | None:
        """The error; None where no pair could be compared."""
        return float(np.mean(self._errors)) if self._errors else None


def flow_difference(painted: Floats, photographed: Floats) -> float:
    """tOF of a pair of frames: how far the paint moves otherwise than what it shows, in px.

    Args:
        painted, photographed: (H, W, 2), the flow between two paintings, and between what they
            were painted from, estimated alike.

    Returns:
        The mean of the sum of both differences without their signs.

    Source: Chu et al., "Learning temporal coherence via self-supervision" (2020), section 5.

    Example:
        >>> still, right = np.zeros((2, 2, 2)), np.full((2, 2, 2), (3.0, 0.0))
        >>> flow_difference(right, still)
        3.0
    """
    return float(np.abs(painted - photographed).sum(-1).mean())


class Deviation:
    """The standard deviation of each place over time.

    Example:
        >>> deviation = Deviation()
        >>> for level in (10, 20):
        ...     deviation.add(np.full((1, 1, 3), level, np.uint8))
        >>> deviation.result()
        array([[5.]])
    """

    def __init__(self) -> None:
        self._count = 0
        self._first: NDArray[np.float64]
        self._sum: NDArray[np.float64]
        self._squares: NDArray[np.float64]

    def add(self, frame: Pixels) -> None:
        """The next frame of a shot, (H, W, 3)."""
        if not self._count:
            self._first = frame.astype(np.float64)
            self._sum, self._squares = np.zeros(frame.shape), np.zeros(frame.shape)
        change = frame - self._first  # small where a place is still, so that squares stay exact
        self._sum += change
        self._squares += change * change
        self._count += 1

    def result(self) -> NDArray[np.float64]:
        """(H, W) in levels, the root mean square of the three channels'."""
        mean = self._sum / self._count
        variance = np.maximum(self._squares / self._count - mean * mean, 0)
        return np.asarray(np.sqrt(variance.mean(-1)))


def lab(frame: Pixels) -> NDArray[np.float64]:
    """Mean colour of a frame, (3,): L, a, b of CIELAB (D65), in levels, of which L has 255.

    Example:
        >>> lab(np.full((1, 1, 3), 255, np.uint8)).round(1) + 0.0
        array([255.,   0.,   0.])
    """
    # OpenCV looks Lab up in a coarse table, and is wrong by more than what drift may be.
    share = _LINEAR[frame].reshape(-1, 3) @ _XYZ.T  # of the white's X, Y, Z
    line = share * np.float32(841 / 108) + np.float32(4 / 29)
    x, y, z = np.where(share > (6 / 29) ** 3, np.cbrt(share), line).mean(0, dtype=np.float64)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)]) * (255 / 100)


_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4)
_LINEAR = _LINEAR.astype(np.float32)
_XYZ = np.array(  # sRGB (IEC 61966-2-1)
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32
)
_XYZ /= _XYZ.sum(1, keepdims=True)


class Slope(NamedTuple):
    """A slope a minute, and the half width of its 95 % interval."""

    minute: float
    within: float


# Student's t, two-sided 95 %, by degrees of freedom from 1; beyond 30 the last value serves.
_STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


def slope(values: Sequence[float], rate: float, period: int) -> Slope | None:
    """How much a number drifts in a minute, by least squares over the means of whole periods.

    A film that plays a clip back and forth shows the same frames in every period. So their means
    differ by drift alone, and do not depend on one another as frames do.

    Args:
        values: (n,), one a frame.
        rate: frames a second.
        period: frames after which the film begins again; what is over at its end is left out.

    Returns:
        None where there are fewer than three periods.

    Example:
        >>> slope([0.0, 5.0, 1.0, 6.0, 2.0, 7.0], rate=2, period=2)  # 1 more every second
        Slope(minute=60.0, within=0.0)
    """
    count = len(values) // period
    if count < 3:
        return None
    means = np.reshape(values[: count * period], (count, period)).mean(1)
    minutes = np.arange(count) * (period / rate / 60)
    away = minutes - minutes.mean()
    spread = float(away @ away)
    steepness = float(away @ means) / spread
    rest = means - means.mean() - steepness * away
    error = sqrt(float(rest @ rest) / (count - 2) / spread)
    return Slope(round(steepness, 9), round(_STUDENT[min(count - 2, 30) - 1] * error, 9))
