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
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from itertools import chain
from typing import IO, Any, NamedTuple

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageChops,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from impasto.errors import ImpastoError, MissingPackageError
from impasto.imaging.codecs import (
    bit_fields,
    captions,
    colour_space,
    deep_png,
    deep_tiff,
    exif,
    jpeg_segments,
    png_chunks,
    run_lengths,
    tiff_windows,
)
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.exif import MARK
from impasto.imaging.codecs.file_bytes import Bytes, FileBytes, stream_of
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.pil_modes import to_planes
from impasto.imaging.codecs.profile import PLAIN_CMYK
from impasto.imaging.codecs.room import MEMORY, Files, Memory

__all__ = [
    "Decoded",
    "SizeCheck",
    "decode",
    "decode_from_disk",
    "decode_image",
    "quiet_decoders",
    "quiet_stderr",
]

SizeCheck = Callable[[int, int], None]
_Reader = Callable[[IO[bytes]], ImageFile.ImageFile]
_READERS: dict[str, _Reader] = {
    "JPEG": JpegImagePlugin.JpegImageFile,  # also of MPO, whose first frame is a plain JPEG
    "PNG": PngImagePlugin.PngImageFile,
    "WebP": WebPImagePlugin.WebPImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "GIF": GifImagePlugin.GifImageFile,
}
_lock = threading.Lock()
_STDERR = 2
_COEFFICIENT = 2  # bytes, of a sample of a JPEG
_IPTC_RESOURCE = 0x0404  # of Photoshop's segment in a JPEG


class Decoded(NamedTuple):
    """Upright sRGB planes, what is carried over, and what is to be said.

    Attributes:
        planes: of the picture.
        exif: the block for the output.
        notes: what reading changed or left out, as parts of a sentence that go on from a name.
        xmp, iptc: for the output, see `captions`.
    """

    planes: Planes
    exif: bytes | None
    notes: tuple[str, ...] = ()
    xmp: bytes | None = None
    iptc: bytes | None = None

    def with_note(self, note: str) -> Decoded:
        """With one more thing to be said, before the others, unless it is empty."""
        return self._replace(notes=(note, *self.notes)) if note else self

    def without_damaged(self, part: str, names: Iterable[str]) -> Decoded:
        """With a note on each part of the file that is damaged and left out."""
        notes = tuple(f"its {name} {part} is damaged and left out" for name in names)
        return self._replace(notes=(*notes, *self.notes))

    def with_captions(self, xmp: Any, iptc: Any = None) -> Decoded:
        """With what is carried over of these."""
        carried = captions.carry(xmp, iptc)
        notes = (*self.notes, *carried.notes)
        return self._replace(xmp=carried.xmp, iptc=carried.iptc, notes=notes)


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
        return _decode_whole_tiff(data, check)
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
        return _decode_tiff_by_bands(data, check, room)
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
    block = _raw_exif(image)
    if isinstance(image, ImageFile.ImageFile):
        room.load(image)
    else:
        image.load()
    block = block or _raw_exif(image)  # some readers know it by then
    icc, note = _profile_of(image, block)
    resources: Any = image.info.get("photoshop")
    iptc = resources.get(_IPTC_RESOURCE) if isinstance(resources, dict) else None

    def convert(band: Image.Image) -> Planes:
        return to_planes(ImageChops.invert(band) if invert else band, icc)

    planes = room.planes(convert, image)
    decoded = _finished(image, planes, block, room=room)
    return decoded.with_note(note).with_captions(image.info.get("xmp"), iptc)


def _decode_by_pillow(
    data: bytes, reader: _Reader, check: SizeCheck, icc: bytes | None = None
) -> Decoded:
    with reader(BytesIO(data)) as image:
        check(image.height, image.width)
        if icc is not None:
            image.info["icc_profile"] = icc
        return decode_image(image)


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
        decoded = decode_image(image)
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
        decoded = _finished(image, planes, chunks.exif, chunks.texts, room)
    decoded = decoded.without_damaged("chunk", chunks.damaged).with_note(note)
    return decoded.with_captions(chunks.xmp, chunks.iptc)


def _scale_transparency(image: Image.Image, bits: int) -> None:
    """Of grey with few bits Pillow scales the samples and not the one that is clear."""
    key = image.info.get("transparency")
    if isinstance(key, int) and image.mode in ("1", "L") and bits < 8:
        key &= 2**bits - 1  # the other bits of its 16 mean nothing
        image.info["transparency"] = key * 255 // (2**bits - 1)


def _profile_of(image: Image.Image, block: Bytes | None) -> tuple[bytes | None, str]:
    """The profile that came with an image, or is meant without one, and what is to be said."""
    icc: Any = image.info.get("icc_profile")
    if isinstance(icc, bytes) and icc:
        return icc, ""
    if image.mode == "CMYK":
        return None, PLAIN_CMYK
    icc, note = colour_space.of_nclx(image.info.get("nclx_profile"))
    return icc or colour_space.of_exif(block), note


