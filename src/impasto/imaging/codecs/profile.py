"""ICC profiles: whatever a picture comes with, sRGB is what it becomes.

A profile that is broken, or that belongs to another kind of pixels than the picture has, is
ignored: the picture then counts as sRGB, as it does in browsers.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from impasto.imaging.codecs import icc_matrix
from impasto.imaging.codecs.bit_depth import to_8_bit

__all__ = ["PLAIN_CMYK", "deep_to_srgb", "srgb_profile", "to_srgb"]

PLAIN_CMYK = "it is CMYK without a profile, and its colours are converted the plain way"

_SPACES = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK"}
_DATE = slice(24, 36)


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """The sRGB profile that outputs carry, the same bytes every time.

    LittleCMS writes the time of creation into the header; here it is zero.
    """
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_DATE] = bytes(12)
    return bytes(profile)


def to_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    """An 8-bit image as RGB in sRGB.

    Args:
        image: mode L, RGB, CMYK or LAB. CMYK without a profile is converted the plain way.
        icc: the profile that came with it.

    Returns:
        The image in mode RGB.
    """
    if image.mode == "LAB":
        return _converted(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    profile = _profile(icc)
    if profile is None:
        return image.convert("RGB")
    space = profile.profile.xcolor_space.strip()
    if image.mode == "L" and space == "RGB":
        image = image.convert("RGB")
    if _SPACES[image.mode] != space or (space == "RGB" and _is_srgb(profile)):
        return image.convert("RGB")
    try:
        return _converted(image, profile)
    except ImageCms.PyCMSError:
        return image.convert("RGB")


def deep_to_srgb(levels: NDArray[np.uint16], icc: bytes | None) -> NDArray[Any]:
    """16-bit grey or RGB levels as (H, W, 3) in sRGB.

    Matrix and grey profiles are computed at 16 bits; those made of tables only at 8, and then the
    picture goes on as an 8-bit one.

    Args:
        levels: (H, W, 1) or (H, W, 3) uint16.
        icc: the profile that came with them.

    Returns:
        (H, W, 3) uint16, or uint8 as said.
    """
    profile = _profile(icc)
    rgb = np.repeat(levels, 3, axis=-1) if levels.shape[-1] == 1 else levels
    if icc is None or profile is None:
        return rgb
    space = profile.profile.xcolor_space.strip()
    if space == "RGB":
        if _is_srgb(profile):
            return rgb
        levels = rgb
    elif space != "GRAY" or levels.shape[-1] != 1:
        return rgb
    matrix = icc_matrix.parse(icc)
    if matrix is not None:
        return icc_matrix.to_srgb(levels, matrix)
    few = to_8_bit(levels)
    image = Image.fromarray(few[..., 0] if few.shape[-1] == 1 else few)
    return np.array(to_srgb(image, icc))


def _profile(icc: bytes | None) -> ImageCms.ImageCmsProfile | None:
    if not icc:
        return None
    try:
        return ImageCms.ImageCmsProfile(BytesIO(icc))
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _converted(image: Image.Image, profile: ImageCms.ImageCmsProfile) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    transform = ImageCms.buildTransform(profile, target, image.mode, "RGB")
    return transform.apply(image)


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    """Whether converting would change no colour by more than one level of 255."""
    ramp = np.linspace(0, 255, 9).round().astype(np.uint8)
    probe = np.stack(np.meshgrid(ramp, ramp, ramp), axis=-1).reshape(27, 27, 3)
    try:
        after = np.asarray(_converted(Image.fromarray(probe), profile))
    except ImageCms.PyCMSError:
        return True
    return int(np.abs(after.astype(int) - probe).max()) <= 1
