"""The arrays that the functions of colour take: checked, and a few rows at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import SettingError

__all__ = ["bands", "floats", "pixel_weights", "same_size"]

_PIXELS_AT_ONCE = 2**16


def floats(picture: Any) -> NDArray[Any]:
    """A picture as an array of floats; float32 stays float32, other floats become float64.

    Raises:
        SettingError: not of shape (H, W, 3) with at least one pixel, or samples that are no floats.

    Example:
        >>> floats(np.zeros((2, 5, 3), np.float16)).dtype
        dtype('float64')
    """
    array = np.asarray(picture)
    if array.ndim != 3 or array.shape[-1] != 3 or array.size == 0:
        raise SettingError(
            f"an array of shape {array.shape} is no picture: pass one of shape (height, width, 3)"
        )
    if array.dtype.kind != "f":
        raise SettingError(
            f"the picture holds {array.dtype.name} samples; colours are floats from 0 to 1: "
            "divide by the largest level"
        )
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


def same_size(first: NDArray[Any], second: NDArray[Any]) -> None:
    """Nothing, if both pictures have the same height and width.

    Raises:
        SettingError: they have not.
    """
    if first.shape[:2] != second.shape[:2]:
        sizes = " and ".join("{} x {}".format(*one.shape) for one in (first, second))
        raise SettingError(f"pictures of {sizes} px cannot be laid on each other: resize one")


def pixel_weights(weights: Any, picture: NDArray[Any]) -> NDArray[Any] | None:
    """How much each pixel counts, one after the other; None if all count alike.

    Args:
        weights: (H, W), at least 0, or None.
        picture: (H, W, 3), the picture they belong to.

    Returns:
        (H·W,) float64.

    Raises:
        SettingError: of another size, negative, not finite, or 0 everywhere.

    Example:
        >>> pixel_weights([[0, 2]], np.zeros((1, 2, 3)))
        array([0., 2.])
    """
    if weights is None:
        return None
    array = np.asarray(weights, dtype=np.float64)
    if array.shape != picture.shape[:2]:
        raise SettingError(
            f"weights of shape {array.shape} do not fit a picture of "
            f"{picture.shape[0]} x {picture.shape[1]} px: pass one for each pixel"
        )
    lowest, total = array.min(), array.sum()
    if not (lowest >= 0 and np.isfinite(total)):  # NaN fails it too
        raise SettingError(
            f"weights run from {lowest:g} to {array.max():g}; they must be finite and at least 0: "
            "clip them"
        )
    if total == 0:
        raise SettingError("weights are 0 at every pixel; at least one has to count: raise one")
    return array.reshape(-1)


def bands(picture: NDArray[Any]) -> list[slice]:
    """Rows from top to bottom, in bands that stay in the processor's cache.

    Arithmetic over 12 megapixels at once takes two to three times as long, and holds copies of
    the whole.

    Args:
        picture: (H, W, ...).

    Example:
        >>> bands(np.zeros((5, 30_000, 3)))
        [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    height, width = picture.shape[:2]
    rows = max(1, _PIXELS_AT_ONCE // width)
    return [slice(at, min(at + rows, height)) for at in range(0, height, rows)]
