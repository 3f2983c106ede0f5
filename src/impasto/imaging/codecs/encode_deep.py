"""PNG of 16 bits through pypng, and TIFF of 8 or 16 through tifffile; Pillow writes neither well.

Pillow cannot write 16-bit colour at all, and a compressed TIFF of its making loses the part of
EXIF that holds the capture date and the place.
"""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.imaging.codecs.profile import srgb_profile

__all__ = ["deep_png", "tiff"]

_EXIF_MARK = b"Exif\0\0"
_ORDER: Final = "<"
_STRIP_OFFSETS = 273
_RESOLUTION = frozenset({282, 283, 296})
_COLOUR, _COLOUR_AND_ALPHA = 2, 6  # PNG's colour types
_LEFT = 1  # PNG's filter that stores the difference to the pixel on the left


def deep_png(samples: NDArray[np.uint16], exif: bytes | None) -> bytes:
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
        chunks.append((b"eXIf", exif.removeprefix(_EXIF_MARK)))
    chunks += [(b"IDAT", zlib.compress(_differences(samples))), (b"IEND", b"")]
    out = BytesIO()
    png.write_chunks(out, chunks)
    return out.getvalue()


def tiff(samples: NDArray[Any], exif: bytes | None) -> bytes:
    """A TIFF, compressed with Deflate.

    Args:
        samples: (H, W, 3) or (H, W, 4), uint8 or uint16, sRGB; alpha is not premultiplied.
        exif: block whose tags join those of the page.
    """
    import tifffile

    out = BytesIO()
    tifffile.imwrite(
        out,
        samples,
        byteorder=_ORDER,
        photometric="rgb",
        extrasamples=["unassalpha"] if samples.shape[-1] == 4 else None,
        compression="zlib",
        predictor=True,
        metadata=None,
        software=False,
        iccprofile=srgb_profile(),
    )
    if exif is None:
        return out.getvalue()
    block = Image.Exif()
    block.load(exif)
    return _joined(out.getvalue(), block)


def _differences(samples: NDArray[np.uint16]) -> bytes:
    height, width, count = samples.shape
    pixel = 2 * count
    plain = samples.astype(">u2").view(np.uint8).reshape(height, width * pixel)
    rows = np.empty((height, 1 + width * pixel), np.uint8)
    rows[:, 0] = _LEFT
    rows[:, 1 : 1 + pixel] = plain[:, :pixel]
    rows[:, 1 + pixel :] = plain[:, pixel:] - plain[:, :-pixel]
    return rows.tobytes()


def _joined(data: bytes, block: Image.Exif) -> bytes:
    """The TIFF with the tags of the EXIF block among those of its page."""
    page = Image.Exif()
    page.load(data)
    for tag in page:
        if tag not in _RESOLUTION or tag not in block:
            block[tag] = page[tag]
    # Pillow puts the directory first, and counts the offsets of strips from its end.
    offsets = page[_STRIP_OFFSETS]
    offsets = offsets if isinstance(offsets, tuple) else (offsets,)
    first = min(offsets)
    block[_STRIP_OFFSETS] = tuple(offset - first for offset in offsets)
    block.endian = _ORDER
    return block.tobytes().removeprefix(_EXIF_MARK) + data[first:]
