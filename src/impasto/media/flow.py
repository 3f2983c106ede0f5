"""How pictures move: flow between two frames, a picture moved along it, and where to trust it.

A flow is (H, W, 2) float32 in px, to the right and down: what is at (x, y) of one frame is at
(x + u, y + v) of the other. Letters as in `impasto.imaging`: H height, W width, C channels.
"""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import InputError, MissingPackageError

__all__ = ["agreement", "flow", "opencv", "warp"]

HALVED_PX = 500_000  # of frames with more px flow is found at half the size
SMALLEST = 24  # px of the shorter side that the search for flow needs; smaller frames are extended
# The forward-backward check: a share of the squared lengths, and px².
MISMATCH, MISMATCH_PX2 = 0.01, 0.5
# Edges of motion, where one thing hides another: likewise.
EDGE, EDGE_PX2 = 0.01, 0.002


@cache
def opencv() -> ModuleType:
    """OpenCV, at work in one thread.

    Its search for flow goes by strips, one a thread, and finds another flow with other strips: in
    one thread it is the same on every machine. Several frames may be at work at once.

    Raises:
        MissingPackageError: it is not installed.
    """
    try:
        import cv2
    except ImportError:
        raise MissingPackageError("a film", "opencv-python-headless", "video") from None
    cv2.setNumThreads(1)
    return cv2


def flow(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Where each pixel of a frame lies in another one.

    Args:
        a, b: (H, W, 3) uint8, sRGB, of one size.

    Returns:
        (H, W, 2) float32 in px: `a[y, x]` is found in `b` at `(x, y) + flow[y, x]`.

    Raises:
        InputError: frames of two sizes.
        MissingPackageError: OpenCV is not installed.

    Source: Kroeger et al., "Fast optical flow using dense inverse search", 2016, by OpenCV. Frames
    of more than half a megapixel are compared at half the size.

    Example:
        >>> ramp = np.add.outer(np.arange(64) ** 2 // 20, np.arange(64) ** 2 // 20) % 256
        >>> frame = np.repeat(ramp[..., None], 3, 2).astype(np.uint8)
        >>> abs(flow(frame, frame)).max().item()
        0.0
    """
    if a.shape != b.shape:
        raise InputError(
            f"a frame is {a.shape[1]} x {a.shape[0]} px and another {b.shape[1]} x {b.shape[0]}: "
            "flow is found between frames of one size, so resize one"
        )
    cv = opencv()
    height, width = a.shape[:2]
    greys = [cv.cvtColor(frame, cv.COLOR_RGB2GRAY) for frame in (a, b)]
    halved = height * width > HALVED_PX
    if halved:
        half = (max(1, width // 2), max(1, height // 2))
        greys = [cv.resize(grey, half, interpolation=cv.INTER_AREA) for grey in greys]
    right, below = (max(0, SMALLEST - side) for side in (greys[0].shape[1], greys[0].shape[0]))
    if right or below:
        sides = (0, below, 0, right)
        greys = [cv.copyMakeBorder(grey, *sides, cv.BORDER_REPLICATE) for grey in greys]
    found: NDArray[Any] = _search().calc(*greys, None)
    if right or below:
        found = found[: greys[0].shape[0] - below, : greys[0].shape[1] - right]
    if halved:
        scale = np.array([width / found.shape[1], height / found.shape[0]], np.float32)
        found = cv.resize(found, (width, height), interpolation=cv.INTER_LINEAR) * scale
    return np.ascontiguousarray(found, np.float32)


def _search() -> Any:
    """A search of its own for each call: one keeps pictures between calls, and threads may call."""
    cv = opencv()
    return cv.DISOpticalFlow.create(cv.DISOPTICAL_FLOW_PRESET_MEDIUM)


def warp(picture: NDArray[Any], flow_back: NDArray[np.float32]) -> NDArray[Any]:
    """A picture as it looks at another time.

    Args:
        picture: (H, W) or (H, W, C), uint8 or float32, at its own time.
        flow_back: (H, W, 2) in px: where each pixel at the other time lies in `picture`.

    Returns:
        Of the shape and dtype of `picture`, by bicubic interpolation, which overshoots a little
        beside edges; beyond its borders the nearest pixel stands.

    Example:
        >>> row = np.float32([[1, 2, 3, 4]])
        >>> to_the_right = np.float32([[[1, 0]] * 4])
        >>> warp(row, to_the_right).tolist()
        [[2.0, 3.0, 4.0, 4.0]]
    """
    cv = opencv()
    height, width = flow_back.shape[:2]
    x, y = _places(height, width)
    moved = cv.remap(
        picture,
        flow_back[..., 0] + x,
        flow_back[..., 1] + y,
        cv.INTER_CUBIC,
        borderMode=cv.BORDER_REPLICATE,
    )
    return np.asarray(moved)


def agreement(forward: NDArray[np.float32], backward: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Where a flow can be trusted: the way there and back ends where it began, off motion's edges.

    Args:
        forward: (H, W, 2) from one frame to another, in px.
        backward: (H, W, 2) from that one back.

    Returns:
        (H, W), at the places of the frame that `forward` starts from: False where it leads out of
        the picture, where something is hidden in the other frame, and along edges of motion.

    Source: Sundaram, Brox and Keutzer, "Dense point trajectories by GPU-accelerated large
    displacement optical flow", 2010, equations 5 and 6, as Ruder et al. use them (2016). That
    what leads out of the picture is not trusted is ours.

    Example:
        >>> still = np.zeros((4, 4, 2), np.float32)
        >>> bool(agreement(still, still).all())
        True
        >>> away = np.full((4, 4, 2), 9, np.float32)
        >>> bool(agreement(away, -away).any())
        False
    """
    cv = opencv()
    height, width = forward.shape[:2]
    x, y = _places(height, width)
    there_x, there_y = forward[..., 0] + x, forward[..., 1] + y
    back = cv.remap(backward, there_x, there_y, cv.INTER_LINEAR, borderMode=cv.BORDER_REPLICATE)
    lengths = _squares(forward) + _squares(back)
    trusted = _squares(forward + back) < MISMATCH * lengths + MISMATCH_PX2
    trusted &= (there_x > -1) & (there_x < width) & (there_y > -1) & (there_y < height)
    edges = _squares(np.diff(forward, axis=1, append=forward[:, -1:]))
    edges += _squares(np.diff(forward, axis=0, append=forward[-1:]))
    trusted &= edges <= EDGE * _squares(forward) + EDGE_PX2
    return np.asarray(trusted)


def _squares(flow: NDArray[np.float32]) -> NDArray[np.float32]:
    u, v = flow[..., 0], flow[..., 1]
    return np.asarray(u * u + v * v)


def _places(height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Columns and rows as they are added to a flow."""
    return np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
