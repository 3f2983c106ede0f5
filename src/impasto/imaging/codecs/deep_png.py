"""16-bit PNG, which Pillow reads but hands out as 8 bits, and cannot write in colour.

Its decoder can be told which byte of each sample to keep, so colour is decoded twice, once for
the high bytes and once for the low ones. This runs in C and stops at the size the header gives,
where pypng takes minutes for a large filtered picture and unpacks whatever the stream holds.

Writing stores every pixel as its difference to the one on the left, and leaves the rest to zlib.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import chain
from typing import IO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.exif import MARK, density
from impasto.imaging.codecs.png_chunks import INCH_M, SIGNATURE, chunk
from impasto.imaging.codecs.profile import deep_to_srgb, srgb_profile
from impasto.imaging.codecs.room import MEMORY, Memory
from impasto.imaging.codecs.rows import in_rows

__all__ = ["decode", "encode", "write"]

_GREY, _RGB, _GREY_ALPHA, _RGB_ALPHA = "I;16B", "RGB;16B", "LA;16B", "RGBA;16B"
_COLOUR, _COLOUR_AND_ALPHA = 2, 6  # PNG's colour types
_LEFT = 1  # PNG's filter that stores the difference to the pixel on the left
_LONGEST_CHUNK = 2**31 - 1  # bytes
_ROWS_AT_ONCE = 64


def decode(
    image: ImageFile.ImageFile,
    reopen: Callable[[], ImageFile.ImageFile],
    icc: bytes | None,
    room: Memory = MEMORY,
) -> Planes | None:
    """The samples of a PNG with 16 bits each, in sRGB; None when it has fewer.

    Args:
        image: the opened, not yet loaded `PngImageFile`.
        reopen: opens the same file anew.
        icc: the profile of its colours.
        room: where they lie.
    """
    layout = image.tile[0].args if image.tile else None
    if layout not in (_GREY, _RGB, _GREY_ALPHA, _RGB_ALPHA):
        return None
    passes = [image]
    if layout == _GREY_ALPHA:
        # Four bytes a pixel, as RGBA of 8 bits has: one pass keeps them all.
        passes = [_keeping(reopen(), "RGBA")]
    elif layout != _GREY:
        passes.append(_keeping(reopen(), layout.replace(";16B", ";16L")))
    for each in passes:
        room.load(each)
    key = image.info.get("transparency")

    def convert(*bands: Image.Image) -> Planes:
        samples = _samples(bands)
        colour, alpha = samples, None
        if layout in (_GREY_ALPHA, _RGB_ALPHA):
            colour, alpha = samples[..., :-1], samples[..., -1]
        elif key is not None:
            hidden = (samples == np.array(key)).all(axis=-1)
            alpha = np.where(hidden, 0, 65535).astype(np.uint16)
        return Planes.of(deep_to_srgb(np.ascontiguousarray(colour), icc), alpha)

    return room.planes(convert, *passes)


def _keeping(image: ImageFile.ImageFile, layout: str) -> ImageFile.ImageFile:
    """An opened image that will be decoded to other bytes of its samples."""
    image.tile = [tile._replace(args=layout) for tile in image.tile]
    return image


def _samples(passes: Sequence[Image.Image]) -> NDArray[np.uint16]:
    """(H, W, C) of the high bytes and the low ones; of both in one; or of grey."""
    first = np.asarray(passes[0])
    if len(passes) == 2:
        return np.stack([first, np.asarray(passes[1])], axis=-1).view(">u2")[..., 0].astype("u2")
    return first.astype("u2")[..., None] if first.ndim == 2 else first.view(">u2").astype("u2")


def encode(samples: NDArray[np.uint16], exif: bytes | None) -> bytes:
    """A 16-bit PNG.

    Args:
        samples: (H, W, 3) or (H, W, 4) uint16, sRGB.
        exif: block for the eXIf chunk.
    """
    out = BytesIO()
    write(out, [samples], samples.shape, exif)
    return out.getvalue()


def write(
    out: IO[bytes],
    bands: Iterable[NDArray[np.uint16]],
    shape: tuple[int, ...],
    exif: bytes | None = None,
    texts: bytes = b"",
) -> None:
    """Writes what `encode` gives, from bands of rows.

    Args:
        out: an empty file that can be gone back in.
        bands: (rows, W, C) each, of any number of rows, from the top.
        shape: (H, W, C) of the picture.
        exif: as for `encode`.
        texts: chunks to stand behind the header.
    """
    height, width, count = shape
    colour = _COLOUR_AND_ALPHA if count == 4 else _COLOUR
    header = struct.pack(">2I5B", width, height, 16, colour, 0, 0, 0)
    out.write(SIGNATURE + chunk(b"IHDR", header) + texts)
    out.write(chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(srgb_profile())))
    if exif:
        out.write(chunk(b"eXIf", exif.removeprefix(MARK)))
        if (dpi := density(exif)) is not None:
            across, down = (round(each / INCH_M) for each in dpi)
            out.write(chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    _write_pixels(out, map(_differences, in_rows(bands, _ROWS_AT_ONCE)))
    out.write(chunk(b"IEND", b""))


def _write_pixels(out: IO[bytes], rows: Iterable[bytes]) -> None:
    """The chunk of pixels, whose length is known afterwards; more of them where it is too long."""
    packer = zlib.compressobj()
    name, start, check, room = b"IDAT", out.tell(), zlib.crc32(b"IDAT"), _LONGEST_CHUNK
    out.write(bytes(4) + name)
    for packed in chain(map(packer.compress, rows), map(packer.flush, [zlib.Z_FINISH])):
        while packed:
            part, packed = packed[:room], packed[room:]
            out.write(part)
            check, room = zlib.crc32(part, check), room - len(part)
            if packed:
                _close(out, start, check)
                start, check, room = out.tell(), zlib.crc32(name), _LONGEST_CHUNK
                out.write(bytes(4) + name)
    _close(out, start, check)


def _close(out: IO[bytes], start: int, check: int) -> None:
    """The checksum at a chunk's end, and the length at its start."""
    end = out.tell()
    out.seek(start)
    out.write(struct.pack(">I", end - start - 8))
    out.seek(end)
    out.write(struct.pack(">I", check))


def _differences(samples: NDArray[np.uint16]) -> bytes:
    height, width, count = samples.shape
    pixel = 2 * count
    plain = samples.astype(">u2").view(np.uint8).reshape(height, width * pixel)
    rows = np.empty((height, 1 + width * pixel), np.uint8)
    rows[:, 0] = _LEFT
    rows[:, 1 : 1 + pixel] = plain[:, :pixel]
    rows[:, 1 + pixel :] = plain[:, pixel:] - plain[:, :-pixel]
    return rows.tobytes()
