"""What decoding a file gives: planes, what is carried over beside them, and what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from PIL import Image

from impasto.imaging.codecs import captions, colour_space, exif
from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.exif import MARK
from impasto.imaging.codecs.file_bytes import Bytes
from impasto.imaging.codecs.profile import PLAIN_CMYK
from impasto.imaging.codecs.room import MEMORY, Memory

__all__ = ["Decoded", "SizeCheck", "finished", "profile_of", "raw_exif", "turned"]

SizeCheck: TypeAlias = Callable[[int, int], None]


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


def profile_of(image: Image.Image, block: Bytes | None) -> tuple[bytes | None, str]:
    """The profile that came with an image, or is meant without one, and what is to be said."""
    icc: Any = image.info.get("icc_profile")
    if isinstance(icc, bytes) and icc:
        return icc, ""
    if image.mode == "CMYK":
        return None, PLAIN_CMYK
    icc, note = colour_space.of_nclx(image.info.get("nclx_profile"))
    return icc or colour_space.of_exif(block), note


def raw_exif(image: Image.Image) -> bytes | None:
    block: Any = image.info.get("exif")
    return block if isinstance(block, bytes) and block else None


def finished(
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
        return turned(planes, 1, exif.carry(block, image.info.get("dpi"), texts), room=room)
    try:
        block = exif.of_pillow(parsed) if exif.is_changed(parsed, block) else block
    except Exception:  # or a value set in memory that is none
        block = block or MARK
    return turned(planes, turn, exif.carry(block, image.info.get("dpi"), texts), room=room)


def turned(
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
