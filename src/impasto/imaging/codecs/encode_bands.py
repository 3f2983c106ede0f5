"""A picture file written from bands of rows, with the bytes that `encode` gives for the whole.

TIFF and 16-bit PNG are written strip by strip. What Pillow writes it takes from an image, so the
samples are laid into a nameless file first, and the image lies in that: its coders go through it
from the top (BMP's from the bottom), and no more of it need be in memory than they are at.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from impasto.imaging.codecs import deep_png, png_chunks, write_tiff
from impasto.imaging.codecs.encode import save
from impasto.imaging.codecs.mapped import Passing, image_over
from impasto.imaging.codecs.metadata import Metadata

__all__ = ["encode_bands"]

_PIXEL = 4  # bytes of RGB and of RGBA, as Pillow keeps them


def encode_bands(
    out: IO[bytes],
    kind: str,
    bands: Iterable[NDArray[Any]],
    shape: tuple[int, int, int],
    *,
    metadata: Metadata,
    bits: int,
    quality: int,
    scratch: Path,
) -> None:
    """Writes a file of that kind.

    Args:
        out: an empty file that can be gone back in.
        kind: name of the format.
        bands: (rows, W, C) levels each, of any number of rows, from the top.
        shape: (H, W, C) of the picture; C is 4 with alpha.
        metadata: as `encode.to_embed` gives it.
        bits: 8, or 16 for PNG and TIFF.
        quality: 1 to 100 for JPEG, WebP and HEIC.
        scratch: folder for a nameless file of 4 bytes a pixel, where Pillow writes.

    Raises:
        OSError: a full disk.
    """
    if kind == "TIFF":
        level = np.uint16 if bits == 16 else np.uint8
        write_tiff.write(out, bands, shape, level, metadata.exif, metadata.xmp, metadata.iptc)
        return
    texts = png_chunks.texts(metadata.xmp, metadata.recipe) if kind == "PNG" else b""
    if bits == 16:
        deep_png.write(out, bands, shape, metadata.exif, texts)
        return
    samples = _laid_out(bands, shape, scratch)
    image = image_over(samples, "RGBA" if shape[2] == _PIXEL else "RGB")
    save(image, _Sink(out, samples, texts), kind, metadata, quality)  # type: ignore[arg-type]


def _laid_out(
    bands: Iterable[NDArray[Any]], shape: tuple[int, int, int], scratch: Path
) -> NDArray[np.uint8]:
    """(H, W, 4) in a nameless file, as Pillow keeps RGB and RGBA."""
    with TemporaryFile(dir=scratch) as file:
        for band in bands:
            padded = np.full((*band.shape[:2], _PIXEL), 255, np.uint8)
            padded[..., : shape[2]] = band
            file.write(padded.data)
        file.flush()
        return np.memmap(file, np.uint8, "r", shape=(*shape[:2], _PIXEL))


class _Sink(Passing):
    """The output, with a PNG's texts behind its header.

    It has no `fileno`, so that no coder gets around it.
    """

    def __init__(self, file: IO[bytes], array: NDArray[Any], texts: bytes) -> None:
        super().__init__(array)
        self._file, self._texts = file, texts

    def write(self, data: bytes) -> int:
        count = self._file.write(data)
        self.passed(count)
        if self._texts and self._file.tell() == png_chunks.BEHIND_HEADER:
            self._file.write(self._texts)
            self._texts = b""
        return count

    def flush(self) -> None:
        self._file.flush()
