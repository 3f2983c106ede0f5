"""Frames that stand for a shot, no more of them than are painted at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from impasto.errors import InputError
from impasto.workflows.film.painters.protocol import Frame

__all__ = ["CROPS", "SAMPLED_PX", "sampled"]

SAMPLED_PX = 1_200_000
FEWEST, MOST = 4, 10  # whole frames
CROPS = 10  # in their place where frames are large
# Where a crop lies in its frame: multiples of these shares of the way, which spread evenly (the
# plastic number's; Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018).
ROWS, COLUMNS = 0.7549, 0.5698


def sampled(frames: Sequence[Frame]) -> NDArray[np.uint8]:
    """What of some frames a shot is judged by.

    Args:
        frames: (H, W, 3) uint8 each, of one size, at least one.

    Returns:
        (N, h, w, 3) uint8, at most about `SAMPLED_PX` in all: whole frames, evenly chosen, or crops
        from all over them.

    Raises:
        InputError: no frame, or frames of two sizes.

    Example:
        >>> frames = [np.full((360, 640, 3), level, np.uint8) for level in range(9)]
        >>> sampled(frames)[:, 0, 0, 0].tolist(), sampled(frames[:2]).shape
        ([0, 2, 4, 6, 8], (2, 360, 640, 3))
        >>> sampled([np.zeros((1080, 1920, 3), np.uint8)]).shape
        (10, 344, 344, 3)
    """
    if len(frames) == 0:
        raise InputError("a shot has no frame to begin with: give at least its first one")
    if len({frame.shape for frame in frames}) > 1:
        raise InputError("the frames of a shot have several sizes: resize them to one")
    height, width = frames[0].shape[:2]
    fit = SAMPLED_PX // (height * width)
    if fit >= min(FEWEST, len(frames)):
        count = min(len(frames), fit, MOST)
        chosen = np.linspace(0, len(frames) - 1, count).round().astype(int)
        return np.stack([frames[which] for which in chosen])
    side = int((SAMPLED_PX / CROPS) ** 0.5) // 8 * 8
    h, w = min(side, height), min(side, width)
    crops = []
    for n in range(CROPS):
        y = int((height - h + 1) * (ROWS * n % 1))
        x = int((width - w + 1) * (COLUMNS * n % 1))
        crops.append(frames[n % len(frames)][y : y + h, x : x + w])
    return np.stack(crops)
