"""Samples of 8 and of 16 bits, and from one depth to the other."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Planes", "UnknownRangeError", "alpha_levels", "levels", "to_8_bit", "to_16_bit"]


class UnknownRangeError(ValueError):
    """Samples that do not tell what is black and white; the message goes on from a name."""


class Planes(NamedTuple):
    """(H, W, 3) samples and (H, W) alpha or None, of the same dtype, uint8 or uint16."""

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None

    @classmethod
    def of(cls, pixels: NDArray[Any], alpha: NDArray[Any] | None) -> Planes:
        """Both in the dtype of `pixels`; an alpha that hides nothing becomes None."""
        if alpha is None or alpha.min() == np.iinfo(alpha.dtype).max:
            return cls(pixels, None)
        if alpha.dtype == np.uint16 and pixels.dtype == np.uint8:
            alpha = to_8_bit(alpha)
        return cls(pixels, alpha)


def to_8_bit(samples: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Levels of 16 bits as the nearest ones of 8.

    Example:
        >>> to_8_bit(np.array([0, 128, 129, 65535], np.uint16))  # 257 to a level
        array([  0,   0,   1, 255], dtype=uint8)
    """
    return np.asarray((samples.astype(np.uint32) + 128) // 257, dtype=np.uint8)


def to_16_bit(numbers: NDArray[Any], *, slack: float = 0.0) -> NDArray[np.uint16]:
    """Samples of any kind with a known range as uint16.

    Args:
        numbers: uint16; int16 or int32 within 0 … 65535; uint32 over its whole range;
            float within [0, 1].
        slack: how far floats may lie outside that, to be clipped.

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
    slack = slack if kind == "f" else 0
    if not (low >= -slack and high <= top + slack):  # NaN fails it too
        raise UnknownRangeError(f"holds {numbers.dtype.name} samples from {low:g} to {high:g}")
    # float16 ends at 65504.
    scaled = numbers.astype(np.float64).clip(0, 1) * 65535 if kind == "f" else numbers
    return np.asarray(np.rint(scaled), dtype=np.uint16)


def levels(pixels: NDArray[Any], bits: int = 8) -> NDArray[Any]:
    """Floats as the nearest levels; those outside [0, 1] are clipped.

    Args:
        pixels: any shape, finite.
        bits: 8 or 16.

    Returns:
        uint8 or uint16 of that shape.

    Example:
        >>> levels(np.array([-1.0, 0.6 / 255, 2.0])).tolist()
        [0, 1, 255]
    """
    top = np.float32(2**bits - 1)
    rounded = np.rint(np.clip(pixels, 0, 1) * top)
    return np.asarray(rounded, dtype=np.uint16 if bits == 16 else np.uint8)


def alpha_levels(alpha: NDArray[Any], bits: int) -> NDArray[Any]:
    """Alpha of uint8 or uint16 as levels of so many bits."""
    if bits == 16:
        return alpha.astype(np.uint16) * 257 if alpha.dtype == np.uint8 else alpha
    return alpha if alpha.dtype == np.uint8 else to_8_bit(alpha)
