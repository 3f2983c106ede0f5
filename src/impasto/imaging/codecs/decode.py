"""The bytes of a picture file as upright sRGB samples.

Pillow's reader for the format is called by name, never through `Image.open`: no other reader
(some start other programs) can be reached, and the size is checked here before pixels are made.
What the packages that decode would print is stderr from talking over the one line of an error.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

from impasto.errors import MissingPackageError
from impasto.imaging.codecs import (
    bit_fields,
    colour_space,
    deep_png,
    jpeg_segments,
    png_chunks,
    run_lengths,
)
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.decode_tiff import decode_tiff, decode_tiff_by_bands
from impasto.imaging.codecs.decoded import Decoded, SizeCheck, finished, profile_of, raw_exif
from impasto.imaging.codecs.file_bytes import Bytes, FileBytes, stream_of
from impasto.imaging.codecs.pil_modes import to_planes
from impasto.imaging.codecs.room import MEMORY, Files, Memory

__all__ = [
    "decode",
    "decode_from_disk",
    "decode_image",
]

ANIMATED = "it is an animation, of which the first picture is read"
_Reader = Callable[[IO[bytes]], ImageFile.ImageFile]
_READERS: dict[str, _Reader] = {
    "JPEG": JpegImagePlugin.JpegImageFile,  # also of MPO, whose first frame is a plain JPEG
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
}
_COEFFICIENT = 2  # bytes, of a sample of a JPEG
_IPTC_RESOURCE = 0x0404  # of Photoshop's segment in a JPEG


def decode(data: bytes, kind: str, check: SizeCheck, name: str) -> Decoded:
    """A file's bytes, decoded; to be called inside `quiet_decoders`.

    Args:
        data: the whole file.
        kind: name of its format.
        check: called with (height, width) before any pixel is made; raises if that is too large.
        name: of the file, for messages.

    Raises:
        MissingPackageError: HEIC without pillow-heif.
        Exception: anything at all, when the bytes are broken.
    """
    if kind == "TIFF":
        return decode_tiff(data, check)
    if kind == "PNG":
        return _decode_png(data, check, MEMORY)
    if kind == "JPEG":
        return _decode_jpeg(data, check, MEMORY)
    if kind == "BMP":
        return _decode_bmp(data, check)
    if kind == "GIF":
        return _decode_gif(data, check)
    return _decode_by_pillow(data, _reader(kind, name), check)


def decode_from_disk(data: FileBytes, kind: str, check: SizeCheck, room: Files) -> Decoded | None:
    """A file that stays on the disk, decoded to what `decode` gives, without being whole in memory.

    Args:
        data: the file.
        kind, check: as for `decode`.
        room: where the picture is to lie.

    Returns:
        None for a format or layout that cannot be read so.

    Raises:
        Exception: anything at all, when the bytes are broken.
    """
    if kind == "TIFF":
        return decode_tiff_by_bands(data, check, room)
    if kind == "PNG":
        return _decode_png(data, check, room)
    return _decode_jpeg(data, check, room) if kind == "JPEG" else None


def decode_image(image: Image.Image, room: Memory = MEMORY, *, invert: bool = False) -> Decoded:
    """A PIL image of a checked size, decoded; to be called inside `quiet_decoders`.

    Args:
        image: opened, or in memory.
        room: where the picture is to lie.
        invert: whether its samples are to be turned round first.
    """
    block = raw_exif(image)
    if isinstance(image, ImageFile.ImageFile):
        room.load(image)
    else:
        image.load()
    block = block or raw_exif(image)  # some readers know it by then
    icc, note = profile_of(image, block)
    resources: Any = image.info.get("photoshop")
    iptc = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else None

    def convert(band: Image.Image) -> Planes:
        return to_planes(ImageChops.invert(band) if invert else band, icc)

    planes = room.planes(convert, image)
    decoded = finished(image, planes, block, room=room)
    return decoded.with_note(note).with_captions(image.info.get("xmp"), iptc)


def _decode_by_pillow(
    data: bytes, reader: _Reader, check: SizeCheck, icc: bytes | None = None
) -> Decoded:
    with reader(BytesIO(data)) as image:
        check(image.height, image.width)
        if icc is not None:
            image.info["icc_profile"] = icc
        return decode_image(image).with_note(_others_of(image))


def _others_of(image: Image.Image) -> str:
    """What is told of an animation as Pillow reads it; empty for a single picture."""
    moves = image.format in ("GIF", "WEBP") and getattr(image, "is_animated", False)
    return ANIMATED if moves else ""


def _decode_jpeg(data: Bytes, check: SizeCheck, room: Memory) -> Decoded:
    segments = jpeg_segments.read(data)
    with _READERS["JPEG"](stream_of(data, segments.lean)) as image:
        check(image.height, image.width)
        if segments.profile is not None:
            image.info["icc_profile"] = segments.profile
        if "progressive" in image.info:  # whose scans go over the whole picture, each for a part
            room.hold(_COEFFICIENT * len(image.getbands()) * image.height * image.width)
        # Pillow takes the inks of every CMYK JPEG for inverted, as Adobe stores them.
        is_inverted = image.mode == "CMYK" and not segments.has_adobe_mark
        decoded = decode_image(image, room, invert=is_inverted)
    if segments.has_extended_xmp:
        decoded = decoded.with_note("the part of its XMP beyond 64 KiB is left out")
    return decoded.without_damaged("segment", segments.damaged)


def _decode_gif(data: bytes, check: SizeCheck) -> Decoded:
    """The first frame; what it leaves of the canvas is transparent, as browsers have it."""
    with _READERS["GIF"](BytesIO(data)) as image:
        check(image.height, image.width)
        extents = image.tile[0].extents
        assert extents is not None
        left, top, right, bottom = extents
        decoded = decode_image(image).with_note(_others_of(image))
    pixels, alpha = decoded.planes
    frame = np.zeros(pixels.shape[:2], np.uint8)
    frame[top:bottom, left:right] = 255 if alpha is None else alpha[top:bottom, left:right]
    return decoded._replace(planes=Planes.of(pixels, frame))


def _decode_bmp(data: bytes, check: SizeCheck) -> Decoded:
    bit_fields.refuse_unread(data)
    icc = colour_space.of_bmp(data)
    if run_lengths.is_compressed(data):
        data = run_lengths.unpacked(data, check)
    if bit_fields.has_16_bits_with_alpha(data):
        data = bit_fields.unpacked(data, check)
    try:
        decoded = _decode_by_pillow(data, _READERS["BMP"], check, icc)
    except OSError:
        if not bit_fields.has_bit_fields(data):
            raise
        data = bit_fields.unpacked(data, check)
        decoded = _decode_by_pillow(data, _READERS["BMP"], check, icc)
    pixels, alpha = decoded.planes
    if alpha is None or alpha.any():
        return decoded
    # Many writers name a mask of alpha and leave its bits unset.
    note = "its transparency would hide all of it, and is left out"
    return decoded._replace(planes=Planes(pixels, None)).with_note(note)


def _decode_png(data: Bytes, check: SizeCheck, room: Memory) -> Decoded:
    chunks = png_chunks.read(data)
    spans = png_chunks.lean(data)

    def opened() -> ImageFile.ImageFile:
        return _READERS["PNG"](stream_of(data, spans))

    icc, note = colour_space.of_png(chunks)
    beside = {"icc_profile": icc, "exif": chunks.exif, "xmp": chunks.xmp, "dpi": chunks.dpi}
    with opened() as image:
        check(image.height, image.width)
        image.info |= {name: value for name, value in beside.items() if value}
        _scale_transparency(image, chunks.bits)
        if icc is None and chunks.cicp is None and not chunks.srgb:
            icc = colour_space.of_exif(chunks.exif)
        planes = deep_png.decode(image, opened, icc, room)
        if planes is None:
            room.load(image)
            planes = room.planes(lambda band: to_planes(band, icc), image)
        decoded = finished(image, planes, chunks.exif, chunks.texts, room)
    decoded = decoded.without_damaged("chunk", chunks.damaged).with_note(note)
    decoded = decoded.with_note(ANIMATED if chunks.pictures > 1 else "")
    return decoded.with_captions(chunks.xmp, chunks.iptc)


def _scale_transparency(image: Image.Image, bits: int) -> None:
    """Of grey with few bits Pillow scales the samples and not the one that is clear."""
    key = image.info.get("transparency")
    if isinstance(key, int) and image.mode in ("1", "L") and bits < 8:
        key &= 2**bits - 1  # the other bits of its 16 mean nothing
        image.info["transparency"] = key * 255 // (2**bits - 1)


def _reader(kind: str, name: str) -> _Reader:
    if kind != "HEIC":
        return _READERS[kind]
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        raise MissingPackageError(name, "pillow-heif", "heic") from None
    return HeifImageFile
