"""Where the samples of a picture lie while it is decoded, and afterwards: in memory, or in files.

A decoder asks its room for all that is as large as the picture. Both rooms give the same samples:
what a large picture needs of conversion is done band by band, and each pixel by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

from impasto.imaging.codecs.bit_depth import Planes
from impasto.imaging.codecs.exif import upright
from impasto.imaging.codecs.mapped import Passing, drop, image_over, is_mapped, mapped, samples_of

__all__ = ["MEMORY", "Files", "Memory"]

_BAND_PX = 2**20
Bands = Iterator[tuple[Image.Image, ...]]


class Memory:
    """The usual room."""

    def hold(self, count: int) -> None:
        """A decoder will take so many bytes of memory in any room."""

    def load(self, image: ImageFile.ImageFile) -> None:
        """Decode an opened image."""
        image.load()

    def planes(self, convert: Callable[..., Planes], *images: Image.Image) -> Planes:
        """What `convert` makes of loaded images of one size, pixel by pixel."""
        return convert(*images)

    def upright(self, plane: NDArray[Any], turn: int) -> NDArray[Any]:
        """As `exif.upright`."""
        return upright(plane, turn)


MEMORY = Memory()


class Files(Memory):
    """Nameless files in a folder.

    Args:
        folder: of them; it exists.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._decoded: list[NDArray[Any]] = []

    def hold(self, count: int) -> None:
        """As `Memory.hold`.

        Raises:
            MemoryError: there are fewer.
        """
        import psutil

        if count > psutil.virtual_memory().available:
            raise MemoryError(count)

    def load(self, image: ImageFile.ImageFile) -> None:
        samples = mapped(*samples_of(image.mode, image.height, image.width), self._folder)
        image.im = image_over(samples, image.mode).im  # which the decoder takes for its own
        stream: Any = image.fp
        if isinstance(stream, Passing):
            stream.array = samples
        image.load()
        self._decoded.append(samples)

    def planes(self, convert: Callable[..., Planes], *images: Image.Image) -> Planes:
        width, height = images[0].size
        planes = self.gathered(height, width, (convert(*band) for band in _bands(images)))
        self._decoded.clear()
        return planes

    def gathered(self, height: int, width: int, bands: Iterable[Planes]) -> Planes:
        """Bands from the top as one picture."""
        pixels: NDArray[Any] | None = None
        alpha: NDArray[Any] | None = None
        top = 0
        for band in bands:
            kind, rows = band.pixels.dtype, slice(top, top + len(band.pixels))
            if pixels is None:
                pixels = mapped((height, width, 3), kind, self._folder)
            pixels[rows] = band.pixels
            if alpha is None and band.alpha is not None:
                alpha = mapped((height, width), kind, self._folder)
                alpha[:top] = np.iinfo(kind).max
            if alpha is not None:
                alpha[rows] = np.iinfo(kind).max if band.alpha is None else band.alpha
                drop(alpha)
            for each in (pixels, *self._decoded):
                drop(each)
            top = rows.stop
        assert pixels is not None
        return Planes(pixels, alpha)

    def kept(self, planes: Planes) -> Planes:
        """The same in files, where it is not there already."""
        if is_mapped(planes.pixels):
            return planes
        height, width = planes.pixels.shape[:2]
        rows = max(1, _BAND_PX // width)
        pixels, alpha = planes
        return self.gathered(
            height,
            width,
            (
                Planes(pixels[at : at + rows], None if alpha is None else alpha[at : at + rows])
                for at in range(0, height, rows)
            ),
        )

    def upright(self, plane: NDArray[Any], turn: int) -> NDArray[Any]:
        if turn == 1:
            return plane
        height, width = plane.shape[:2]
        lies = turn >= 5
        shape = (width, height) if lies else (height, width)
        out = mapped((*shape, *plane.shape[2:]), plane.dtype, self._folder)
        from_end = turn in ((6, 7) if lies else (3, 4))
        rows = max(1, _BAND_PX // width)
        for top in range(0, height, rows):
            band = upright(plane[top : top + rows], turn)
            stop = min(top + rows, height)
            place = slice(height - stop, height - top) if from_end else slice(top, stop)
            out[(slice(None), place) if lies else place] = band
            drop(plane)
            drop(out)
        return out


def _bands(images: tuple[Image.Image, ...]) -> Bands:
    width, height = images[0].size
    rows = max(1, _BAND_PX // width)
    for top in range(0, height, rows):
        box = (0, top, width, min(top + rows, height))
        yield tuple(image.crop(box) for image in images)
