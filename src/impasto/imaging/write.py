"""Writing a picture so that no half of one can be left behind."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.errors import OutputError, reason_of
from impasto.files import check_place, replacing
from impasto.imaging.codecs.encode import encode, require_writer
from impasto.imaging.codecs.formats import (
    Format,
    by_suffix,
    writable_format,
    writable_formats,
    writable_suffixes,
)
from impasto.imaging.codecs.metadata import Metadata
from impasto.text import format_path

__all__ = [
    "check_finite",
    "check_format",
    "check_output",
    "check_quality",
    "to_bytes",
    "unwritable",
    "write",
]

_WHOLE_MEGAPIXELS = 64.0  # in WebP and HEIC, whose coders take a picture whole
_LONGEST_BMP = 2**32 - 1  # bytes


def check_output(
    path: str | os.PathLike[str],
    *,
    inputs: Iterable[Path | None] = (),
    bits: int = 8,
    shape: tuple[int, int] | None = None,
    by_bands: bool = False,
) -> str:
    """Whether a picture can be written to `path`, asked before the long work.

    Args:
        path: where it shall go; its suffix chooses the format.
        inputs: files it must not overwrite, also not through links; None is passed over.
        bits: 8 or 16 a sample.
        shape: (height, width) in px, if known already.
        by_bands: whether it goes there by `write_bands`, in bounded memory.

    Returns:
        The name of the format ("JPEG", "PNG", "WebP", "TIFF", "BMP" or "HEIC").

    Raises:
        OutputError: unknown format, missing or unwritable folder, a folder or device in the way,
            one of the inputs, 16 bits or a size the format cannot hold.
        MissingPackageError: HEIC without pillow-heif.

    Example:
        >>> check_output("painted.png")
        'PNG'
    """
    name = format_path(path)
    kind = _writable_format(path, name)
    _check_holds(kind, name, bits, shape, deep=f"one of {writable_suffixes(deep=True)}")
    if by_bands and shape is not None:
        _check_by_bands(kind, name, shape)
    check_place(Path(path), inputs=inputs)
    return kind.name


def check_format(
    format: str, *, name: str = "the painting", bits: int = 8, shape: tuple[int, int] | None = None
) -> str:
    """Whether a picture can be written in a format, wherever it goes.

    Args:
        format: its name or ending, in any case: "PNG", "jpg".
        name: of the picture, for messages.
        bits, shape: as for `check_output`.

    Returns:
        The name of the format, as `check_output` gives it.

    Raises:
        OutputError: unknown format, or one that cannot hold 16 bits or the size.
        MissingPackageError: HEIC without pillow-heif.

    Example:
        >>> check_format("jpg")
        'JPEG'
    """
    kind = writable_format(format) if isinstance(format, str) else None
    if kind is None:
        raise OutputError(f"{format!r} is no format impasto writes: use {writable_formats()}")
    _check_holds(kind, name, bits, shape, deep=writable_formats(deep=True))
    return kind.name


def _check_holds(
    kind: Format, name: str, bits: int, shape: tuple[int, int] | None, *, deep: str
) -> None:
    """Refuse what a format cannot hold; `deep` are those that hold 16 bits, for the message."""
    require_writer(kind.name, name)
    if bits == 16 and not kind.deep:
        raise OutputError(
            f"{name} shall have 16 bits, which {kind.name} cannot hold: use {deep}, or 8 bits"
        )
    if shape is not None and max(shape) > kind.longest_side:
        raise OutputError(
            f"{name} would be {shape[1]:,} x {shape[0]:,} px; {kind.name} holds sides up to "
            f"{kind.longest_side:,} px: {_larger(kind, shape)} or a smaller --size"
        )
    if shape is not None and kind.name == "BMP" and 4 * shape[0] * shape[1] > _LONGEST_BMP:
        raise OutputError(
            f"{name} would be {shape[1]:,} x {shape[0]:,} px; BMP holds files up to 4 GB: "
            f"{_larger(kind, shape)} or a smaller --size"
        )


def _check_by_bands(kind: Format, name: str, shape: tuple[int, int]) -> None:
    """Refuse what a coder would need whole in memory."""
    megapixels = shape[0] * shape[1] / 1e6
    if kind.name in ("WebP", "HEIC") and megapixels > _WHOLE_MEGAPIXELS:
        raise OutputError(
            f"{name} would be {shape[1]:,} x {shape[0]:,} px, and {kind.name} is written whole, up "
            f"to {_WHOLE_MEGAPIXELS:g} megapixels: {_larger(kind, shape)}"
        )


def _larger(kind: Format, shape: tuple[int, int]) -> str:
    """What to choose for a picture that is too large for a format."""
    others = writable_suffixes(longest_side=max(shape), without=("WebP", "HEIC", "BMP", kind.name))
    return f"choose one of {others}" if others else "choose another format"


def to_bytes(
    format: str,
    pixels: NDArray[Any],
    *,
    alpha: NDArray[Any] | None = None,
    metadata: Metadata | None = None,
    bits: int = 8,
    quality: int = 95,
) -> bytes:
    """The bytes of the file that `write` would write.

    Args:
        format: as for `check_format`, which is asked.
        pixels, alpha, bits, quality: as for `write`.
        metadata: to embed as far as the format holds it.

    Raises:
        OutputError: what `check_format` refuses, values that are not finite, or another quality.
        MissingPackageError: HEIC without pillow-heif.

    Example:
        >>> to_bytes("PNG", np.zeros((4, 6, 3)))[:4]
        b'\x89PNG'
    """
    height, width = pixels.shape[:2]
    kind = check_format(format, bits=bits, shape=(height, width))
    check_quality(quality, "the painting")
    check_finite(pixels, "the painting")
    return encode(kind, pixels, alpha=alpha, metadata=metadata, bits=bits, quality=quality)


def write(
    path: str | os.PathLike[str],
    pixels: NDArray[Any],
    *,
    alpha: NDArray[Any] | None = None,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
    recipe: str | None = None,
    bits: int = 8,
    quality: int = 95,
    inputs: Iterable[Path | None] = (),
) -> Path:
    """Writes a picture whole or not at all: to a temporary file beside it, then renamed.

    The sRGB profile and `exif` are embedded where the format can hold them, and nothing that
    changes from one time to the next: the same picture gives the same bytes.

    Args:
        path: where it goes; an existing file is replaced, a link followed.
        pixels: (H, W, 3) float in [0, 1], sRGB; values outside are clipped.
        alpha: (H, W) uint8 or uint16; where the format holds none (JPEG, BMP), what is hidden
            becomes white.
        exif: the block of `Picture.exif`; what is too long for JPEG (64 KiB) is left out, first
            the camera maker's private part, then all of it.
        xmp, iptc: those of `Picture`; what is too long for JPEG is left out.
        recipe: how it was painted, as `impasto.settings.recipe_writing.record` says it.
        bits: 8 or 16 a sample, rounded from the floats.
        quality: 1 to 100 for JPEG, WebP and HEIC; JPEG keeps its colour at full resolution.
        inputs: as for `check_output`, which is asked again.

    Returns:
        `path`.

    Raises:
        OutputError: what `check_output` refuses, values that are not finite, another quality, a
            full disk.
        MissingPackageError: HEIC without pillow-heif.
    """
    height, width = pixels.shape[:2]
    kind = check_output(path, inputs=inputs, bits=bits, shape=(height, width))
    name = format_path(path)
    check_quality(quality, name)
    check_finite(pixels, name)
    data = encode(
        kind,
        pixels,
        alpha=alpha,
        metadata=Metadata(exif, xmp, iptc, recipe),
        bits=bits,
        quality=quality,
    )
    try:
        with replacing(Path(path)) as draft:
            draft.write_bytes(data)
    except OSError as error:
        raise unwritable(name, error) from None
    return Path(path)


def check_quality(quality: int, name: str) -> None:
    """Refuse a quality that is none.

    Raises:
        OutputError: it is no whole number from 1 to 100.
    """
    if not (isinstance(quality, int) and 1 <= quality <= 100):
        raise OutputError(
            f"{name} shall have the quality {quality!r}: give a whole number from 1 to 100"
        )


def check_finite(pixels: NDArray[Any], name: str) -> None:
    """Refuse floats that no level stands for.

    Raises:
        OutputError: some are not finite.
    """
    if not np.isfinite(pixels).all():
        raise OutputError(f"{name} is not written: the picture holds values that are not finite")


def _writable_format(path: str | os.PathLike[str], name: str) -> Format:
    kind = by_suffix(path)
    if kind is None or not kind.writes:
        suffix = Path(path).suffix
        what = f"ends in {suffix!r}" if suffix else "has no suffix"
        raise OutputError(
            f"{name} {what}, which is no format impasto writes: use one of {writable_suffixes()}"
        )
    return kind


def unwritable(name: str, error: Exception) -> OutputError:
    """What to raise where the system refuses to write."""
    reason = reason_of(error)
    return OutputError(f"{name} cannot be written ({reason}): choose another place or make room")
