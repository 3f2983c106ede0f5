"""How colourful a picture is, and the same picture with less of its colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.color.arrays import bands, floats, pixel_weights
from impasto.imaging.color.oklab import from_oklab, to_oklab

__all__ = ["colourfulness", "paled", "some_of", "thinned"]

_MOST = 256  # pixels each way that are looked at


def colourfulness(picture: NDArray[Any], weights: NDArray[Any] | None = None) -> float:
    """How far apart a picture's colours are, whatever its light.

    Args:
        picture: (H, W, 3), sRGB in [0, 1]; of a large one some rows and columns are looked at.
        weights: (H, W), at least 0: how much a pixel counts; None if all count alike.

    Returns:
        The deviation of (a, b) of Oklab from their mean, from 0 (greys, or tints of one colour
        alone) to about 0.3; photographs and paintings mostly have 0.03 to 0.1.

    Raises:
        SettingError: not such a picture or weights, or weights that are 0 everywhere.

    Example:
        >>> colourfulness(np.full((2, 2, 3), 0.4)) < 1e-6
        True
    """
    lab, counts = some_of(picture, weights)
    ab = np.ascontiguousarray(lab[:, 1:])
    apart = ((ab - np.average(ab, 0, counts)) ** 2).sum(-1)
    return float(np.average(apart, weights=counts) ** 0.5)


def some_of(
    picture: NDArray[Any], weights: NDArray[Any] | None
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Some pixels of a picture in Oklab, (n, 3), and how much each counts, (n,); None if all alike.

    Args:
        picture, weights: as for `colourfulness`.

    Raises:
        SettingError: not such a picture or weights, or weights that are 0 everywhere.

    Example:
        >>> lab, counts = some_of(np.ones((1, 2, 3)), np.array([[0, 2]]))
        >>> lab[:, 0].round(6).tolist(), counts.tolist()
        ([1.0, 1.0], [0.0, 2.0])
    """
    picture = floats(picture)
    pixel_weights(weights, picture)  # refuses what does not fit, before rows are left out
    some = thinned(picture)
    few = None if weights is None else thinned(np.asarray(weights))
    counts = pixel_weights(few if few is not None and few.any() else None, some)
    return to_oklab(some.astype(np.float64)).reshape(-1, 3), counts


def thinned(picture: NDArray[Any]) -> NDArray[Any]:
    """Some rows and columns of a large picture, all of a small one: what `colourfulness` looks at.

    Args:
        picture: (H, W, ...).

    Example:
        >>> thinned(np.zeros((700, 100, 3))).shape
        (234, 100, 3)
    """
    down, across = (-(-side // _MOST) for side in picture.shape[:2])
    return picture[::down, ::across]


def paled(picture: NDArray[Any], share: float | NDArray[Any]) -> NDArray[Any]:
    """A picture with a share of its colour, as light as it was and of the same hues.

    Args:
        picture: (H, W, 3), sRGB in [0, 1].
        share: of a and b of Oklab that is left, from 0 (grey) to 1 (all); or (H, W) of them.

    Returns:
        (H, W, 3), sRGB in [0, 1], in the picture's dtype.

    Raises:
        SettingError: not such a picture.

    Example:
        >>> red = np.array([[[0.8, 0.2, 0.2]]])
        >>> np.ptp(paled(red, 0.0)).round(6), paled(red, 1.0).round(4).tolist()
        (np.float64(0.0), [[[0.8, 0.2, 0.2]]])
    """
    picture = floats(picture)
    shares = np.broadcast_to(np.asarray(share, picture.dtype), picture.shape[:2])
    out = np.empty_like(picture)
    for rows in bands(picture):
        lab = to_oklab(picture[rows])
        lab[..., 1:] *= shares[rows][..., None]
        out[rows] = from_oklab(lab)
    return out
