"""What a picture says beside its pixels, and how much of it a file of some format holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from impasto.imaging.codecs.captions import app13
from impasto.imaging.codecs.exif import is_only_density, without_maker_note
from impasto.imaging.codecs.formats import by_name, suffixes_holding
from impasto.settings.embedded import into_xmp

__all__ = ["Metadata"]

# What people keep in each kind of block.
_KEPT = {
    "EXIF": "camera, time, place",
    "XMP": "edits, keywords, rights",
    "IPTC": "caption, keywords, author",
}
_LONGEST_EXIF = 65_533  # bytes: a JPEG's segment counts the two of its own length
_LONGEST_XMP = _LONGEST_EXIF - len(b"http://ns.adobe.com/xap/1.0/\0")


@dataclass(frozen=True)
class Metadata:
    """An EXIF block, an XMP packet, IPTC datasets and how it was painted; None where there is none.

    Attributes:
        exif, xmp, iptc: of the photograph.
        recipe: of the painting, see `impasto.settings.embedded`.
    """

    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    recipe: str | None = None

    def with_recipe_in_xmp(self) -> Metadata:
        """The same with the recipe inside the packet; without it where that has no place for it."""
        packet = into_xmp(self.xmp, self.recipe) if self.recipe else None
        return replace(self, xmp=packet or self.xmp, recipe=None)

    def fitted(self, kind: str) -> tuple[Metadata, tuple[str, ...]]:
        """What a file holds of it, and in a sentence each what it does not.

        Args:
            kind: name of the format.

        Example:
            >>> print(*Metadata(iptc=b"x").fitted("PNG")[1])
            PNG holds no IPTC (caption, keywords, author): the photograph's is left out; .jpg or
            .tif would keep it
        """
        holds = by_name(kind).holds
        of_photo = {"exif": self.exif, "xmp": self.xmp, "iptc": self.iptc}
        kinds = [name.upper() for name, data in of_photo.items() if data]
        lost = [name for name in kinds if name not in holds]
        fitted = replace(self, **{name.lower(): None for name in lost})
        if is_only_density(self.exif) and "EXIF" in lost:  # which every format holds by itself
            fitted = replace(fitted, exif=self.exif)
            lost.remove("EXIF")
            kinds.remove("EXIF")
        sentences = []
        if lost:
            what = " and no ".join(f"{name} ({_KEPT[name]})" for name in lost)
            sentences.append(
                f"{kind} holds no {what}: the photograph's is left out; {suffixes_holding(kinds)} "
                "would keep it"
            )
        if kind == "JPEG":
            fitted, too_long = fitted._in_segments()
            sentences += too_long
        if self.recipe and (reason := fitted._no_place_for_recipe(kind)):
            fitted = replace(fitted, recipe=None)
            sentences.append(f"{reason}: how it was painted is not in the file")
        return fitted, tuple(sentences)

    def _no_place_for_recipe(self, kind: str) -> str:
        """Why a file that holds the rest cannot hold the recipe too; empty if it can."""
        if "XMP" not in by_name(kind).holds:
            return f"{kind} holds no recipe"
        if kind == "PNG":
            return ""
        packet = self.with_recipe_in_xmp().xmp
        if packet is None or packet == self.xmp:
            return "the photograph's XMP has no place for the recipe"
        is_long = kind == "JPEG" and len(packet) > _LONGEST_XMP
        return "the photograph's XMP leaves no room for the recipe in a JPEG" if is_long else ""

    def _in_segments(self) -> tuple[Metadata, list[str]]:
        """What the segments of a JPEG hold, and what is too long for them."""
        fitted, too_long = self, []
        if len(self.exif or b"") > _LONGEST_EXIF:
            block = without_maker_note(self.exif or b"")
            fits = len(block) <= _LONGEST_EXIF
            fitted = replace(fitted, exif=block if fits else None)
            too_long.append("the camera maker's private part of the EXIF" if fits else "the EXIF")
        if len(self.xmp or b"") > _LONGEST_XMP:
            fitted = replace(fitted, xmp=None)
            too_long.append("the XMP")
        if self.iptc and not app13(self.iptc):
            fitted = replace(fitted, iptc=None)
            too_long.append("the IPTC")
        return fitted, [
            f"{what} is too long for a JPEG, and is left out: .tif would keep it"
            for what in too_long
        ]
