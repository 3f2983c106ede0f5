"""Samples from one depth to another."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["UnknownRangeError", "coarse", "sixteen"]


class UnknownRangeError(ValueError):
    """Samples that do not tell what is black and white; the message goes on from a name."""


def coarse(levels: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """16-bit levels as the nearest 8-bit ones.

    Example:
        >>> coarse(np.array([0, 128, 129, 65535], np.uint16))  # 257 to a level
        array([  0,   0,   1, 255], dtype=uint8)
    """
    return np.asarray((levels.astype(np.uint32) + 128) // 257, dtype=np.uint8)


def sixteen(numbers: NDArray[Any]) -> NDArray[np.uint16]:
    """Samples of any kind with a known range as uint16.

    Args:
        numbers: uint16; int16 or int32 within 0 … 65535; uint32 over its whole range;
            float within [0, 1].

    Raises:
        UnknownRangeError: out of that range, not finite, or of another dtype.
    """
    numbers = numbers.astype(numbers.dtype.newbyteorder("="), copy=False)
    if numbers.dtype == np.uint16:
        return numbers
    if numbers.dtype == np.uint32:
        return np.rint(numbers / 65537).astype(np.uint16)
    kind = numbers.dtype.kind
    if kind not in "if":
        raise UnknownRangeError(f"holds {numbers.dtype.name} samples")
    top = 1 if kind == "f" else 65535
    low, high = numbers.min(), numbers.max()
    if not (low >= 0 and high <= top):  # NaN fails it too
        raise UnknownRangeError(f"holds {numbers.dtype.name} samples from {low:g} to {high:g}")
    scaled = numbers.astype(np.float64) * 65535 if kind == "f" else numbers  # float16 ends there
    return np.rint(scaled).astype(np.uint16)
