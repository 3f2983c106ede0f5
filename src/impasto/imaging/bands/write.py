"""Writing a picture that is never whole in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from impasto.files import replacing
from impasto.imaging.codecs.bit_depth import alpha_levels, levels
from impasto.imaging.codecs.encode import on_white, to_embed
from impasto.imaging.codecs.encode_bands import encode_bands
from impasto.imaging.codecs.formats import by_name
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.codecs.rows import in_rows
from impasto.imaging.write import check_finite, check_output, check_quality, unwritable
from impasto.text import format_path

__all__ = ["write_bands"]

_BAND_SAMPLES = 2**21  # of a band on its way, about: 8 MB of floats


def write_bands(
    path: str | os.PathLike[str],
    shape: tuple[int, int],
    bands: Iterable[NDArray[Any]],
    *,
    alpha_bands: Iterable[NDArray[Any]] | None = None,
    exif: bytes | None = None,
    xmp: bytes | None = None,
    iptc: bytes | None = None,
    recipe: str | None = None,
    bits: int = 8,
    quality: int = 95,
    inputs: Iterable[Path | None] = (),
) -> Path:
    """Writes a picture from bands of rows, whole or not at all, with the bytes of `imaging.write`.

    No more of it than a band or two is in memory. JPEG, 8-bit PNG and BMP take 4 bytes a pixel of
    the disk meanwhile, in a nameless file beside the output. A TIFF whose samples have more than
    4 GB becomes a BigTIFF.

    Args:
        path: where it goes; an existing file is replaced, a link followed.
        shape: (height, width) of the picture.
        bands: (rows, W, 3) each, from the top, of any number of rows, that together have H: float
            in [0, 1], sRGB, of which values outside are clipped; or levels, uint8 or uint16. The
            output is checked before the first is taken.
        alpha_bands: (rows, W) uint8 or uint16 each; they need not be cut as the others are.
        exif, xmp, iptc, recipe, bits, quality: as for `imaging.write`.
        inputs: as for `imaging.check_output`, which is asked with `by_bands=True`.

    Returns:
        `path`.

    Raises:
        OutputError: what `imaging.write` refuses, and WebP and HEIC of more than 64 megapixels,
            whose coders take a picture whole.
        ValueError: bands of another width, or of more or fewer rows than `shape` says.
        MissingPackageError: HEIC without pillow-heif.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "a.png")
        ...     written = write_bands(path, (5, 4), [np.zeros((3, 4, 3)), np.ones((2, 4, 3))])
        ...     path.read_bytes()[:4]
        b'\x89PNG'
    """
    height, width = shape
    kind = check_output(path, inputs=inputs, bits=bits, shape=shape, by_bands=True)
    name = format_path(path)
    check_quality(quality, name)
    rows = max(1, _BAND_SAMPLES // (3 * width))
    colours = _checked(in_rows(bands, rows), (height, width, 3))
    if alpha_bands is not None:
        hidden = _checked(in_rows(alpha_bands, rows), (height, width))
        merge = _with_alpha if by_name(kind).alpha else _on_white
        samples = (
            merge(colour, alpha, bits, name) for colour, alpha in zip(colours, hidden, strict=True)
        )
    else:
        samples = (_levels(colour, bits, name) for colour in colours)
    channels = 4 if alpha_bands is not None and by_name(kind).alpha else 3
    metadata = to_embed(kind, Metadata(exif, xmp, iptc, recipe))
    try:
        with replacing(Path(path)) as draft, draft.open("wb+") as file:
            encode_bands(
                file,
                kind,
                samples,
                (height, width, channels),
                metadata=metadata,
                bits=bits,
                quality=quality,
                scratch=draft.parent,
            )
    except OSError as error:
        raise unwritable(name, error) from None
    return Path(path)


def _checked(bands: Iterable[NDArray[Any]], shape: tuple[int, ...]) -> Iterator[NDArray[Any]]:
    """The bands, which have together that shape."""
    rows = 0
    for band in bands:
        rows += len(band)
        if band.shape[1:] != shape[1:] or rows > shape[0]:
            raise ValueError(
                f"a band of shape {band.shape} ends at row {rows}; the picture has the shape "
                f"{shape}: pass bands of its width, and as many rows as it has"
            )
        yield band
    if rows != shape[0]:
        raise ValueError(f"the bands have {rows} rows together; the picture has {shape[0]}")


def _levels(band: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    if band.dtype.kind == "u":
        return alpha_levels(band, bits)
    check_finite(band, name)
    return levels(band, bits)


def _with_alpha(band: NDArray[Any], alpha: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    opacity = alpha_levels(alpha, bits)[..., None]
    return np.concatenate([_levels(band, bits, name), opacity], axis=-1)


def _on_white(band: NDArray[Any], alpha: NDArray[Any], bits: int, name: str) -> NDArray[Any]:
    """What is hidden becomes white, in a format that holds no alpha."""
    if band.dtype.kind == "u":
        band = band.astype(np.float32) / np.float32(np.iinfo(band.dtype).max)
    check_finite(band, name)
    return levels(on_white(band, alpha), bits)
