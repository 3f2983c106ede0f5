"""EXIF: what turns the picture, and what is carried over to the output, byte for byte.

Carried over: camera, lens, capture date, place, author, copyright, print density … Left behind:
orientation (it has been applied), the thumbnail (it shows another picture), pixel sizes, the tags
that describe how a TIFF stores its pixels, and single values of a type that they cannot have.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from impasto.imaging.codecs.directories import (
    ASCII,
    EXIF,
    INTEROPERABILITY,
    MAKER_NOTE,
    PLACE,
    RATIONAL,
    SHORT,
    SIGNED_RATIONAL,
    Directory,
    Field,
    parse,
    serialise,
)
from impasto.imaging.codecs.file_bytes import Bytes

__all__ = [
    "IPTC_TAG",
    "MARK",
    "XMP_TAG",
    "Carried",
    "captions_of",
    "carry",
    "density",
    "is_changed",
    "is_only_density",
    "of_pillow",
    "orientation",
    "upright",
    "without_maker_note",
    "without_mark",
]

MARK = b"Exif\0\0"
XMP_TAG, IPTC_TAG = 700, 33723
_FIRST_DNG_TAG = 50706
_LAYOUT = frozenset(
    {254, 255, 256, 257, 258, 259, 262, 263, 264, 265, 266, 273, 274, 277, 278, 279, 280, 281, 284}
    | {288, 289, 290, 291, 292, 293, 297, 301, 317, 318, 319, 320, 321, 322, 323, 324, 325, 330}
    | {332, 334, 336, 338, 339, 340, 341, 342, 343, 347, 512, 513, 514, 515, 517, 518, 519, 520}
    | {521, 529, 530, 531, 532}
    | {700, 33723, 34377, 34675, 37724}  # XMP, IPTC, Photoshop and ICC blocks inside a TIFF
)
_POINTERS = (EXIF, PLACE)
_X_DENSITY, _Y_DENSITY, _DENSITY_UNIT = 282, 283, 296
_DENSITY = {_X_DENSITY, _Y_DENSITY, _DENSITY_UNIT}
_INCH, _CM = 2, 3
_MOST_DPI = 65_535  # that a JPEG's header holds
_COLOUR_SPACE, _WIDTH, _HEIGHT, _INDEX = 0xA001, 0xA002, 0xA003, 1
_GAMMA = 42240  # of the photograph's colours; the painting's are sRGB
_SRGB = 1

# Tags whose values are numbers, by the directory that holds them (EXIF 3.0, tables 4 to 15): a
# text there, or a fraction where a whole number belongs, is nothing that another reader expects.
_WHOLE = {1, SHORT, 4, 6, 8, 9}
_FRACTION = {RATIONAL, SIGNED_RATIONAL}
_PHOTO_FRACTIONS = {33434, 33437, 37122, *range(37377, 37383), 37386, 37888, 37889, 37890, 37891}
_PHOTO_FRACTIONS |= {37892, 37893, 41483, 41486, 41487, 41493, 41988, 42034, 42240}
_PHOTO_WHOLE = {34850, 34855, *range(34864, 34870), 37383, 37384, 37385, 37396, 40961, 40962, 40963}
_PHOTO_WHOLE |= {41488, 41492, 41495, *range(41985, 41988), *range(41989, 41995), 41996, 42080}
_KINDS: dict[int, tuple[set[int], set[int]]] = {
    0: ({_DENSITY_UNIT, 18246, 18249}, {_X_DENSITY, _Y_DENSITY}),
    EXIF: (_PHOTO_WHOLE, _PHOTO_FRACTIONS),
    PLACE: ({0, 5, 30}, {2, 4, 6, 7, 11, 13, 15, 17, 20, 22, 24, 26, 31}),
    INTEROPERABILITY: (set(), set()),
}


class Carried(NamedTuple):
    """What goes into the output.

    Attributes:
        block: an EXIF block, beginning with `Exif\\0\\0`; None when nothing is left.
        damaged: how many fields were left out, since they are damaged or of a wrong type.
    """

    block: bytes | None
    damaged: int


def without_mark(block: Bytes) -> Bytes:
    """A block as the TIFF that it is."""
    return block[len(MARK) :] if block[: len(MARK)] == MARK else block


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


def density(block: bytes | None) -> tuple[float, float] | None:
    """Pixels per inch, across and down; None when the block does not say, or nothing sensible."""
    page = _parsed(block)
    if page is None:
        return None
    unit = _first(page, _DENSITY_UNIT) if _DENSITY_UNIT in page.fields else _INCH
    across, down = _first(page, _X_DENSITY), _first(page, _Y_DENSITY)
    if across is None or down is None or unit not in (_INCH, _CM):
        return None
    inch = 1.0 if unit == _INCH else 2.54
    dpi = float(across) * inch, float(down) * inch
    return dpi if all(1 <= each <= _MOST_DPI for each in dpi) else None


def is_only_density(block: bytes | None) -> bool:
    """Whether a block says nothing but how the picture is printed, which a BMP can hold too."""
    page = _parsed(block)
    return page is not None and not page.children and page.fields.keys() <= _DENSITY


def captions_of(tiff: Bytes) -> tuple[bytes | None, bytes | None]:
    """The XMP packet and the IPTC datasets of a TIFF's first page."""
    try:
        page = parse(tiff, lambda tag: tag in (XMP_TAG, IPTC_TAG))
    except ValueError:
        return None, None
    xmp, iptc = page.fields.get(XMP_TAG), page.fields.get(IPTC_TAG)
    return xmp.data if xmp else None, iptc.data if iptc else None


