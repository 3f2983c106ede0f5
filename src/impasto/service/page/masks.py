"""What was painted with the brush, as one mask for each style.

The brush paints each style in a colour of its own, so that one drawing holds all masks. It is the
one picture that this process decodes, and it is small: both its bytes and its pixels are counted
before.
"""

from __future__ import annotations

import base64
import binascii
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import PictureError
from impasto.service.http.image_size import image_size

__all__ = ["COLOURS", "LONGEST", "masks_of"]

COLOURS = ("#e5297e", "#1d8fd1", "#3da35d")  # one for each style, seldom seen in photographs
LONGEST = 1024  # px a side that the brush's canvas may have
LARGEST = 3_000_000  # characters of the drawing as it is sent
_START = "data:image/png;base64,"
_VISIBLE = 8  # of 255: what an eraser leaves at its soft edge is nothing


def masks_of(drawing: str, styles: int) -> list[bytes]:
    """One mask for each style, in their order, each a grey PNG; none if nothing is painted.

    Args:
        drawing: a PNG as a data: address; empty for none.
        styles: how many there are.

    Raises:
        PictureError: no such drawing, too large, nothing in the colour of one of the styles, or
            something in the colour of a style that there is not.
    """
    if not drawing:
        return []
    share, nearest = _read(drawing)
    if not (share > _VISIBLE).any():
        return []
    masks = []
    for number in range(len(COLOURS)):
        mask = np.where(nearest == number, share, 0).astype(np.uint8)
        painted = bool((mask > _VISIBLE).sum() > mask.size // 20_000)
        if number >= styles and painted:
            raise PictureError(
                f"the mask is painted for style {number + 1}, and there are {styles}: clear it, or "
                "add that style"
            )
        if number < styles and not painted:
            raise PictureError(
                f"the mask has nothing for style {number + 1}: paint with its brush too, remove "
                "that style, or clear the mask"
            )
        masks.append(mask)
    return [_png(mask) for mask in masks[:styles]]


def _read(drawing: str) -> tuple[NDArray[np.uint8], NDArray[np.intp]]:
    """How strongly each pixel is painted, and with which brush."""
    broken = PictureError("the mask did not arrive as a drawing: clear it and paint it again")
    if len(drawing) > LARGEST:
        raise PictureError(
            f"the mask has {len(drawing):,} bytes, more than a brush paints: clear it"
        )
    if not drawing.startswith(_START):
        raise broken
    try:
        data = io.BytesIO(base64.b64decode(drawing[len(_START) :], validate=True))
        size = image_size(data, "PNG")
    except (binascii.Error, ValueError):
        raise broken from None
    if size is None or not all(0 < side <= LONGEST for side in size):
        raise broken
    try:
        data.seek(0)
        with Image.open(data, formats=["PNG"]) as opened:
            pixels = np.asarray(opened.convert("RGBA"))
    except (OSError, ValueError, SyntaxError):
        raise broken from None
    brushes = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in COLOURS], np.int32)
    distance = ((pixels[..., None, :3].astype(np.int32) - brushes) ** 2).sum(-1)
    return pixels[..., 3], distance.argmin(-1)


def _png(mask: NDArray[np.uint8]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(mask).save(buffer, "PNG")
    return buffer.getvalue()
