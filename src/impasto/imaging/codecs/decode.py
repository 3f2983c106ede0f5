"""The bytes of a picture file as upright sRGB samples.

Pillow's reader for the format is called by name, never through `Image.open`: no other reader
(some start other programs) can be reached, and the size is checked here before pixels are made.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any, NamedTuple

from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from impasto.errors import MissingPackageError
from impasto.imaging.codecs import exif
from impasto.imaging.codecs.decoder_output import deaf_stderr
from impasto.imaging.codecs.deep_png import deep_png
from impasto.imaging.codecs.deep_tiff import deep_tiff, is_deep
from impasto.imaging.codecs.pil_modes import Planes, planes

__all__ = ["Decoded", "SizeCheck", "decode", "decode_image"]

SizeCheck = Callable[[int, int], None]
_READERS: dict[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,  # also of MPO, whose first frame is a plain JPEG
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
}


class Decoded(NamedTuple):
    """Upright sRGB planes, and the EXIF block to carry over."""

    planes: Planes
    exif: bytes | None


def decode(data: bytes, kind: str, check: SizeCheck, name: str) -> Decoded:
    """A file's bytes, decoded; to be called inside `hush.quiet`.

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
        return _decode_tiff(data, check)
    with _reader(kind, name)(BytesIO(data)) as image:
        check(image.height, image.width)
        deep = deep_png(image, data) if kind == "PNG" else None
        return _with_exif(image, deep) if deep else decode_image(image)


def decode_image(image: Image.Image) -> Decoded:
    """A PIL image of a checked size, decoded; to be called inside `hush.quiet`."""
    image.load()
    icc: Any = image.info.get("icc_profile")
    return _with_exif(image, planes(image, icc if isinstance(icc, bytes) else None))


def _with_exif(image: Image.Image, found: Planes) -> Decoded:
    try:
        block = image.getexif()
    except Exception:  # whatever a broken block makes Pillow raise
        block = Image.Exif()
    return _turned(found, exif.orientation(block), exif.carried(block))


def _decode_tiff(data: bytes, check: SizeCheck) -> Decoded:
    with deaf_stderr():
        if not is_deep(data):
            with TiffImagePlugin.TiffImageFile(BytesIO(data)) as image:
                check(image.height, image.width)
                return decode_image(image)
        found, turn = deep_tiff(data, check)
    block = Image.Exif()
    with suppress(Exception):  # a BigTIFF, or a broken block
        block.load(data)
    return _turned(found, turn, exif.carried(block))


def _turned(found: Planes, turn: int, block: bytes | None) -> Decoded:
    alpha = None if found.alpha is None else exif.upright(found.alpha, turn)
    return Decoded(Planes(exif.upright(found.pixels, turn), alpha), block)


def _reader(kind: str, name: str) -> Callable[[BytesIO], ImageFile.ImageFile]:
    if kind != "HEIC":
        return _READERS[kind]
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        raise MissingPackageError(name, "pillow-heif", "heic") from None
    return HeifImageFile
