"""Patches of a picture: the square around each of its pixels, as arrays to compare.

Two arrangements put pictures together of a painting's patches. Drawings look through all patches of
one region (`doodle/patchwork.py`), at sizes where that takes a second; letters, whose guide knows
no regions, ask the neighbours (`letter/patchmatch.py`), at any size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["patches_of"]


def patches_of(picture: NDArray[Any], radius: int) -> NDArray[Any]:
    """The square around each pixel, mirrored at the edges.

    Args:
        picture: (H, W, C).
        radius: px to each side.

    Returns:
        (H, W, C, S, S), S = 2 · radius + 1; a view that cannot be written to, so that patches are
        only copied where they are taken.

    Example:
        >>> row = np.arange(4).reshape(1, 4, 1).repeat(2, 0)
        >>> patches_of(row, 1)[0, 0, 0].tolist()
        [[1, 0, 1], [1, 0, 1], [1, 0, 1]]
    """
    side = 2 * radius + 1
    padded = np.pad(picture, ((radius, radius), (radius, radius), (0, 0)), mode="reflect")
    return np.lib.stride_tricks.sliding_window_view(padded, (side, side), axis=(0, 1))