def of_pillow(parsed: Image.Exif) -> bytes | None:
    """The block of an image whose file's block is not at hand, as of a TIFF; None when empty.

    Pillow reads a text as Latin-1, whatever it is, and would write a question mark for what is
    not ASCII. Turned back into Latin-1 it is the bytes that it was; a text set in memory that
    Latin-1 does not hold becomes UTF-8.
    """
    exact = Image.Exif()
    exact.update({tag: _bytes_of(value) for tag, value in parsed.items() if tag not in _POINTERS})
    for tag in _POINTERS:
        child = {inner: _bytes_of(value) for inner, value in parsed.get_ifd(tag).items()}
        if child:
            exact.get_ifd(tag).update(child)
    return exact.tobytes() if len(exact) or any(map(exact.get_ifd, _POINTERS)) else None


def is_changed(parsed: Image.Exif, block: bytes | None) -> bool:
    """Whether fields of an image were set in memory, or its file's block is not at hand."""
    if not block:
        return True
    original = Image.Exif()
    original.load(block)
    return _spoken(parsed) != _spoken(original)


def _spoken(exif: Image.Exif) -> str:
    """All fields as a text, in which even what is no number equals itself.

    Without the orientation, which Pillow takes from XMP too.
    """
    page = {tag: value for tag, value in exif.items() if tag != ExifTags.Base.Orientation}
    return repr([sorted(page.items()), *(sorted(exif.get_ifd(tag).items()) for tag in _POINTERS)])


def _bytes_of(value: Any) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode()


def carry(
    block: Bytes | None, dpi: Any = None, texts: Mapping[int, bytes] | None = None
) -> Carried:
    """The block for the output.

    Args:
        block: of the photograph, with or without its mark, or a whole TIFF.
        dpi: pixels per inch, across and down, that the file gives beside it; for a block that
            gives none.
        texts: by tag, that the file gives beside it, likewise.
    """
    page = _parsed(block)
    damaged = int(page is None and bool(block))
    page = page or Directory("<")
    damaged += _weed(page, 0)
    if (photo := page.children.get(EXIF)) is not None:
        photo.fields.pop(_WIDTH, None)
        photo.fields.pop(_HEIGHT, None)
        photo.fields.pop(_GAMMA, None)
        if _COLOUR_SPACE in photo.fields:
            photo.fields[_COLOUR_SPACE] = Field.of(SHORT, page.order, _SRGB)
        index = photo.children.get(INTEROPERABILITY, Directory(page.order)).fields
        if _INDEX in index:  # R03 would say Adobe RGB
            index[_INDEX] = Field(ASCII, 4, b"R98\0")
    _add_density(page, dpi)
    for tag, text in (texts or {}).items():
        data = text.replace(b"\0", b"") + b"\0"
        page.fields.setdefault(tag, Field(ASCII, len(data), data))
    page.children = {tag: child for tag, child in page.children.items() if _holds_any(child)}
    return Carried(MARK + serialise(page) if _holds_any(page) else None, damaged)


def without_maker_note(block: bytes) -> bytes:
    """The block less the camera maker's private part, which is most of a long one."""
    page = _parsed(block)
    if page is None or EXIF not in page.children:
        return block
    page.children[EXIF].fields.pop(MAKER_NOTE, None)
    return MARK + serialise(page)


def _parsed(block: Bytes | None) -> Directory | None:
    if not block:
        return None
    try:
        return parse(without_mark(block), _is_carried)
    except ValueError:
        return None


def _is_carried(tag: int) -> bool:
    return tag not in _LAYOUT and tag < _FIRST_DNG_TAG


def _weed(directory: Directory, pointer: int) -> int:
    """Drop what cannot be meant, in place; how many fields were and had been dropped."""
    whole, fractions = _KINDS[pointer]
    order, dropped = directory.order, directory.damaged
    for tag, value in list(directory.fields.items()):
        wrong = (tag in whole and value.kind not in _WHOLE) or (
            tag in fractions and value.kind not in _FRACTION
        )
        if wrong or (value.kind in _FRACTION and _is_infinite(value, order)):
            del directory.fields[tag]
            dropped += 1
    for tag, child in directory.children.items():
        dropped += _weed(child, tag)
    return dropped


def _is_infinite(value: Field, order: Any) -> bool:
    """Whether a fraction is something over 0; 0 over 0 is how EXIF says that it does not know."""
    halves = np.frombuffer(value.data, f"{order}u4").reshape(-1, 2)
    return bool(((halves[:, 1] == 0) & (halves[:, 0] != 0)).any())


def _first(directory: Directory, tag: int) -> Any:
    value = directory.fields.get(tag)
    return next(iter(value.numbers(directory.order, 1)), None) if value else None


def _add_density(page: Directory, dpi: Any) -> None:
    if _X_DENSITY in page.fields or not isinstance(dpi, tuple) or len(dpi) != 2:
        return
    try:
        pair = [round(float(each) * 1000) for each in dpi]
    except (OverflowError, TypeError, ValueError, ZeroDivisionError):
        return
    if not all(1000 < each < 2**32 for each in pair):  # 1 is how Pillow says that a TIFF gives none
        return
    for tag, each in zip((_X_DENSITY, _Y_DENSITY), pair, strict=True):
        page.fields[tag] = Field.of(RATIONAL, page.order, each, 1000)
    page.fields[_DENSITY_UNIT] = Field.of(SHORT, page.order, _INCH)


def _holds_any(directory: Directory) -> bool:
    return bool(directory.fields or any(map(_holds_any, directory.children.values())))
