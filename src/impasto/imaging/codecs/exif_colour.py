"""What EXIF and the tags of a TIFF say of a picture's colours, where no profile says more.

Cameras name Adobe RGB by an index; scanners and older editors give measured numbers: the white,
the primaries, and how samples become light (TIFF 6.0, section 20; EXIF 3.0, tag 42240).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs.directories import EXIF, INTEROPERABILITY, SHORT, Directory, parse
from impasto.imaging.codecs.file_bytes import Bytes
from impasto.imaging.codecs.rgb_profile import Chromaticity

__all__ = ["Measured", "is_adobe_rgb", "measured"]

_INDEX, _COLOUR_SPACE, _GAMMA = 1, 0xA001, 42240
_TRANSFER_FUNCTION, _WHITE, _PRIMARIES = 301, 318, 319
_SRGB, _ADOBE_RGB, _UNCALIBRATED = 1, 2, 65535
_WANTED = frozenset({_INDEX, _COLOUR_SPACE, _GAMMA, _TRANSFER_FUNCTION, _WHITE, _PRIMARIES})
_TABLE_LENGTHS = {2**bits * count for bits in (8, 16) for count in (1, 3)}


class Measured(NamedTuple):
    """Colours by their numbers.

    Attributes:
        primaries: red, green and blue as CIE (x, y).
        white: likewise; None where the file does not say.
        gamma: linear light is the sample to this power; None where the file does not say.
        tables: (1 or 3, 256 or 65536), linear light in [0, 1] by sample, or None likewise.
    """

    primaries: tuple[Chromaticity, ...]
    white: Chromaticity | None = None
    gamma: float | None = None
    tables: NDArray[np.float64] | None = None


def is_adobe_rgb(block: Bytes | None) -> bool:
    """Whether a camera says by EXIF alone that the colours are Adobe RGB (1998).

    It writes the index R03 beside a colour space of 2 or 65535 (DCF 2.0, 3.3.2 and EXIF 3.0).

    Args:
        block: an EXIF block without its mark, or a whole TIFF.
    """
    photo = _photo(_parsed(block))
    if INTEROPERABILITY not in photo.children:
        return False
    index = photo.children[INTEROPERABILITY].fields.get(_INDEX)
    space = _numbers(photo, _COLOUR_SPACE)[:1]
    return (
        index is not None and index.data[:3] == b"R03" and space in ([_ADOBE_RGB], [_UNCALIBRATED])
    )


def measured(block: Bytes | None) -> Measured | None:
    """The numbers that a block gives; None without primaries, or where it says sRGB by name.

    Args:
        block: an EXIF block without its mark, or a whole TIFF.
    """
    page = _parsed(block)
    photo = _photo(page)
    primaries, white = _numbers(page, _PRIMARIES), _numbers(page, _WHITE)
    if len(primaries) != 6 or _numbers(photo, _COLOUR_SPACE)[:1] == [_SRGB]:
        return None
    gamma = _numbers(photo, _GAMMA)
    return Measured(
        tuple(zip(primaries[::2], primaries[1::2], strict=True)),
        (white[0], white[1]) if len(white) == 2 else None,
        gamma[0] if gamma and gamma[0] > 0 else None,
        _tables(page),
    )


def _tables(page: Directory) -> NDArray[np.float64] | None:
    value = page.fields.get(_TRANSFER_FUNCTION)
    if value is None or value.kind != SHORT or value.length not in _TABLE_LENGTHS:
        return None
    levels = np.frombuffer(value.data, f"{page.order}u2") / 65535
    tables = levels.reshape(3 if len(levels) % 3 == 0 else 1, -1)
    rises = (np.diff(tables) >= 0).all() and (tables[:, -1] > tables[:, 0]).all()
    return tables if rises else None


def _parsed(block: Bytes | None) -> Directory:
    try:
        return parse(block or b"", lambda tag: tag in _WANTED)
    except ValueError:
        return Directory("<")


def _photo(page: Directory) -> Directory:
    return page.children.get(EXIF, Directory(page.order))


def _numbers(directory: Directory, tag: int) -> list[float]:
    value = directory.fields.get(tag)
    return [float(number) for number in value.numbers(directory.order)] if value else []
