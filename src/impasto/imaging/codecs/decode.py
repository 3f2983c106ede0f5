"""The bytes of a picture file as upright sRGB samples.

Pillow's reader for the format is called by name, never through `Image.open`: no other reader
(some start other programs) can be reached, and the size is checked here before pixels are made.
What the packages that decode would print is stderr from talking over the one line of an error.
"""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
from impasto.imaging.codecs import deep_png, deep_tiff, exif
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.pil_modes import to_planes

__all__ = ["Decoded", "SizeCheck", "decode", "decode_image", "quiet_decoders", "quiet_stderr"]

SizeCheck = Callable[[int, int], None]
_READERS: dict[str, Callable[[BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,  # also of MPO, whose first frame is a plain JPEG
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
}
_lock = threading.Lock()
_STDERR = 2


class Decoded(NamedTuple):
    """Upright sRGB planes, and the EXIF block to carry over."""

    planes: Planes
    exif: bytes | None


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
        return _decode_tiff(data, check)
    with _reader(kind, name)(BytesIO(data)) as image:
        check(image.height, image.width)
        deep = deep_png.decode(image, data) if kind == "PNG" else None
        return _with_exif(image, deep) if deep else decode_image(image)


def decode_image(image: Image.Image) -> Decoded:
    """A PIL image of a checked size, decoded; to be called inside `quiet_decoders`."""
    image.load()
    icc: Any = image.info.get("icc_profile")
    return _with_exif(image, to_planes(image, icc if isinstance(icc, bytes) else None))


def _with_exif(image: Image.Image, planes: Planes) -> Decoded:
    try:
        block = image.getexif()
    except Exception:  # whatever a broken block makes Pillow raise
        block = Image.Exif()
    return _turned(planes, exif.orientation(block), exif.output_block(block))


def _decode_tiff(data: bytes, check: SizeCheck) -> Decoded:
    with quiet_stderr():
        if not deep_tiff.is_deep(data):
            with TiffImagePlugin.TiffImageFile(BytesIO(data)) as image:
                check(image.height, image.width)
                return decode_image(image)
        planes, turn = deep_tiff.decode(data, check)
    block = Image.Exif()
    with suppress(Exception):  # a BigTIFF, or a broken block
        block.load(data)
    return _turned(planes, turn, exif.output_block(block))


def _turned(planes: Planes, turn: int, block: bytes | None) -> Decoded:
    alpha = None if planes.alpha is None else exif.upright(planes.alpha, turn)
    return Decoded(Planes(exif.upright(planes.pixels, turn), alpha), block)


def _reader(kind: str, name: str) -> Callable[[BytesIO], ImageFile.ImageFile]:
    if kind != "HEIC":
        return _READERS[kind]
    try:
        from pillow_heif import HeifImageFile
    except ImportError:
        raise MissingPackageError(name, "pillow-heif", "heic") from None
    return HeifImageFile


@contextmanager
def quiet_decoders() -> Iterator[None]:
    """Pillow and tifffile without warnings, log lines and limits of their own.

    These switches belong to the whole process, so one picture is decoded at a time and they are
    put back after it.
    """
    log = logging.getLogger("tifffile")
    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        limit, was_quiet = Image.MAX_IMAGE_PIXELS, log.disabled
        Image.MAX_IMAGE_PIXELS, log.disabled = None, True
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS, log.disabled = limit, was_quiet


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """No line of libtiff's on stderr, where it reports damage past Python.

    Inside `quiet_decoders` only. What other threads print meanwhile is lost with it.
    """
    try:
        stderr = os.dup(_STDERR)
    except OSError:  # there is no stderr
        yield
        return
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, _STDERR)
    os.close(sink)
    try:
        yield
    finally:
        os.dup2(stderr, _STDERR)
        os.close(stderr)
