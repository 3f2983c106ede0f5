"""A float picture as the bytes of a file: rounded once, tagged as sRGB, free of dates of ours."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import MissingPackageError
from impasto.imaging.codecs import deep_png, png_chunks, write_tiff
from impasto.imaging.codecs.bit_depth import alpha_levels, levels
from impasto.imaging.codecs.captions import app13
from impasto.imaging.codecs.exif import density
from impasto.imaging.codecs.formats import by_name
from impasto.imaging.codecs.metadata import Metadata
from impasto.imaging.codecs.profile import srgb_profile

__all__ = ["encode", "on_white", "require_writer", "save", "to_embed"]


def require_writer(kind: str, name: str) -> None:
    """Checks early that the format called `kind` can be written here.

    Raises:
        MissingPackageError: HEIC without pillow-heif.
    """
    if kind == "HEIC":
        try:
            import pillow_heif  # noqa: F401
        except ImportError:
            raise MissingPackageError(name, "pillow-heif", "heic") from None


def encode(
    kind: str,
    pixels: NDArray[Any],
    *,
    alpha: NDArray[Any] | None = None,
    metadata: Metadata | None = None,
    bits: int = 8,
    quality: int = 95,
) -> bytes:
    """The file's bytes; the same for the same picture, at any time.

    Args:
        kind: name of the format.
        pixels: (H, W, 3) float in [0, 1], sRGB.
        alpha: (H, W) uint8 or uint16; where `kind` holds none, what is hidden becomes white.
        metadata: to embed as far as `kind` holds it.
        bits: 8, or 16 for PNG and TIFF.
        quality: 1 to 100 for JPEG, WebP and HEIC.
    """
    if alpha is not None and not by_name(kind).alpha:
        pixels, alpha = on_white(pixels, alpha), None
    fitted = to_embed(kind, metadata)
    samples = levels(pixels, bits)
    if alpha is not None:
        samples = np.concatenate([samples, alpha_levels(alpha, bits)[..., None]], axis=-1)
    if kind == "TIFF":
        return write_tiff.encode(samples, fitted.exif, fitted.xmp, fitted.iptc)
    out = BytesIO()
    if bits == 16:
        out.write(deep_png.encode(samples, fitted.exif))
    else:
        save(Image.fromarray(samples), out, kind, fitted, quality)
    data = out.getvalue()
    return png_chunks.with_texts(data, fitted.xmp, fitted.recipe) if kind == "PNG" else data


def to_embed(kind: str, metadata: Metadata | None) -> Metadata:
    """What a file of that kind holds of it, the recipe where that format has it."""
    fitted, _ = (metadata or Metadata()).fitted(kind)
    return fitted if kind == "PNG" else fitted.with_recipe_in_xmp()


def save(image: Image.Image, out: IO[bytes], kind: str, metadata: Metadata, quality: int) -> None:
    """Writes an 8-bit image by Pillow, all but a PNG's texts.

    Args:
        image: RGB or RGBA.
        out: open for writing.
        kind: name of the format; not TIFF.
        metadata: as `to_embed` gives it.
        quality: 1 to 100 for JPEG, WebP and HEIC.
    """
    exif, xmp = metadata.exif, metadata.xmp
    extra: dict[str, Any] = {"icc_profile": srgb_profile()}
    if exif is not None:
        extra["exif"] = exif
    if (dpi := density(exif)) is not None:
        extra["dpi"] = dpi
    if xmp and kind != "PNG":
        extra["xmp"] = xmp
    match kind:
        case "JPEG":
            extra["extra"] = app13(metadata.iptc)
            image.save(out, "JPEG", quality=quality, subsampling=0, **extra)
        case "PNG":
            image.save(out, "PNG", **extra)
        case "WebP":
            image.save(out, "WEBP", quality=quality, exact=True, **extra)
        case "BMP":
            image.save(out, "BMP", **({"dpi": dpi} if dpi else {}))
        case "HEIC":
            import pillow_heif

            pillow_heif.from_pillow(image).save(out, quality=quality, **extra)


def on_white(pixels: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    """Floats with what `alpha` hides of them in white."""
    share = (alpha / np.iinfo(alpha.dtype).max).astype(np.float32)[..., None]
    return np.asarray(1 + share * (pixels.clip(0, 1) - 1))
