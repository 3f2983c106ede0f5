"""What is seen through transparent places of frames: white."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["clear_note", "on_white"]


def on_white(pixels: NDArray[np.uint8], alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """A frame on a white ground.

    Args:
        pixels: (H, W, 3), sRGB.
        alpha: (H, W) uint8, 0 hidden to 255 opaque.

    Returns:
        (H, W, 3), mixed as browsers do, on the levels of sRGB.

    Example:
        >>> red = np.full((1, 3, 3), (255, 0, 0), np.uint8)
        >>> on_white(red, np.array([[0, 51, 255]], np.uint8)).tolist()
        [[[255, 255, 255], [255, 204, 204], [255, 0, 0]]]
    """
    share = alpha[..., None].astype(np.uint32)
    mixed: NDArray[np.uint32] = (pixels * share + 255 * (255 - share) + 127) // 255
    return mixed.astype(np.uint8)


def clear_note(name: str) -> str:
    """The note on a source with transparent places.

    Example:
        >>> clear_note("film.gif")
        'transparent places of film.gif are painted on white'
    """
    return f"transparent places of {name} are painted on white"
