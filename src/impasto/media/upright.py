"""Films that were taken with the camera turned: their frames, as they are to be seen."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from impasto.media.colour import to_pixels

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

__all__ = ["display_matrix", "lies_on_its_side", "upright", "upright_pixels"]


def upright_pixels(
    frame: VideoFrame, scaler: VideoReformatter, shape: tuple[int, int]
) -> NDArray[np.uint8]:
    """A decoded frame as it is to be seen.

    Args:
        frame: of any format.
        scaler: used again from frame to frame.
        shape: (height, width) in px of the result; a film may change its size on the way.

    Returns:
        (H, W, 3) uint8, sRGB.
    """
    matrix = display_matrix(frame)
    size = shape[::-1] if lies_on_its_side(matrix) else shape
    return upright(to_pixels(frame, scaler, size), matrix)


def display_matrix(frame: VideoFrame) -> tuple[int, ...]:
    """The nine numbers by which a frame asks to be turned; () where it asks for nothing."""
    data: Any = frame.side_data.get("DISPLAYMATRIX")
    matrix = struct.unpack("=9i", bytes(data)) if data is not None else ()
    identity = matrix and matrix[0] > 0 and matrix[4] > 0 and matrix[1] == matrix[3] == 0
    return () if identity else matrix


def lies_on_its_side(matrix: tuple[int, ...]) -> bool:
    """Whether a display matrix makes lines of columns."""
    return bool(matrix) and abs(matrix[1]) > abs(matrix[0])


def upright(pixels: NDArray[np.uint8], matrix: tuple[int, ...]) -> NDArray[np.uint8]:
    """A picture turned and mirrored as the display matrix of its frame asks.

    Args:
        pixels: (H, W, 3), as in the file.
        matrix: the nine numbers of the display matrix, of which the signs of four are heeded:
            films are turned by quarters. () for none.

    Example:
        >>> picture = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)  # 0 1 2 over 3 4 5
        >>> upright(picture, (0, 1, 0, -1, 0, 0, 0, 0, 1))[..., 0].tolist()
        [[3, 0], [4, 1], [5, 2]]
    """
    if not matrix:
        return pixels
    # A point (x, y) is shown at (a x + c y, b x + d y), x to the right and y down.
    a, b, _, c, d = matrix[:5]
    if lies_on_its_side(matrix):
        pixels, a, d = pixels.transpose(1, 0, 2), c, b
    return np.ascontiguousarray(pixels[:: -1 if d < 0 else 1, :: -1 if a < 0 else 1])
