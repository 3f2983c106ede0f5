"""16-bit PNG, which Pillow reads but hands out as 8 bits, and cannot write in colour.

Its decoder can be told which byte of each sample to keep, so colour is decoded twice, once for
the high bytes and once for the low ones. This runs in C and stops at the size the header gives,
where pypng takes minutes for a large filtered picture and unpacks whatever the stream holds.

Writing stores every pixel as its difference to the one on the left, and leaves the rest to zlib;
pypng puts the chunks together.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFile, PngImagePlugin

from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.exif import MARK, density
from impasto.imaging.codecs.png_chunks import INCH_M
from impasto.imaging.codecs.profile import deep_to_srgb, srgb_profile

__all__ = ["decode", "encode"]

_GREY, _RGB, _GREY_ALPHA, _RGB_ALPHA = "I;16B", "RGB;16B", "LA;16B", "RGBA;16B"
_COLOUR, _COLOUR_AND_ALPHA = 2, 6  # PNG's colour types
_LEFT = 1  # PNG's filter that stores the difference to the pixel on the left


def decode(image: ImageFile.ImageFile, data: bytes, icc: bytes | None) -> Planes | None:
    """The samples of a PNG with 16 bits each, in sRGB; None when it has fewer.

    Args:
        image: the opened, not yet loaded `PngImageFile`.
        data: the bytes it was opened from.
        icc: the profile of its colours.
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
    return Planes.of(deep_to_srgb(np.ascontiguousarray(colour), icc), alpha)


def _pass(data: bytes, layout: str) -> NDArray[np.uint8]:
    with PngImagePlugin.PngImageFile(BytesIO(data)) as image:
        image.tile = [tile._replace(args=layout) for tile in image.tile]
        image.load()
        return np.array(image)


def encode(samples: NDArray[np.uint16], exif: bytes | None) -> bytes:
    """A 16-bit PNG.

    Args:
        samples: (H, W, 3) or (H, W, 4) uint16, sRGB.
        exif: block for the eXIf chunk.
    """
    import png

    height, width, count = samples.shape
    colour = _COLOUR_AND_ALPHA if count == 4 else _COLOUR
    chunks = [
        (b"IHDR", struct.pack(">2I5B", width, height, 16, colour, 0, 0, 0)),
        (b"iCCP", b"sRGB\0\0" + zlib.compress(srgb_profile())),
    ]
    if exif:
        chunks.append((b"eXIf", exif.removeprefix(MARK)))
        if (dpi := density(exif)) is not None:
            across, down = (round(each / INCH_M) for each in dpi)
            chunks.append((b"pHYs", struct.pack(">IIB", across, down, 1)))
    chunks += [(b"IDAT", zlib.compress(_differences(samples))), (b"IEND", b"")]
    out = BytesIO()
    png.write_chunks(out, chunks)
    return out.getvalue()


def _differences(samples: NDArray[np.uint16]) -> bytes:
    height, width, count = samples.shape
    pixel = 2 * count
    plain = samples.astype(">u2").view(np.uint8).reshape(height, width * pixel)
    rows = np.empty((height, 1 + width * pixel), np.uint8)
    rows[:, 0] = _LEFT
    rows[:, 1 : 1 + pixel] = plain[:, :pixel]
    rows[:, 1 + pixel :] = plain[:, pixel:] - plain[:, :-pixel]
    return rows.tobytes()
