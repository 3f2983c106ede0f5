"""TIFF directories as the bytes they are made of: EXIF blocks, and the tags of a TIFF.

A value stays the bytes it was, whatever its text is encoded in; Pillow's own writer turns every
byte above 127 of a text into a question mark, and gives up at one value of the wrong type.
Source: TIFF 6.0, section 2; EXIF 3.0 (CIPA DC-008), 4.6; BigTIFF is read too.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np

from impasto.imaging.codecs.file_bytes import Bytes

__all__ = [
    "ALL_SIZES",
    "ASCII",
    "EXIF",
    "INTEROPERABILITY",
    "LONG",
    "MAKER_NOTE",
    "PLACE",
    "RATIONAL",
    "SHORT",
    "SIGNED_RATIONAL",
    "Directory",
    "Field",
    "Order",
    "parse",
    "serialise",
]

Order: TypeAlias = Literal["<", ">"]

ASCII, SHORT, LONG, RATIONAL, SIGNED_RATIONAL = 2, 3, 4, 5, 10
# Bytes of one value by type, 129 being the UTF-8 of EXIF 3.0, and 16 to 18 those of BigTIFF.
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 129: 1}
BIG_SIZES = {16: 8, 17: 8, 18: 8}
ALL_SIZES = {**SIZES, **BIG_SIZES}
# What turns round with the byte order: the two halves of a rational one by one.
UNITS = {**SIZES, RATIONAL: 4, SIGNED_RATIONAL: 4}
CODES = {1: "B", SHORT: "H", LONG: "I", RATIONAL: "I", 6: "b", 8: "h", 9: "i", SIGNED_RATIONAL: "i"}
CODES[13] = "I"  # a directory's place, by TIFF Technical Note 1

EXIF, PLACE, INTEROPERABILITY = 0x8769, 0x8825, 0xA005
POINTERS = frozenset({EXIF, PLACE, INTEROPERABILITY})
MAKER_NOTE = 0x927C
MOST_BYTES = 32 * 2**20  # of all values together; fields that share their bytes could be any number
FARTHEST = 60_000  # a maker note farther on in a file is moved: its block has to fit into a JPEG


class Field(NamedTuple):
    """A value and its type.

    Attributes:
        kind: the TIFF type, a key of `SIZES`.
        length: how many values; how many bytes of a text.
        data: in the byte order of its directory.
        at: where it lay, in bytes from the header; 0 for one that is new.
    """

    kind: int
    length: int
    data: bytes
    at: int = 0

    @classmethod
    def of(cls, kind: int, order: Order, *values: int) -> Field:
        """Whole numbers; a rational takes two."""
        data = struct.pack(f"{order}{len(values)}{CODES[kind]}", *values)
        return cls(kind, len(data) // SIZES[kind], data)

    def numbers(self, order: Order, most: int = 16) -> tuple[Fraction, ...]:
        """Its first values; none of a text or of bytes without a meaning, or of a fraction over 0.

        Args:
            order: of its bytes.
            most: how many.

        Example:
            >>> Field.of(RATIONAL, "<", 600, 2).numbers("<")
            (Fraction(300, 1),)
        """
        code = CODES.get(self.kind)
        if code is None:
            return ()
        unit, size = UNITS[self.kind], SIZES[self.kind]
        count = min(len(self.data) // size, most) * (size // unit)
        values = struct.unpack_from(f"{order}{count}{code}", self.data)
        if self.kind not in (RATIONAL, SIGNED_RATIONAL):
            return tuple(Fraction(value) for value in values)
        pairs = list(zip(values[::2], values[1::2], strict=True))
        return tuple(Fraction(*pair) for pair in pairs) if all(low for _, low in pairs) else ()


@dataclass
class Directory:
    """Fields by tag, and the directories that some of its tags point to.

    Attributes:
        order: of the bytes of all its fields.
        fields: by tag.
        children: by the tag that points to them: EXIF's own, the place's, interoperability's.
        damaged: how many fields were left out, since they end beyond the block or are of no type.
    """

    order: Order
    fields: dict[int, Field] = field(default_factory=dict)
    children: dict[int, Directory] = field(default_factory=dict)
    damaged: int = 0

    def with_order(self, order: Order) -> Directory:
        """The same with another byte order."""
        if order == self.order:
            return self
        fields = {
            tag: each._replace(data=_swapped(each.data, UNITS[each.kind]))
            for tag, each in self.fields.items()
        }
        children = {tag: child.with_order(order) for tag, child in self.children.items()}
        return Directory(order, fields, children, self.damaged)


def _swapped(data: bytes, unit: int) -> bytes:
    return data if unit == 1 else np.frombuffer(data, f"u{unit}").byteswap().tobytes()


def parse(data: Bytes, wanted: Callable[[int], bool] = lambda _: True) -> Directory:
    """The first directory of a TIFF, or of an EXIF block without its mark.

    Args:
        data: the block, or the whole file.
        wanted: which tags; the others are passed over, however long their values are.

    Raises:
        ValueError: it begins like none, or its first directory lies beyond its end.
    """
    orders: dict[bytes, Order] = {b"II": "<", b"MM": ">"}
    order = orders.get(data[:2])
    if order is None or len(data) < 8:
        raise ValueError("a header")
    big = _unpacked(f"{order}H", data, 2)[0] == 43
    try:
        (start,) = _unpacked(f"{order}{'Q' if big else 'I'}", data, 8 if big else 4)
        return _parse(_Source(data, order, big, wanted), start)
    except struct.error:
        raise ValueError("a directory") from None


@dataclass
class _Source:
    """What directories are read from, and how much more of it may be read."""

    data: Bytes
    order: Order
    big: bool
    wanted: Callable[[int], bool]
    left: int = MOST_BYTES
    starts: set[int] = field(default_factory=set)  # of the directories that were read


def _parse(source: _Source, start: int) -> Directory:
    if start in source.starts or start >= len(source.data):
        raise ValueError("a directory")
    source.starts.add(start)
    data, order, big = source.data, source.order, source.big
    directory = Directory(order)
    counted, entry, width = ("Q", "HHQ", 8) if big else ("H", "HHI", 4)
    (count,) = _unpacked(f"{order}{counted}", data, start)
    first = start + struct.calcsize(f"<{counted}")
    step = struct.calcsize(f"<{entry}") + width
    for at in range(first, first + min(count, 4096) * step, step):
        try:
            tag, kind, number = _unpacked(f"{order}{entry}", data, at)
        except struct.error:  # the directory itself is cut short
            directory.damaged += 1
            break
        if tag not in POINTERS and not source.wanted(tag):
            continue
        place = at + step - width
        size = ALL_SIZES.get(kind, 0) * number
        if size > width and place + width <= len(data):
            (place,) = _unpacked(f"{order}{'Q' if big else 'I'}", data, place)
        if not size or place + size > len(data) or tag in directory.fields or size > source.left:
            directory.damaged += 1
            continue
        source.left -= size
        value = Field(kind, number, data[place : place + size], place)
        if kind in BIG_SIZES:
            value = _narrow(value, order)
        if tag not in POINTERS:
            directory.fields[tag] = value
            continue
        try:
            if tag in directory.children:
                raise ValueError("there already")
            directory.children[tag] = _parse(source, int(value.numbers(order, 1)[0]))
        except (IndexError, ValueError, struct.error):
            directory.damaged += 1
    return directory


def _unpacked(layout: str, data: Bytes, at: int) -> tuple[Any, ...]:
    return struct.unpack(layout, data[at : at + struct.calcsize(layout)])


def _narrow(value: Field, order: Order) -> Field:
    """A number of 8 bytes as one of 4, which is all that an EXIF block knows."""
    numbers = np.frombuffer(value.data, f"{order}u8").clip(max=2**32 - 1)
    return Field(LONG, value.length, numbers.astype(f"{order}u4").tobytes(), value.at)


def serialise(root: Directory, *, big: bool = False) -> bytes:
    """A TIFF of these directories and nothing else.

    A maker note keeps its place if it can, since its own offsets may count from the header.

    Args:
        root: the first directory.
        big: whether it is a BigTIFF.
    """
    note = root.children[EXIF].fields.get(MAKER_NOTE) if EXIF in root.children else None
    layout = BIG if big else CLASSIC
    stays = note is not None and layout.header <= note.at <= FARTHEST - len(note.data)
    hole = range(note.at, note.at + len(note.data)) if note and stays else range(0)
    room = _Room(layout.header, hole)
    pieces: list[tuple[int, bytes]] = []
    start = _lay(root, layout, room, pieces, note.at if note and stays else 0)
    out = bytearray(max(at + len(piece) for at, piece in pieces))
    mark = {"<": b"II", ">": b"MM"}[root.order] + struct.pack(f"{root.order}H", 43 if big else 42)
    words = struct.pack(f"{root.order}HH", 8, 0) if big else b""  # how long a place is
    header = mark + words + struct.pack(f"{root.order}{layout.place}", start)
    out[: len(header)] = header
    for at, piece in pieces:
        out[at : at + len(piece)] = piece
    return bytes(out)


class _Layout(NamedTuple):
    """How a TIFF is laid out: bytes of its header, and the codes of a count and of a place."""

    header: int
    counted: str
    place: str

    @property
    def width(self) -> int:
        """Bytes of a place, and of the longest value that lies in its entry."""
        return struct.calcsize(self.place)


CLASSIC, BIG = _Layout(8, "H", "I"), _Layout(16, "Q", "Q")


class _Room:
    """Places for pieces, one behind the other, around what stays where it is."""

    def __init__(self, start: int, hole: range) -> None:
        self._next, self._hole = start, hole

    def take(self, size: int) -> int:
        at = self._next
        if at < self._hole.stop and at + size > self._hole.start:
            at = self._hole.stop + self._hole.stop % 2
        self._next = at + size + size % 2
        return at


def _lay(
    directory: Directory,
    layout: _Layout,
    room: _Room,
    pieces: list[tuple[int, bytes]],
    note_at: int,
) -> int:
    """Give a directory and all below it their places; where it begins itself."""
    order, width = directory.order, layout.width
    tags = sorted([*directory.fields, *directory.children])
    counted, entry = f"{order}{layout.counted}", f"{order}HH{layout.place}"
    size = struct.calcsize(f"<{layout.counted}") + (4 + 2 * width) * len(tags) + width
    start = room.take(size)
    entries = [struct.pack(counted, len(tags))]
    for tag in tags:
        if tag in directory.children:
            at = _lay(directory.children[tag], layout, room, pieces, note_at)
            entries.append(struct.pack(entry, tag, LONG, 1))
            entries.append(struct.pack(f"{order}I", at).ljust(width, b"\0"))
            continue
        kind, length, data, _ = directory.fields[tag]
        entries.append(struct.pack(entry, tag, kind, length))
        if len(data) <= width:
            entries.append(data.ljust(width, b"\0"))
            continue
        at = note_at if tag == MAKER_NOTE and note_at else room.take(len(data))
        pieces.append((at, data))
        entries.append(struct.pack(f"{order}{layout.place}", at))
    pieces.append((start, b"".join(entries) + bytes(width)))
    return start