def _raw_exif(image: Image.Image) -> bytes | None:
    block: Any = image.info.get("exif")
    return block if isinstance(block, bytes) and block else None


def _finished(
    image: Image.Image,
    planes: Planes,
    block: bytes | None,
    texts: Mapping[int, bytes] | None = None,
    room: Memory = MEMORY,
) -> Decoded:
    """Turned upright, with what is carried over."""
    try:
        parsed = image.getexif()
        turn = exif.orientation(parsed)
    except Exception:  # whatever a broken block makes Pillow raise
        return _turned(planes, 1, exif.carry(block, image.info.get("dpi"), texts), room=room)
    try:
        block = exif.of_pillow(parsed) if exif.is_changed(parsed, block) else block
    except Exception:  # or a value set in memory that is none
        block = block or MARK
    return _turned(planes, turn, exif.carry(block, image.info.get("dpi"), texts), room=room)


def _decode_tiff_by_bands(data: FileBytes, check: SizeCheck, room: Files) -> Decoded | None:
    page = tiff_windows.page_of(data)
    if page is None:
        return None
    check(page.height, page.width)
    bands = tiff_windows.windows(data, page)
    said: list[str] = []
    dpi: Any = None
    if deep_tiff.is_ours(data):
        turn, icc = page.turn, colour_space.of_exif(data)

        def decoded_band(band: bytes) -> Planes:
            planes, _, notes = deep_tiff.decode(band, lambda *_: None, icc)
            said.extend(notes)
            return planes

    else:
        with TiffImagePlugin.TiffImageFile(stream_of(data)) as image:
            turn, dpi = exif.orientation(image.getexif()), image.info.get("dpi")

        def decoded_band(band: bytes) -> Planes:
            with TiffImagePlugin.TiffImageFile(BytesIO(deep_tiff.with_deep_palette(band))) as image:
                image.load()
                icc, note = _profile_of(image, data)
                said.extend([note] if note else [])
                return to_planes(image, icc)

    with quiet_stderr():
        try:
            first = decoded_band(next(bands))
        except ImpastoError:
            raise
        except Exception:
            return None  # the whole page is read in more ways, or its failure says why
        planes = room.gathered(page.height, page.width, chain([first], map(decoded_band, bands)))
    carried = exif.carry(data, dpi)
    notes = tuple(dict.fromkeys(said))
    turn = turn if turn in range(1, 9) else 1
    decoded = _turned(planes, turn, carried, notes, room)
    return decoded.with_captions(*exif.captions_of(data))


def _decode_whole_tiff(data: bytes, check: SizeCheck) -> Decoded:
    return _decode_tiff(data, check).with_captions(*exif.captions_of(data))


def _decode_tiff(data: bytes, check: SizeCheck) -> Decoded:
    with quiet_stderr():
        if not deep_tiff.is_ours(data):
            try:
                return _decode_shallow_tiff(deep_tiff.with_deep_palette(data), check)
            except ImpastoError:
                raise
            except Exception as error:
                return _decode_rare_tiff(data, check, error)
        planes, turn, notes = deep_tiff.decode(data, check, colour_space.of_exif(data))
    return _turned(planes, turn, exif.carry(data), notes)


def _decode_shallow_tiff(data: bytes, check: SizeCheck) -> Decoded:
    with TiffImagePlugin.TiffImageFile(BytesIO(data)) as image:
        check(image.height, image.width)
        image.load()
        icc, note = _profile_of(image, data)
        return _finished(image, to_planes(image, icc), data).with_note(note)


def _decode_rare_tiff(data: bytes, check: SizeCheck, error: Exception) -> Decoded:
    """What Pillow cannot read may be read here, or be of a layout that can be named.

    Raises:
        UnreadLayoutError: a sound file of that kind.
        Exception: `error`, where the file is broken.
    """
    try:
        planes, turn, notes = deep_tiff.decode(data, check, colour_space.of_exif(data))
    except UnreadLayoutError:
        # Of a compressed layout that it knows, Pillow's failure means broken bytes.
        if isinstance(error, SyntaxError) or not deep_tiff.is_pillows(data):
            raise
        raise error from None
    except Exception:
        raise error from None
    return _turned(planes, turn, exif.carry(data), notes)


def _turned(
    planes: Planes,
    turn: int,
    carried: exif.Carried,
    notes: tuple[str, ...] = (),
    room: Memory = MEMORY,
) -> Decoded:
    alpha = None if planes.alpha is None else room.upright(planes.alpha, turn)
    planes = Planes(room.upright(planes.pixels, turn), alpha)
    if carried.damaged:
        count = f"{carried.damaged} EXIF {'field is' if carried.damaged == 1 else 'fields are'}"
        notes = (*notes, f"{count} damaged or of a wrong type, and left out")
    return Decoded(planes, carried.block, notes)


def _reader(kind: str, name: str) -> _Reader:
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
