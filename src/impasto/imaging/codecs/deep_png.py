"""16-bit PNG, which Pillow reads but hands out as 8 bits.

Its decoder can be told which byte of each sample to keep, so colour is decoded twice, once for
the high bytes and once for the low ones. This runs in C and stops at the size the header gives,
where pypng takes minutes for a large filtered picture and unpacks whatever the stream holds.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile, PngImagePlugin

from impasto.imaging.codecs.pil_modes import Planes
from impasto.imaging.codecs.profile import deep_to_srgb

__all__ = ["deep_png"]

_GREY, _RGB, _GREY_ALPHA, _RGB_ALPHA = "I;16B", "RGB;16B", "LA;16B", "RGBA;16B"


def deep_png(image: ImageFile.ImageFile, data: bytes) -> Planes | None:
    """The samples of a PNG with 16 bits each, in sRGB; None when it has fewer.

    Args:
        image: the opened, not yet loaded `PngImageFile`.
        data: the bytes it was opened from.
    """
    layout = image.tile[0].args if image.tile else None
    if layout not in (_GREY, _RGB, _GREY_ALPHA, _RGB_ALPHA):
        return None
    image.load()
    if layout == _GREY:
        samples = np.array(image).astype(np.uint16)[..., None]
    elif layout == _GREY_ALPHA:
        # Four bytes a pixel, as RGBA of 8 bits has: one pass keeps them all.
        samples = _pass(data, "RGBA").view(">u2").astype(np.uint16)
    else:
        both = np.empty((image.height, image.width, len(image.getbands()), 2), np.uint8)
        both[..., 0] = np.asarray(image)
        both[..., 1] = _pass(data, layout.replace(";16B", ";16L"))
        samples = both.view(">u2")[..., 0].astype(np.uint16)
    colour, alpha = samples, None
    if layout in (_GREY_ALPHA, _RGB_ALPHA):
        colour, alpha = samples[..., :-1], samples[..., -1]
    elif "transparency" in image.info:
        hidden = (samples == np.array(image.info["transparency"])).all(axis=-1)
        alpha = np.where(hidden, 0, 65535).astype(np.uint16)
    icc: Any = image.info.get("icc_profile")
    return Planes.of(deep_to_srgb(np.ascontiguousarray(colour), icc), alpha)


def _pass(data: bytes, layout: str) -> NDArray[np.uint8]:
    with PngImagePlugin.PngImageFile(BytesIO(data)) as image:
        image.tile = [tile._replace(args=layout) for tile in image.tile]
        image.load()
        return np.array(image)
