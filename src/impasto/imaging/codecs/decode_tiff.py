"""TIFF: by Pillow, or by `deep_tiff` where Pillow misreads it; whole, or by bands."""

from __future__ import annotations

from io import BytesIO
from itertools import chain
from typing import Any

from PIL import TiffImagePlugin

from impasto.errors import ImpastoError
from impasto.imaging.codecs import colour_space, deep_tiff, exif, tiff_windows
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.decoded import Decoded, SizeCheck, finished, profile_of, turned
from impasto.imaging.codecs.file_bytes import FileBytes, stream_of
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.pil_modes import to_planes
from impasto.imaging.codecs.quiet import quiet_stderr
from impasto.imaging.codecs.room import Files

__all__ = ["decode_tiff", "decode_tiff_by_bands"]


def decode_tiff_by_bands(data: FileBytes, check: SizeCheck, room: Files) -> Decoded | None:
    """The same of a file on the disk; None for a layout that cannot be read so."""
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
                icc, note = profile_of(image, data)
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
    decoded = turned(planes, turn, carried, notes, room)
    return decoded.with_captions(*exif.captions_of(data))


def decode_tiff(data: bytes, check: SizeCheck) -> Decoded:
    """A whole file, decoded to its first page."""
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
    return turned(planes, turn, exif.carry(data), notes)


def _decode_shallow_tiff(data: bytes, check: SizeCheck) -> Decoded:
    with TiffImagePlugin.TiffImageFile(BytesIO(data)) as image:
        check(image.height, image.width)
        image.load()
        icc, note = profile_of(image, data)
        return finished(image, to_planes(image, icc), data).with_note(note)


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
    return turned(planes, turn, exif.carry(data), notes)
