"""All writing of TIFF, whole or by bands.

It is tifffile's: a compressed TIFF of Pillow's making loses the part of EXIF that holds the capture
date and the place.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import repeat
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.directories import (
    ALL_SIZES,
    LONG,
    Directory,
    Field,
    Order,
    parse,
    serialise,
)
from impasto.imaging.codecs.exif import IPTC_TAG, MARK, XMP_TAG
from impasto.imaging.codecs.profile import srgb_profile
from impasto.imaging.codecs.rows import in_rows

__all__ = ["encode", "write"]

_STRIP_OFFSETS, _STRIP_LENGTHS = 273, 279
_RESOLUTION = frozenset({282, 283, 296})
_ORDER: Order = "<"
_BYTES, _LONG8 = 7, 16  # the types of values without a meaning here, and of BigTIFF's places
_STRIP_BYTES = 2**18  # of samples in a strip that is written, about
_MOST_CLASSIC = 2**32 - 2**25  # bytes of samples: deflated they are hardly ever more


def encode(
    samples: NDArray[Any],
    exif: bytes | None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
) -> bytes:
    """A TIFF, compressed with Deflate.

    Args:
        samples: (H, W, 3) or (H, W, 4), uint8 or uint16, sRGB; alpha is not premultiplied.
        exif: block whose tags join those of the page.
        xmp, iptc: packet and datasets, tags of their own.
    """
    out = BytesIO()
    write(out, [samples], samples.shape, samples.dtype, exif, xmp, iptc)
    return out.getvalue()


def write(
    out: IO[bytes],
    bands: Iterable[NDArray[Any]],
    shape: tuple[int, ...],
    kind: Any,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
) -> None:
    """Writes what `encode` gives, from bands of rows; a BigTIFF where 4 GB might not do.

    Args:
        out: an empty file that can be gone back in.
        bands: (rows, W, C) each, of any number of rows, from the top.
        shape: (H, W, C) of the picture.
        kind: dtype of the samples.
        exif, xmp, iptc: as for `encode`.
    """
    height, row_bytes = shape[0], np.dtype(kind).itemsize * shape[1] * shape[2]
    rows = min(max(1, _STRIP_BYTES // row_bytes), height)
    big = height * row_bytes > _MOST_CLASSIC
    strips = (_packed(strip) for strip in in_rows(bands, rows))
    if exif is None and xmp is None and iptc is None:
        _write_page(out, strips, shape, kind, rows, big)
        return
    block = Directory(_ORDER)
    if exif is not None:
        block = parse(exif.removeprefix(MARK)).with_order(_ORDER)
    for tag, data in ((XMP_TAG, xmp), (IPTC_TAG, iptc)):
        if data is not None:
            block.fields[tag] = Field(_BYTES, len(data), data)
    _write_joined(out, strips, shape, kind, rows, big, block)


def _packed(strip: NDArray[Any]) -> bytes:
    """A strip as its differences from pixel to pixel, compressed."""
    steps = np.array(strip, order="C")
    steps[:, 1:] -= strip[:, :-1]
    return zlib.compress(steps.data)


def _write_page(
    out: IO[bytes],
    strips: Iterator[bytes],
    shape: tuple[int, ...],
    kind: Any,
    rows: int,
    big: bool,
) -> None:
    import tifffile

    tifffile.imwrite(
        out,
        strips,
        shape=shape,
        dtype=kind,
        bigtiff=big,
        rowsperstrip=rows,
        byteorder=_ORDER,
        photometric="rgb",
        extrasamples=["unassalpha"] if shape[-1] == 4 else None,
        compression="zlib",
        predictor=True,
        metadata=None,
        software=False,
        iccprofile=srgb_profile(),
    )


def _write_joined(
    out: IO[bytes],
    strips: Iterator[bytes],
    shape: tuple[int, ...],
    kind: Any,
    rows: int,
    big: bool,
    block: Directory,
) -> None:
    """The page with the tags of the EXIF block among its own, all directories before the strips."""
    model, count = BytesIO(), -(-shape[0] // rows)
    _write_page(model, repeat(b"\0", count), shape, kind, rows, big)  # for its tags
    page = parse(model.getvalue())
    kept = {tag: value for tag, value in block.fields.items() if tag in _RESOLUTION}
    root = Directory(_ORDER, block.fields | page.fields | kept, block.children)
    place = _LONG8 if big else LONG
    root.fields[_STRIP_OFFSETS] = _numbers(place, [0] * count)
    length = len(serialise(root, big=big))
    begin = length + length % 2  # of the strips, behind all directories
    out.seek(begin)
    lengths = [out.write(strip) for strip in strips]
    root.fields[_STRIP_OFFSETS] = _numbers(place, [begin, *(begin + np.cumsum(lengths[:-1]))])
    root.fields[_STRIP_LENGTHS] = _numbers(root.fields[_STRIP_LENGTHS].kind, lengths)
    out.seek(0)
    out.write(serialise(root, big=big).ljust(begin, b"\0"))


def _numbers(kind: int, values: Iterable[int]) -> Field:
    data = np.array(list(values), f"{_ORDER}u{ALL_SIZES[kind]}")
    return Field(kind, data.size, data.tobytes())
