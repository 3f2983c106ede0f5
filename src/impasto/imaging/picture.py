"""A picture in memory: what every reader gives and every painter takes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.imaging.codecs.bit_depth import levels
from impasto.imaging.codecs.mapped import drop, image_over, mapped, samples_of

__all__ = ["Picture", "array_to_pil", "with_alpha"]


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture at the border, upright and in sRGB.

    Attributes:
        pixels: (H, W, 3), uint8 or uint16, sRGB, EXIF orientation already applied.
        alpha: (H, W) of the same dtype, 0 hidden; None when the picture is opaque everywhere.
        exif: EXIF block ready for output, without orientation, thumbnail and pixel sizes.
        name: what messages call it: the path as given, or "the picture".
        sha256: hex digest of the file's bytes, or of the pixels when there was no file.
        path: absolute path of the file; None when it was not a file.
        notes: what reading changed or left out of the file, in a sentence each.
        xmp, iptc: an XMP packet and IPTC datasets ready for output, as `exif` is.
        scratch: the folder where what is large of the picture lies, in nameless files, and where
            what is made of it may; None where it lies in memory.

    Example:
        >>> grey = Picture(np.full((2, 3, 3), 128, np.uint8))
        >>> grey.height, grey.width, grey.bits, grey.name
        (2, 3, 8, 'the picture')
    """

    pixels: NDArray[Any] = field(repr=False)
    alpha: NDArray[Any] | None = field(default=None, repr=False)
    exif: bytes | None = field(default=None, repr=False)
    name: str = "the picture"
    sha256: str = ""
    path: Path | None = None
    notes: tuple[str, ...] = ()
    xmp: bytes | None = field(default=None, repr=False)
    iptc: bytes | None = field(default=None, repr=False)
    scratch: Path | None = None

    @property
    def height(self) -> int:
        """Height in px."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Width in px."""
        return int(self.pixels.shape[1])

    @property
    def metadata(self) -> dict[str, Any]:
        """What goes into the file beside the pixels, as `impasto.imaging.write` takes it."""
        return {"exif": self.exif, "xmp": self.xmp, "iptc": self.iptc}

    @property
    def bits(self) -> int:
        """Bits of one sample, 8 or 16."""
        return 16 if self.pixels.dtype == np.uint16 else 8

    def part(self, place: Any) -> Picture:
        """Some of its rows and columns, which share its samples: a tile, or every tenth pixel.

        Args:
            place: an index of (H, W) arrays, such as `np.s_[256:512, :256]`.

        Example:
            >>> Picture(np.zeros((4, 6, 3), np.uint8)).part(np.s_[::2, 1:]).floats.shape
            (2, 5, 3)
        """
        alpha = None if self.alpha is None else self.alpha[place]
        return replace(self, pixels=self.pixels[place], alpha=alpha)

    @property
    def floats(self) -> NDArray[np.float32]:
        """The pixels as (H, W, 3) float32 in [0, 1]."""
        return self.pixels.astype(np.float32) / np.float32(2**self.bits - 1)

    @property
    def opacity(self) -> NDArray[np.float32] | None:
        """Alpha as (H, W) float32, from 0, hidden, to 1; None when opaque everywhere."""
        if self.alpha is None:
            return None
        return self.alpha.astype(np.float32) / np.float32(np.iinfo(self.alpha.dtype).max)


_BAND_PX = 2**20


def array_to_pil(pixels: NDArray[np.float32], scratch: Path | None = None) -> Image.Image:
    """An array as an 8-bit PIL image.

    Rounded to the nearest level, where torchvision's `ToPILImage` (and so the chapter) truncates.

    Args:
        pixels: (H, W, 3), sRGB in [0, 1]; values outside are clipped.
        scratch: the folder for a file that the image lies in; memory if left out.

    Example:
        >>> array_to_pil(np.full((1, 1, 3), 0.999, np.float32)).getpixel((0, 0))  # 254.745
        (255, 255, 255)
    """
    height, width = pixels.shape[:2]
    rows = max(1, _BAND_PX // width)
    bands = (slice(top, min(top + rows, height)) for top in range(0, height, rows))
    if scratch is None:
        out = np.empty((height, width, 3), np.uint8)
        for band in bands:
            out[band] = levels(pixels[band])
        return Image.fromarray(out)
    shape, kind = samples_of("RGB", height, width)
    samples = mapped(shape, kind, scratch)
    for band in bands:
        samples[band, :, :3] = levels(pixels[band])
        drop(samples)
        drop(pixels)
    return image_over(samples, "RGB")


def with_alpha(picture: Image.Image, alpha: NDArray[Any] | None) -> Image.Image:
    """An 8-bit RGB PIL image with transparency put back.

    Args:
        picture: RGB.
        alpha: (H, W) uint8 or uint16 of the same size, or None for an opaque picture.
    """
    if alpha is None:
        return picture
    shallow = alpha if alpha.dtype == "uint8" else (alpha / 257).round().astype("uint8")
    picture.putalpha(Image.fromarray(shallow))
    return picture
