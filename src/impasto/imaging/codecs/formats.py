"""The picture formats, in one table: how each is known, and what it can hold."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePath

__all__ = [
    "FORMATS",
    "Format",
    "UnreadLayoutError",
    "by_name",
    "by_suffix",
    "holds_16_bit",
    "looks_like_picture",
    "readable_formats",
    "sniff",
    "suffixes_holding",
    "writable_format",
    "writable_formats",
    "writable_suffixes",
]

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def _heif(head: bytes) -> bool:
    # AVIF files may carry mif1 among their compatible brands, so only the major one counts.
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS


def _tiff(head: bytes) -> bool:
    return head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


class UnreadLayoutError(ValueError):
    """A sound file of a layout that is not read; the message goes on from "is "."""


@dataclass(frozen=True)
class Format:
    """One row of the table.

    Attributes:
        name: what people and Pillow call it.
        suffixes: lower case, the usual one first.
        holds: what it can keep beside the pixels.
        rare_suffixes: others that its files have, which messages do not list.
        known_by: whether a file that starts with these (at least 16) bytes is one.
        writes: whether impasto writes it.
        alpha: whether it holds transparency.
        deep: whether it holds 16 bits a sample.
        longest_side: the largest side it can hold, in px.
    """

    name: str
    suffixes: tuple[str, ...]
    known_by: Callable[[bytes], bool]
    writes: bool = True
    alpha: bool = True
    deep: bool = False
    longest_side: int = 2**31 - 1
    rare_suffixes: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset({"EXIF", "XMP"})


FORMATS = (
    Format(
        "JPEG",
        (".jpg", ".jpeg"),
        lambda head: head.startswith(b"\xff\xd8\xff"),
        alpha=False,
        longest_side=65_500,
        rare_suffixes=(".jpe", ".jfif", ".jif", ".mpo"),
        holds=frozenset({"EXIF", "XMP", "IPTC"}),
    ),
    Format(
        "PNG",
        (".png",),
        lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"),
        deep=True,
        rare_suffixes=(".apng",),
    ),
    Format(
        "WebP",
        (".webp",),
        lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP",
        longest_side=16_383,
    ),
    Format(
        "TIFF",
        (".tif", ".tiff"),
        _tiff,
        deep=True,
        holds=frozenset({"EXIF", "XMP", "IPTC"}),
    ),
    Format(
        "BMP",
        (".bmp",),
        lambda head: head.startswith(b"BM"),
        alpha=False,
        rare_suffixes=(".dib",),
        holds=frozenset(),
    ),
    Format("GIF", (".gif",), lambda head: head[:6] in (b"GIF87a", b"GIF89a"), writes=False),
    Format("HEIC", (".heic", ".heif"), _heif, longest_side=16_384, rare_suffixes=(".hif",)),
)
# What other programs keep pictures in, so that one in a folder is not passed over in silence.
_OTHER_PICTURES = re.compile(
    r"\.(ai|arw|avif|cin|cr[23]|cur|dcm|dds|dng|dpx|eps|exr|fits|hdr|icns|ico|j2[ck]|jls|jp[2fx]|jxl"
    r"|jxr|kdc|kra|mrw|nef|nrw|or[af]|pam|p[bgnp]m|pcx|pef|pict?|ps[bd]|qoi|ra[fsw]|rgb|rw2|sgi|sr[2w]"
    r"|svg|tga|wbmp|wdp|wmf|x3f|xbm|xcf|xpm)"
)


def sniff(head: bytes) -> Format | None:
    """The format of a file, by its first bytes; None when it is none of ours.

    Example:
        >>> sniff(b"GIF89a" + bytes(10)).name
        'GIF'
        >>> sniff(b"%PDF-1.7" + bytes(8)) is None
        True
    """
    return next((kind for kind in FORMATS if kind.known_by(head)), None)


def by_suffix(path: str | os.PathLike[str]) -> Format | None:
    """The format that a file name asks for; None when its suffix is none of ours.

    Example:
        >>> by_suffix("out/painted.JPG").name
        'JPEG'
    """
    suffix = PurePath(path).suffix.lower()
    return next(
        (kind for kind in FORMATS if suffix in kind.suffixes or suffix in kind.rare_suffixes), None
    )


def looks_like_picture(path: PurePath, head: bytes) -> bool:
    """Whether a file that is not read by its name is a picture all the same.

    Args:
        path: of the file.
        head: its first 16 bytes, or all there are.

    Example:
        >>> looks_like_picture(PurePath("a.psd"), b""), looks_like_picture(PurePath("b"), b"GIF89a")
        (True, True)
    """
    suffix = path.suffix.lower()
    return bool(_OTHER_PICTURES.fullmatch(suffix)) or sniff(head.ljust(16, b"\0")) is not None


def by_name(name: str) -> Format:
    """The row called `name` ("JPEG", "PNG" …)."""
    return next(kind for kind in FORMATS if kind.name == name)


def writable_format(name: str) -> Format | None:
    """The format that is written under a name or ending as people spell it; None if none is.

    Example:
        >>> writable_format("jpg").name, writable_format("WEBP").name, writable_format("GIF")
        ('JPEG', 'WebP', None)
    """
    word = name.lower().removeprefix(".")
    return next(
        (
            kind
            for kind in FORMATS
            if kind.writes and (word == kind.name.lower() or f".{word}" in kind.suffixes)
        ),
        None,
    )


def holds_16_bit(name: str) -> bool:
    """Whether the format called `name` holds 16 bits a sample.

    Example:
        >>> holds_16_bit("TIFF"), holds_16_bit("WebP")
        (True, False)
    """
    return by_name(name).deep


def readable_formats() -> str:
    """The formats impasto reads, for a message.

    Example:
        >>> readable_formats()
        'JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC'
    """
    return _either(kind.name for kind in FORMATS)


def writable_formats(*, deep: bool = False) -> str:
    """The formats impasto writes (those with 16 bits a sample if `deep`), for a message.

    Example:
        >>> writable_formats(deep=True)
        'PNG or TIFF'
    """
    return _either(kind.name for kind in FORMATS if kind.writes and (kind.deep or not deep))


def suffixes_holding(blocks: Iterable[str]) -> str:
    """One ending of each format that is written and holds all of these blocks, for a message.

    Args:
        blocks: of "EXIF", "XMP" and "IPTC".

    Example:
        >>> suffixes_holding(["EXIF", "IPTC"])
        '.jpg or .tif'
    """
    needed = set(blocks)
    return _either(kind.suffixes[0] for kind in FORMATS if kind.writes and needed <= kind.holds)


def _either(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}"


def writable_suffixes(
    *, deep: bool = False, longest_side: int = 1, without: Iterable[str] = ()
) -> str:
    """The suffixes impasto writes (those with 16 bits a sample if `deep`), for a message.

    Args:
        deep: only those with 16 bits a sample.
        longest_side: only those that hold such a side, in px.
        without: names of formats to leave out.

    Example:
        >>> writable_suffixes(deep=True)
        '.png .tif .tiff'
    """
    kinds = [
        kind
        for kind in FORMATS
        if kind.writes
        and (kind.deep or not deep)
        and kind.longest_side >= longest_side
        and kind.name not in without
    ]
    return " ".join(suffix for kind in kinds for suffix in kind.suffixes)
