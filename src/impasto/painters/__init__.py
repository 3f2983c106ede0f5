"""The project's own painters: style pictures made by code from random numbers, in any palette.

`PaintSource` says what is painted and is light to load; `paint` needs numpy, and scipy and
scikit-image from the extra `words`.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from impasto.errors import MissingPackageError
from impasto.painters.source import DIRECTED, NAMES, SHOWS, PaintSource, is_paint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DIRECTED", "NAMES", "SHOWS", "PaintSource", "is_paint", "paint"]

_PACKAGES = {"scipy": "scipy", "skimage": "scikit-image"}


def paint(source: PaintSource) -> NDArray[np.uint8]:
    """Paint the picture of a source.

    Args:
        source: what is painted with what.

    Returns:
        (height, width, 3), sRGB; the same for the same source and versions of the packages.

    Raises:
        MissingPackageError: scipy or scikit-image is not installed.

    Example:
        >>> paint(PaintSource("swirls", width=80, height=64)).shape
        (64, 80, 3)
    """
    for module, package in _PACKAGES.items():
        if find_spec(module) is None:
            raise MissingPackageError(source.text, package, "words")
    painter = import_module(f"impasto.painters.{source.painter.replace('-', '_')}")
    return cast("NDArray[np.uint8]", painter.paint(source))
