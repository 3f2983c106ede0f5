"""Frames that stand for a shot, no more of them than are painted at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from impasto.errors import InputError
from impasto.workflows.film.painters.protocol import Frame
from impasto.workflows.film.where import EVERYWHERE, Where

__all__ = ["CROPS", "SAMPLED_PX", "sampled", "with_masks"]

SAMPLED_PX = 1_200_000
FEWEST, MOST = 4, 10  # whole frames
CROPS = 10  # in their place where frames are large
# Where a crop lies in its frame: multiples of these shares of the way, which spread evenly (the
# plastic number's; Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018).
ROWS, COLUMNS = 0.7549, 0.5698


def with_masks(frames: Sequence[Frame], where: Sequence[Where]) -> list[NDArray[np.uint8]]:
    """Frames with what is painted of them beside their colours, (H, W, 3 + S) each.

    Args:
        frames: (H, W, 3) each.
        where: the masks of each; none where there are none.

    Example:
        >>> frame, white = np.zeros((1, 1, 3), np.uint8), np.full((1, 1, 1), 255, np.uint8)
        >>> with_masks([frame], [Where(white)])[0].tolist(), with_masks([frame], [])[0].shape
        ([[[0, 0, 0, 255]]], (1, 1, 3))
    """
    return [
        frame
        if own.shares is None
        else np.dstack([frame, *np.rint(own.shares * 255)]).astype(np.uint8)
        for frame, own in zip(frames, where or [EVERYWHERE] * len(frames), strict=True)
    ]


def sampled(frames: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """What of some frames a shot is judged by.

    Args:
        frames: (H, W, C) uint8 each, of one size, at least one: colours, and masks beside them.

    Returns:
        (N, h, w, C) uint8, at most about `SAMPLED_PX` in all: whole frames, evenly chosen, or crops
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
