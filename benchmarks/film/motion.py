"""Where each place of a frame lies in another one, and which places both of them show.

Letters used for shapes: H height, W width.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.film.frames import Pixels

__all__ = ["Floats", "Motion", "estimated", "flow", "warped"]

Floats = NDArray[np.float32]


class Motion(NamedTuple):
    """From an earlier frame to a later one.

    Attributes:
        flow: (H, W, 2) float32, px right and down, from a place of the earlier to that of the
            later which shows the same.
        shown: (H, W), whether both show the place, so that they can be compared there.
    """

    flow: Floats
    shown: NDArray[np.bool_]


def flow(earlier: Pixels, later: Pixels, *, fine: bool = False) -> Floats:
    """Dense inverse search (Kroeger et al. 2016), as OpenCV has it, preset medium.

    Args:
        earlier, later: (H, W, 3) uint8.
        fine: down to single px, with twice the refinement; five times as slow.

    Returns:
        (H, W, 2), as in `Motion`.
    """
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    if fine:
        search.setFinestScale(0)
        search.setPatchStride(3)
        search.setVariationalRefinementIterations(10)
    greys = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (earlier, later))
    return np.asarray(search.calc(*greys, None), np.float32)  # type: ignore[call-overload]


def warped(values: NDArray[np.uint8] | Floats, flow: Floats) -> Floats:
    """What lies where a flow leads, between px by straight lines.

    Args:
        values: (H, W, C) of the later frame.
        flow: (H, W, 2), from the earlier to the later.

    Returns:
        (H, W, C) at the places of the earlier; beyond the border its nearest value.

    Example:
        >>> row = np.arange(4, dtype=np.float32).reshape(1, 4, 1)
        >>> right = np.array([[[1, 0]] * 4], np.float32)
        >>> warped(row, right).ravel()
        array([1., 2., 3., 3.], dtype=float32)
    """
    height, width = flow.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    out = cv2.remap(
        np.asarray(values, np.float32),
        columns + flow[..., 0],
        rows + flow[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(out, np.float32).reshape(height, width, -1)


def estimated(earlier: Pixels, later: Pixels) -> Motion:
    """The motion between two photographs, by fine flow and the forward-backward check.

    A place is not shown in both where it leaves the frame, where the way there and back does not
    end near its beginning, and where the flow has an edge.

    Source: Sundaram, Brox and Keutzer, "Dense point trajectories by GPU-accelerated large
    displacement optical flow" (2010), whose thresholds Ruder et al. (2016) and Lai et al. (2018)
    take over.
    """
    forward, backward = flow(earlier, later, fine=True), flow(later, earlier, fine=True)
    back = warped(backward, forward)
    length, length_back = (np.square(each).sum(-1) for each in (forward, back))
    missed = np.square(forward + back).sum(-1) > 0.01 * (length + length_back) + 0.5
    slopes = [np.square(np.gradient(forward[..., axis])).sum(0) for axis in (0, 1)]
    edge = slopes[0] + slopes[1] > 0.01 * length + 0.002
    height, width = length.shape
    rows, columns = np.mgrid[:height, :width]
    x, y = columns + forward[..., 0], rows + forward[..., 1]
    inside = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return Motion(forward, inside & ~missed & ~edge)
