"""The size that a film is painted at, and its frames brought to it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto import imaging
from impasto.imaging.picture import Picture
from impasto.settings import StyleSettings

__all__ = ["fitted", "painted_shape"]


def painted_shape(shape: tuple[int, int], settings: StyleSettings) -> tuple[int, int]:
    """(height, width) of the painted frames, in px.

    A film is painted as large as it is, unless somebody gave a size or a shape. Only a method that
    takes steps paints it as large as a picture, as each frame takes long.

    Args:
        shape: (height, width) of the film's own frames.
        settings: `size`, `shape`, `fit` and `upscale` matter.

    Example:
        >>> painted_shape((1080, 1920), StyleSettings(method="one-pass"))
        (1080, 1920)
        >>> painted_shape((1080, 1920), StyleSettings(method="one-pass", size=320))
        (180, 320)
    """
    wished = {"size", "shape"} & settings.explicit or settings.method == "optimization"
    size, exact = (settings.size, settings.shape) if wished else (None, None)
    return imaging.target_shape(
        *shape, size=size, shape=exact, fit=settings.fit, upscale=settings.upscale
    )


def fitted(
    pixels: NDArray[np.uint8], shape: tuple[int, int], settings: StyleSettings | None = None
) -> NDArray[np.uint8]:
    """A frame at the size at which it is painted.

    Args:
        pixels: (h, w, 3), sRGB.
        shape: (H, W), as `painted_shape` gave it.
        settings: `fit`, `crop` and `resample` matter; None for the whole frame by lanczos.

    Returns:
        (H, W, 3); the very frame where nothing is to be done.

    Example:
        >>> fitted(np.zeros((9, 16, 3), np.uint8), (8, 16)).shape
        (8, 16, 3)
    """
    if pixels.shape[:2] == shape:
        return pixels
    how: dict[str, Any] = {"fit": "stretch"}
    if settings is not None:
        cuts = settings.fit == "cover"  # else the shape has the ratio already, or ignores it
        how = {"fit": "cover"} if cuts else how
        how |= {"crop": settings.crop, "resample": settings.resample}
    fit: NDArray[np.uint8] = imaging.fitted(Picture(pixels), shape=shape, **how).pixels
    return fit
