"""How far each pixel is from the outline of a shape, exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["half_width", "opened", "signed_distance", "to_nearest"]

Plane = NDArray[np.float32]


def to_nearest(shape: NDArray[np.bool_]) -> Plane:
    """Euclidean distance of each pixel to the nearest pixel of a shape.

    Args:
        shape: (H, W), where the shape is.

    Returns:
        (H, W) in px between the middles of pixels; infinity everywhere if the shape is empty.

    Source: the parabolas of Felzenszwalb and Huttenlocher, "Distance transforms of sampled
    functions", 2012, section 2; their lower envelope is found by comparing rows near and then
    farther, until none can be nearer.

    Example:
        >>> corner = np.zeros((4, 5), bool)
        >>> corner[0, 0] = True
        >>> float(to_nearest(corner)[3, 4])  # 3 down, 4 to the right
        5.0
    """
    squares = _along_rows(shape) ** 2
    best = squares.copy()
    for step in range(1, len(shape)):
        # A row so far away adds the square of its distance: it helps where there is more to gain.
        if step**2 >= best.max():
            break
        np.minimum(best[step:], squares[:-step] + step**2, out=best[step:])
        np.minimum(best[:-step], squares[step:] + step**2, out=best[:-step])
    return np.sqrt(best, out=best)


def _along_rows(shape: NDArray[np.bool_]) -> Plane:
    """Distance to the nearest pixel of the shape in the same row; infinity where it has none."""
    columns = np.arange(shape.shape[1], dtype=np.float32)
    before = np.maximum.accumulate(np.where(shape, columns, -np.inf), axis=1)
    after = np.minimum.accumulate(np.where(shape, columns, np.inf)[:, ::-1], axis=1)[:, ::-1]
    return np.minimum(columns - before, after - columns).astype(np.float32)


def signed_distance(shape: NDArray[np.bool_]) -> Plane:
    """Distance to the outline of a shape, which lies between its pixels and the others.

    Args:
        shape: (H, W), true inside.

    Returns:
        (H, W) in px: above 0 outside, below 0 inside; half a px on either side of the outline.

    Example:
        >>> signed_distance(np.array([[False, False, True, True]])).tolist()
        [[1.5, 0.5, -0.5, -1.5]]
    """
    outside, inside = to_nearest(shape), to_nearest(~shape)
    return np.where(shape, 0.5 - inside, outside - 0.5)


def half_width(distance: Plane) -> float:
    """Half the width of the strokes of a shape, in px.

    Inside a stroke of half-width r all distances from 0 to r are alike frequent, so that r is twice
    their mean; of strokes of several widths the wider count by their area.

    Args:
        distance: (H, W), signed, as `signed_distance` gives it, with something inside.

    Example:
        >>> bar = np.zeros((20, 200), bool)
        >>> bar[6:14] = True
        >>> half_width(signed_distance(bar))  # 8 px wide
        4.0
    """
    return float(-2 * distance[distance < 0].mean())


def opened(shape: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    """A shape without parts thinner than twice a radius, in px.

    Example:
        >>> specks = np.zeros((5, 9), bool)
        >>> specks[2, 1] = specks[0:5, 4:9] = True
        >>> opened(specks, 1.0).sum(0).tolist()
        [0, 0, 0, 0, 5, 5, 5, 5, 5]
    """
    kept = to_nearest(~shape) > radius
    return to_nearest(kept) <= radius if kept.any() else kept
