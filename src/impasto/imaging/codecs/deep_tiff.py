"""TIFF with more than 8 bits a sample, which Pillow reads as 8 bits, if at all.

Layouts of 8 bits that Pillow misreads or refuses come here too: grey with alpha in planes, CMYK
with transparency, big-endian BigTIFF, WebP inside.

tifffile reads the tags; without its large companion package it lacks LZW, the habit of many
editors. So each strip or tile is decompressed here: by zlib, or by the libtiff inside Pillow,
which takes it for a grey picture of bytes. Both stop at the length the tags promise.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin, WebPImagePlugin

from impasto.imaging.codecs.bit_depth import Planes, to_8_bit, to_16_bit
from impasto.imaging.codecs.directories import SHORT
from impasto.imaging.codecs.file_bytes import Bytes, stream_of
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.profile import PLAIN_CMYK, deep_to_srgb, to_srgb

__all__ = ["decode", "is_ours", "is_pillows", "with_deep_palette"]

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _CMYK, _YCBCR = 0, 1, 2, 5, 6
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _CMYK: 4}
_LAB = 8
_PLAIN, _DEFLATE = 1, (8, 32946)
_PACKBITS = 32773
_THROUGH_LIBTIFF = (5, _PACKBITS, 34925, 50000)  # and LZW, LZMA, Zstandard
_JPEG, _WEBP = (6, 7), 50001
_COLOUR_MAP = 320
_DIFFERENCES, _FLOAT_DIFFERENCES = 2, 3
_UNSPECIFIED, _PREMULTIPLIED, _UNMULTIPLIED = 0, 1, 2
_MOST_SAMPLES = 8
_SLACK = 0.01  # how far filters that sharpen or resize leave floats outside 0 to 1
_ORIENTATION, _SUB_PAGES, _PROFILE, _DNG_VERSION = 274, 330, 34675, 50706
_PHOTOMETRIC, _INKS = 262, 334
_LOWEST_FIRST = 2  # of the bits in a byte
_MOST_OVERLAP = 4  # of segments that share their bytes, in lengths of the file
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def is_ours(data: Bytes) -> bool:
    """Whether the first page of a TIFF is of a layout that is read here and not by Pillow.

    Raises:
        UnreadLayoutError: a camera's raw file, whose first page is but a small preview.
    """
    import tifffile

    with tifffile.TiffFile(stream_of(data)) as file:
        page: Any = file.pages.first
        preview = page.is_reduced and _SUB_PAGES in page.tags
        if preview or _DNG_VERSION in page.tags or data[8:10] == b"CR":
            raise UnreadLayoutError("a TIFF of a camera's raw data")
        return bool(np.max(page.bitspersample) > 8) or _is_misread(page)


def _photometric(page: Any) -> Any:
    """What the samples mean; where a file does not say it is guessed as libtiff does."""
    if _PHOTOMETRIC in page.tags:
        return page.photometric
    return _RGB if page.samplesperpixel >= _COLOURS[_RGB] else _BLACK_IS_ZERO


def _is_misread(page: Any) -> bool:
    """Whether Pillow makes another picture of a page of 8 bits, or none."""
    if _PHOTOMETRIC not in page.tags or (page.bitspersample == 8 and page.fillorder != 1):
        return True
    if page.dtype == np.int8:
        return True
    in_planes = page.planarconfig != 1 and page.samplesperpixel > 1
    if in_planes and page.photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _LAB):
        return True
    if page.photometric == _CMYK and page.samplesperpixel > _COLOURS[_CMYK]:
        return True
    if page.predictor != 1 and page.compression in (_PLAIN, _PACKBITS):  # libtiff passes over it
        return True
    big_endian = page.parent.is_bigtiff and page.parent.byteorder == ">"
    return bool(big_endian or page.compression == _WEBP)


def is_pillows(data: bytes) -> bool:
    """Whether Pillow reads the layout of the first page, so that its failure means broken bytes.

    It leaves what is not compressed to its own decoders, which know few layouts, and of luminance
    and chroma it knows only JPEG's.
    """
    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as file:
        page: Any = file.pages.first
        is_chroma = page.photometric == _YCBCR and page.compression not in _JPEG
        return not is_chroma and page.compression != _PLAIN


def with_deep_palette(data: bytes) -> bytes:
    """The file with a colour map of 16 bits where its writer meant 8: none of it is above 255."""
    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as file:
        tag: Any = file.pages.first.tags.get(_COLOUR_MAP)
        if tag is None or tag.dtype != SHORT:
            return data
        order = file.byteorder
        start, end = tag.valueoffset, tag.valueoffset + 2 * tag.count
    levels = np.frombuffer(data[start:end], f"{order}u2")
    if not 0 < levels.max(initial=0) <= 255:
        return data
    return data[:start] + (levels * 257).astype(f"{order}u2").tobytes() + data[end:]


def decode(
    data: bytes, check: Callable[[int, int], None], icc: bytes | None = None
) -> tuple[Planes, int, tuple[str, ...]]:
    """The first page of a TIFF, in sRGB, the orientation still to be applied, and notes.

    CMYK goes on as an 8-bit picture; floats have to lie within [0, 1], or 1 % outside it.

    Args:
        data: the whole file.
        check: called with (height, width) of the page and of its tiles before pixels are made.
        icc: the profile of its colours where it carries none.

    Raises:
        UnreadLayoutError: a layout that is not read.
        UnknownRangeError: floats further outside [0, 1].
        Exception: anything at all, when the bytes are broken.
    """
    import tifffile

    with tifffile.TiffFile(BytesIO(data)) as file:
        page: Any = file.pages.first
        check(page.imagelength, page.imagewidth)
        if page.is_tiled:
            check(page.tilelength, page.tilewidth)
        _refuse_unread(page)
        samples = _samples(page, data)
        if samples.dtype == np.int8:
            # What writers say by mistake: no picture is known whose 8 bits are meant so.
            samples = samples.view(np.uint8)
        shallow = samples.dtype == np.uint8
        deep = samples.astype(np.uint16) * 257 if shallow else to_16_bit(samples, slack=_SLACK)
        planes = _coloured(deep, page, icc)
        turn = page.tags.valueof(_ORIENTATION, 1)
        turn = turn if turn in range(1, 9) else 1
        notes = [*_clipped(samples)]
        if page.dtype == np.int8:
            notes.append("its samples are said to be signed, and are read as unsigned")
        if page.photometric == _CMYK and _PROFILE not in page.tags:
            notes.append(PLAIN_CMYK)
        return _to_8_bit(planes) if shallow else planes, turn, tuple(notes)


def _clipped(samples: NDArray[Any]) -> Iterator[str]:
    """A note on floats that lay a little outside their range."""
    if samples.dtype.kind != "f":
        return
    low, high = float(samples.min()), float(samples.max())
    if low < 0 or high > 1:
        yield f"its samples go from {low:g} to {high:g}: what lies outside 0 to 1 is clipped"


def _to_8_bit(planes: Planes) -> Planes:
    pixels, alpha = (
        to_8_bit(plane) if plane is not None and plane.dtype == np.uint16 else plane
        for plane in planes
    )
    assert pixels is not None
    return Planes(pixels, alpha)


def _refuse_unread(page: Any) -> None:
    if not all(isinstance(tag, int) for tag in (page.photometric, page.compression)):
        raise TypeError("a tag")
    photometric = _photometric(page)
    colours = _COLOURS.get(photometric)
    samples = page.samplesperpixel
    if colours is None or not colours <= samples <= _MOST_SAMPLES or page.imagedepth != 1:
        raise UnreadLayoutError(
            f"a TIFF of {_spoken(photometric)} pixels at {page.bitspersample} bits"
        )
    inks = page.tags.valueof(_INKS, colours) if photometric == _CMYK else colours
    if inks != colours:
        raise UnreadLayoutError(f"a TIFF of {inks} inks")
    if page.dtype is None or page.dtype.itemsize * 8 != page.bitspersample:
        raise UnreadLayoutError(f"a TIFF with samples of {page.bitspersample} bits")
    if page.compression not in (_PLAIN, *_DEFLATE, *_THROUGH_LIBTIFF, _WEBP):
        raise UnreadLayoutError(f"a TIFF compressed with {_spoken(page.compression)}")
    if page.predictor not in (1, _DIFFERENCES, _FLOAT_DIFFERENCES):
        raise UnreadLayoutError(f"a TIFF with predictor {page.predictor:d}")
    if (page.predictor == _FLOAT_DIFFERENCES) != (page.predictor > 1 and page.dtype.kind == "f"):
        kind = "floats" if page.dtype.kind == "f" else "whole numbers"
        raise UnreadLayoutError(f"a TIFF of {kind} stored with predictor {page.predictor:d}")


def _spoken(choice: Any) -> str:
    return str(getattr(choice, "name", choice)).lower()


def _samples(page: Any, data: bytes) -> NDArray[Any]:
    """All samples of the page: (H, W, samples per pixel), in the machine's byte order."""
    height, width, count = page.imagelength, page.imagewidth, page.samplesperpixel
    # Chunky: a pixel's samples lie together; planar: each colour is a picture of its own.
    chunky = page.planarconfig == 1
    together, apart = (count, 1) if chunky else (1, count)
    long, wide = (page.tilelength, page.tilewidth) if page.is_tiled else (page.rowsperstrip, width)
    long = long if page.is_tiled else min(long, height)
    # Strips are tiles as wide as the page; the last one ends with it, where tiles are padded.
    down, across = -(-height // long), -(-width // wide)
    if len(page.dataoffsets) < apart * down * across:
        raise EOFError
    if sum(page.databytecounts) > _MOST_OVERLAP * len(data):
        raise ValueError("segments that are each the whole file")
    stored = page.dtype.newbyteorder(page.parent.byteorder)
    out = np.empty((apart, height, width, together), page.dtype.newbyteorder("="))
    for at in range(apart * down * across):
        plane, place = divmod(at, down * across)
        top, left = place // across * long, place % across * wide
        rows = long if page.is_tiled else min(long, height - top)
        size = wide * together * stored.itemsize
        segment = _segment(data, page, at, rows * size)
        if page.compression == _WEBP:
            raw = _from_webp(segment, rows, wide, together)
        else:
            raw = _unpacked(segment, page.compression, rows, size)
        if page.predictor == _FLOAT_DIFFERENCES:
            raw = _summed_floats(raw, rows, together, stored)
        block = np.frombuffer(raw, stored).reshape(rows, wide, together).astype(out.dtype)
        if page.predictor == _DIFFERENCES:  # which wrap around, so that the dtype must stay
            block = np.cumsum(block, axis=1, dtype=block.dtype)
        out[plane, top : top + rows, left : left + wide] = block[: height - top, : width - left]
    return out[0] if chunky else np.moveaxis(out[..., 0], 0, -1)


def _summed_floats(raw: bytes, rows: int, together: int, stored: np.dtype[Any]) -> bytes:
    """Floats whose bytes lie apart by their weight, the highest first, as differences.

    Source: Adobe, "TIFF Technical Note 3" (2005), whatever the file's byte order.
    """
    steps = np.frombuffer(raw, np.uint8).reshape(rows, -1, together)
    apart = np.cumsum(steps, axis=1, dtype=np.uint8).reshape(rows, stored.itemsize, -1)
    highest_first = np.ascontiguousarray(apart.swapaxes(1, 2))
    return highest_first.view(stored.newbyteorder(">")).astype(stored).tobytes()


def _segment(data: bytes, page: Any, at: int, size: int) -> bytes:
    """The bytes of a strip or tile that unpacks to so many."""
    start, length = page.dataoffsets[at], page.databytecounts[at]
    if length == 0:  # as some writers leave it
        if page.compression != _PLAIN and len(page.dataoffsets) > 1:
            raise EOFError
        length = size if page.compression == _PLAIN else len(data) - start
    if start + length > len(data):
        raise EOFError
    segment = data[start : start + length]
    return segment.translate(_REVERSED) if page.fillorder == _LOWEST_FIRST else segment


def _unpacked(segment: bytes, compression: int, rows: int, row_bytes: int) -> bytes:
    size = rows * row_bytes
    if compression == _PLAIN:
        raw = segment[:size]
    elif compression in _DEFLATE:
        raw = zlib.decompressobj().decompress(segment, size)
    else:
        raw = _through_libtiff(segment, compression, rows, row_bytes)
    if len(raw) < size:
        raise EOFError
    return raw


def _from_webp(segment: bytes, rows: int, wide: int, together: int) -> bytes:
    with WebPImagePlugin.WebPImageFile(BytesIO(segment)) as image:
        if image.size != (wide, rows):
            raise ValueError("another size than the page says")
        # An alpha that hides nothing is not stored.
        return image.convert("RGBA" if together == 4 else "RGB").tobytes()


def _through_libtiff(segment: bytes, compression: int, rows: int, row_bytes: int) -> bytes:
    """The segment as the only strip of a small TIFF made up around it, read by Pillow."""
    entries = {
        256: row_bytes,
        257: rows,
        258: 8,
        259: compression,
        262: _BLACK_IS_ZERO,
        273: 8,  # the segment lies right behind the 8 bytes of the header
        277: 1,
        278: rows,
        279: len(segment),
    }
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries.items())
    padding = bytes(len(segment) % 2)
    head = struct.pack("<2sHI", b"II", 42, 8 + len(segment) + len(padding))
    whole = head + segment + padding + struct.pack("<H", len(entries)) + tags + bytes(4)
    with TiffImagePlugin.TiffImageFile(BytesIO(whole)) as image:
        return image.tobytes()


def _coloured(samples: NDArray[np.uint16], page: Any, icc: bytes | None) -> Planes:
    photometric = _photometric(page)
    colours = _COLOURS[photometric]
    colour, alpha = np.ascontiguousarray(samples[..., :colours]), None
    if photometric == _WHITE_IS_ZERO:
        colour = 65535 - colour
    # Like Pillow, take a fourth sample nobody explains for alpha, one declared as filler not.
    meaning = (*page.extrasamples, *([_UNMULTIPLIED] if not page.extrasamples else []))[0]
    if samples.shape[-1] > colours and meaning != _UNSPECIFIED:
        alpha = samples[..., colours]
        if meaning == _PREMULTIPLIED:
            share = np.maximum(alpha, 1).astype(np.float32)[..., None] / 65535
            colour = np.rint(np.minimum(colour / share, 65535)).astype(np.uint16)
    profile = page.tags.valueof(_PROFILE)
    icc = profile if isinstance(profile, bytes) and profile else icc
    if photometric == _CMYK:
        inks = Image.fromarray(to_8_bit(colour), "CMYK")
        return Planes.of(np.array(to_srgb(inks, icc)), alpha)
    return Planes.of(deep_to_srgb(colour, icc), alpha)
