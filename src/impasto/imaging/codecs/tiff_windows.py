"""Bands of a TIFF as small TIFFs of their own, which the usual readers take.

A page is stored in strips or tiles that are compressed each by itself. So a band of it is a page
with the same tags, fewer rows, and the strips of these rows; what such a band becomes is what that
part of the whole page would.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Any, NamedTuple

from impasto.imaging.codecs.directories import LONG, Directory, Field, parse, serialise
from impasto.imaging.codecs.exif import IPTC_TAG, XMP_TAG
from impasto.imaging.codecs.file_bytes import FileBytes, stream_of

__all__ = ["Page", "page_of", "windows"]

_HEIGHT, _ROWS_PER_STRIP, _ORIENTATION, _SUB_PAGES = 257, 278, 274, 330
_STRIPS, _TILES = (273, 279), (324, 325)  # where they lie, and how long they are
_PHOTOSHOP = (34377, 37724)
_LEFT_OUT = {_ORIENTATION, _SUB_PAGES, XMP_TAG, IPTC_TAG, *_PHOTOSHOP, *_STRIPS, *_TILES}
_PLAIN, _OLD_JPEG = 1, 6  # whose tables lie somewhere in the file
_YCBCR = 6
_WINDOW_PX = 2**21
_MOST_ROWS_PX = 2**24  # in a row of strips or tiles: it is unpacked whole


class Page(NamedTuple):
    """The first page of a TIFF, as far as its bands need it.

    Attributes:
        height, width: in px.
        turn: its orientation.
        rows: of a strip or tile.
        across: how many of them lie side by side.
        planes: how many planes of them there are.
        places: (start, length) of each in the file.
        tags: the other tags.
        tiled: whether they are tiles.
        row_bytes: of a row of a plane whose rows can be cut anywhere; 0 where they cannot.
    """

    height: int
    width: int
    turn: int
    rows: int
    across: int
    planes: int
    places: list[tuple[int, int]]
    tags: Directory
    tiled: bool
    row_bytes: int


def page_of(data: FileBytes) -> Page | None:
    """What `windows` needs; None where a page cannot be read by bands.

    Floats cannot, since their range belongs to the whole; nor what is one large strip, unless it
    is not compressed.

    Raises:
        Exception: anything at all, when the bytes are broken.
    """
    import tifffile

    with tifffile.TiffFile(stream_of(data)) as file:
        page: Any = file.pages.first
        tags = parse(data)
        is_float = page.dtype is not None and page.dtype.kind == "f"
        if is_float or page.compression == _OLD_JPEG or page.imagedepth != 1:
            return None
        height, width, tiled = page.imagelength, page.imagewidth, bool(page.is_tiled)
        planes = 1 if page.planarconfig == 1 else page.samplesperpixel
        row_bytes = 0
        if page.compression == _PLAIN and page.photometric != _YCBCR and not tiled:
            row_bytes = (width * page.samplesperpixel // planes * page.bitspersample + 7) // 8
        found = Page(
            height,
            width,
            page.tags.valueof(_ORIENTATION, 1),
            page.tilelength if tiled else min(page.rowsperstrip, height),
            -(-width // page.tilewidth) if tiled else 1,
            planes,
            list(zip(page.dataoffsets, page.databytecounts, strict=True)),
            tags,
            tiled,
            row_bytes,
        )
    for tag in _LEFT_OUT:
        tags.fields.pop(tag, None)
    tags.children.clear()
    segments = planes * found.across * -(-height // found.rows)
    is_sound = len(found.places) == segments and all(length for _, length in found.places)
    is_large = not row_bytes and found.rows * max(width, page.tilewidth) > _MOST_ROWS_PX
    return found if is_sound and not is_large else None


def windows(data: FileBytes, page: Page) -> Iterator[bytes]:
    """The page as TIFFs of some of its rows each, from the top.

    Args:
        data: the whole file.
        page: its first.

    Raises:
        EOFError: the file ends before its strips do.
    """
    step = max(1, _WINDOW_PX // page.width)
    if not page.row_bytes:
        step = -(-step // page.rows) * page.rows
    for top in range(0, page.height, step):
        rows = range(top, min(top + step, page.height))
        places = _cut(page, rows) if page.row_bytes else _whole(page, rows)
        yield _tiff(page, len(rows), [_joined(data, each) for each in places])


def _whole(page: Page, rows: range) -> Iterator[list[tuple[int, int]]]:
    """The strips or tiles of these rows."""
    first, last = rows.start // page.rows, -(-rows.stop // page.rows)
    in_plane = -(-page.height // page.rows) * page.across
    for plane in range(page.planes):
        start = plane * in_plane
        for at in range(start + first * page.across, start + last * page.across):
            yield [page.places[at]]


def _cut(page: Page, rows: range) -> Iterator[list[tuple[int, int]]]:
    """The parts of each plane's strips that are these rows: one strip together."""
    in_plane = -(-page.height // page.rows)
    for plane in range(page.planes):
        parts = []
        for index in range(rows.start // page.rows, -(-rows.stop // page.rows)):
            top = index * page.rows
            first, last = max(rows.start - top, 0), min(rows.stop - top, page.rows)
            start, _ = page.places[plane * in_plane + index]
            parts.append((start + first * page.row_bytes, (last - first) * page.row_bytes))
        yield parts


def _joined(data: FileBytes, places: list[tuple[int, int]]) -> bytes:
    joined = b"".join(data[start : start + length] for start, length in places)
    if len(joined) < sum(length for _, length in places):
        raise EOFError
    return joined


def _tiff(page: Page, rows: int, segments: list[bytes]) -> bytes:
    order = page.tags.order
    starts, lengths = _TILES if page.tiled else _STRIPS
    fields = dict(page.tags.fields)
    fields[_HEIGHT] = Field.of(LONG, order, rows)
    if not page.tiled:
        fields[_ROWS_PER_STRIP] = Field.of(LONG, order, rows if page.row_bytes else page.rows)
    fields[lengths] = Field.of(LONG, order, *map(len, segments))
    fields[starts] = fields[lengths]
    begin = len(serialise(Directory(order, fields)))
    ends = list(accumulate(map(len, segments), initial=begin))
    fields[starts] = Field.of(LONG, order, *ends[:-1])
    return serialise(Directory(order, fields)) + b"".join(segments)
