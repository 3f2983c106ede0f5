"""Writing a picture that is never whole in memory."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from impasto.files import replacing
from impasto.imaging.bands.checked import to_levels
from impasto.imaging.codecs.encode import to_embed
from impasto.imaging.codecs.encode_bands import encode_bands
from impasto.imaging.codecs.formats import by_name
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.write import check_output, check_quality, unwritable
from impasto.text import format_path

__all__ = ["write_bands"]


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
        >>> import numpy as np
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     bands = [np.zeros((3, 4, 3)), np.ones((2, 4, 3))]
        ...     write_bands(Path(folder, "a.png"), (5, 4), bands).name
        'a.png'
    """
    height, width = shape
    kind = check_output(path, inputs=inputs, bits=bits, shape=shape, by_bands=True)
    name = format_path(path)
    check_quality(quality, name)
    holds_alpha = by_name(kind).alpha
    samples = to_levels(shape, bands, alpha_bands, bits=bits, name=name, holds_alpha=holds_alpha)
    channels = 4 if alpha_bands is not None and holds_alpha else 3
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
