"""EXIF: what turns the picture, and what is carried over to the output.

Carried over: camera, lens, capture date, place, author, copyright … Left behind: orientation (it
has been applied), the thumbnail (it shows another picture), pixel sizes, and the tags that describe
how a TIFF stores its pixels. A block that cannot be parsed counts as no EXIF.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

__all__ = ["orientation", "output_block", "upright", "without_maker_note"]

_FIRST_DNG_TAG = 50706
_LAYOUT = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 284}
    | {288, 289, 290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330}
    | {332, 334, 336, 338, 339, 340, 341, 342, 343, 347, 512, 513, 514, 515, 517, 518, 519, 520}
    | {521, 529, 530, 531, 532}
    | {700, 33723, 34377, 34675, 37724}  # XMP, IPTC, Photoshop and ICC blocks inside a TIFF
)
_RESOLUTION = frozenset({282, 283, 296})  # says nothing by itself
_SRGB = 1
_MAKER_NOTE = 0x927C


def orientation(exif: Image.Exif) -> int:
    """The EXIF orientation, 1 (upright) to 8; 1 when it is missing or nonsense."""
    try:
        value = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # whatever a broken block makes Pillow raise
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def upright(planes: NDArray[Any], turn: int) -> NDArray[Any]:
    """(H, W, …) samples as they are to be looked at.

    Args:
        planes: (H, W) or (H, W, C).
        turn: EXIF orientation, 1 to 8 (EXIF 2.32, tag 274).

    Returns:
        A contiguous array; height and width change places for 5 to 8.

    Example:
        >>> upright(np.array([[1, 2], [3, 4]]), 6)  # stored lying on its left side
        array([[3, 1],
               [4, 2]])
    """
    if turn >= 5:
        planes = np.swapaxes(planes, 0, 1)
    if turn in (3, 4, 7, 8):
        planes = planes[::-1]
    if turn in (2, 3, 6, 7):
        planes = planes[:, ::-1]
    return np.ascontiguousarray(planes)


def output_block(exif: Image.Exif) -> bytes | None:
    """The block for the output, starting with `Exif\\0\\0`; None when nothing is left of it."""
    try:
        mine = Image.Exif()
        mine.load(exif.tobytes())
        for tag in [tag for tag in mine if tag in _LAYOUT or tag >= _FIRST_DNG_TAG]:
            del mine[tag]
        if ExifTags.IFD.Exif in mine:
            photo = mine.get_ifd(ExifTags.IFD.Exif)
            photo.pop(ExifTags.Base.ExifImageWidth, None)
            photo.pop(ExifTags.Base.ExifImageHeight, None)
            if ExifTags.Base.ColorSpace in photo:
                photo[ExifTags.Base.ColorSpace] = _SRGB
        return None if _RESOLUTION.issuperset(mine) else mine.tobytes()
    except Exception:  # as above
        return None


def without_maker_note(block: bytes) -> bytes:
    """The block less the camera maker's private part, which is most of a long one."""
    exif = Image.Exif()
    exif.load(block)
    exif.get_ifd(ExifTags.IFD.Exif).pop(_MAKER_NOTE, None)
    return exif.tobytes()
