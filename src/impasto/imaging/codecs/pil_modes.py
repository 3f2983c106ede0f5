"""Any PIL image, whatever its mode, as sRGB samples and alpha.

Palettes, 1-bit, grey, CMYK, Lab, premultiplied alpha and colour-key transparency end here.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from impasto.imaging.codecs.bit_depth import Planes, to_16_bit
from impasto.imaging.codecs.profile import deep_to_srgb, to_srgb

__all__ = ["to_planes"]


def to_planes(image: Image.Image, icc: bytes | None) -> Planes:
    """The samples of a loaded image, in sRGB.

    Args:
        image: any mode Pillow has.
        icc: the profile that came with it.

    Raises:
        UnknownRangeError: numbers without a known range (modes I and F outside theirs).
    """
    if image.mode == "F" or image.mode.startswith("I"):
        return _planes_of_numbers(image, icc)
    image = _plain(image)
    alpha = None
    if image.mode in ("LA", "RGBA"):
        alpha = np.array(image.getchannel("A"))
        image = image.convert(image.mode[:-1])
    return Planes.of(np.array(to_srgb(image, icc)), alpha)


def _planes_of_numbers(image: Image.Image, icc: bytes | None) -> Planes:
    levels = to_16_bit(np.array(image))
    key = image.info.get("transparency")
    alpha = np.where(levels == key, 0, 65535).astype(np.uint16) if isinstance(key, int) else None
    return Planes.of(deep_to_srgb(levels[..., None], icc), alpha)


def _plain(image: Image.Image) -> Image.Image:
    """The image in L, LA, RGB, RGBA, CMYK or LAB."""
    key = "transparency" in image.info
    match image.mode:
        case "L" | "RGB" | "CMYK" | "LAB" | "LA" | "RGBA" if not key:
            return image
        case "1" if key:  # whose clear level Pillow would forget
            grey = image.convert("L")
            grey.info["transparency"] = image.info["transparency"]
            return grey.convert("LA")
        case "1" | "L":
            return image.convert("LA" if key else "L")
        case "La":
            return image.convert("LA")
        case "PA" | "RGBa":
            return image.convert("RGBA")
        case "P" if image.palette is not None and image.palette.mode == "RGBA":
            return image.convert("RGBA")
        case "RGB" | "P" if key:
            return image.convert("RGBA")
        case "LA" | "RGBA" | "CMYK" | "LAB":
            return image
        case _:
            return image.convert("RGB")
