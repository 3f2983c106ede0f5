"""The front door: anything that may be a picture becomes a `Picture`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import ImpastoError, MemoryShortError, PictureError
from impasto.imaging.codecs.bit_depth import Planes, UnknownRangeError, to_16_bit
from impasto.imaging.codecs.decode import SizeCheck, decode, decode_image, quiet_decoders
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.truncation import declared_length
from impasto.imaging.files import picture_bytes
from impasto.imaging.picture import Picture
from impasto.text import format_path

__all__ = ["Source", "Sources", "read", "size_check"]

Source: TypeAlias = str | os.PathLike[str] | Image.Image | NDArray[Any] | Picture
Sources: TypeAlias = Source | Sequence[Source]  # an array is one picture

_NAME = "the picture"


def read(
    source: Source,
    *,
    max_megapixels: float = 100.0,
) -> Picture:
    """Reads a picture: upright, in sRGB, alpha set aside.

    The EXIF orientation is applied and an embedded ICC profile converted to sRGB (a broken one is
    ignored). Animations give their first frame. PNG and TIFF keep 16 bits; where a profile made
    of tables, CMYK or HEIC stands in the way the picture goes on with 8.

    Args:
        source: the path of a JPEG, PNG, WebP, TIFF, BMP, GIF or (extra `heic`) HEIC file; a PIL
            image; an array of (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8, uint16, bool or
            float within [0, 1] (which becomes uint16); or a `Picture`, which is returned as it is.
        max_megapixels: pictures above it are refused before they are decoded.

    Returns:
        The picture; see `Picture` for its attributes.

    Raises:
        PictureError: one line that names the source, what is wrong and what to do.
        MissingPackageError: a HEIC file without pillow-heif.
        MemoryShortError: the decoded picture does not fit in memory.

    Example:
        >>> read(np.zeros((4, 6), np.uint8)).pixels.shape
        (4, 6, 3)
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source, max_megapixels)
    if isinstance(source, Image.Image):
        return _from_image(source, max_megapixels)
    if isinstance(source, str | os.PathLike):
        return _from_file(os.fsdecode(source), max_megapixels)
    raise PictureError(
        f"a {type(source).__name__} is not a picture: pass a path, a PIL image or an array"
    )


def _from_file(path_name: str, max_megapixels: float) -> Picture:
    if not path_name:
        raise PictureError("the name of the picture is empty: give the path of a file")
    path, name = Path(path_name), format_path(path_name)
    data, kind = picture_bytes(path, name, max_megapixels=max_megapixels)
    with _blaming(name, kind.name, data), quiet_decoders():
        decoded = decode(data, kind.name, size_check(name, max_megapixels), name)
    return Picture(
        decoded.planes.pixels,
        decoded.planes.alpha,
        exif=decoded.exif,
        xmp=decoded.xmp,
        iptc=decoded.iptc,
        notes=tuple(f"{name}: {note}" for note in decoded.notes),
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        path=path.absolute(),
    )


def _from_image(image: Image.Image, max_megapixels: float) -> Picture:
    size_check(_NAME, max_megapixels)(image.height, image.width)
    with _blaming(_NAME, "PIL image", b""), quiet_decoders():
        decoded = decode_image(image)
    notes = tuple(f"{_NAME}: {note}" for note in decoded.notes)
    digest = _digest(decoded.planes)
    carried: dict[str, Any] = {"exif": decoded.exif, "xmp": decoded.xmp, "iptc": decoded.iptc}
    return Picture(*decoded.planes, **carried, sha256=digest, notes=notes)


def _from_array(array: NDArray[Any], max_megapixels: float) -> Picture:
    samples = array[..., None] if array.ndim == 2 else array
    if samples.dtype == np.bool_:
        samples = samples.astype(np.uint8) * 255
    if samples.ndim != 3 or samples.shape[2] not in (1, 3, 4) or 0 in samples.shape:
        raise PictureError(
            f"an array of shape {array.shape} is not a picture: "
            "pass (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
        )
    size_check(_NAME, max_megapixels)(samples.shape[0], samples.shape[1])
    if samples.dtype != np.uint8:
        try:
            if samples.dtype.kind != "f" and samples.dtype.str[1:] != "u2":
                raise UnknownRangeError(f"holds {samples.dtype.name} samples")
            samples = to_16_bit(samples)
        except UnknownRangeError as error:
            raise PictureError(
                f"the array {error}: pass uint8, uint16, or floats from 0 to 1"
            ) from None
    colour = samples[..., :3]
    pixels = np.repeat(colour, 3, axis=2) if colour.shape[2] == 1 else np.array(colour, order="C")
    planes = Planes.of(pixels, samples[..., 3].copy() if samples.shape[2] == 4 else None)
    return Picture(*planes, sha256=_digest(planes))


def _digest(planes: Planes) -> str:
    digest = hashlib.sha256(f"{planes.pixels.shape} {planes.pixels.dtype}".encode())
    digest.update(planes.pixels.tobytes())
    if planes.alpha is not None:
        digest.update(planes.alpha.tobytes())
    return digest.hexdigest()


def size_check(name: str, max_megapixels: float) -> SizeCheck:
    """A check of (height, width) that refuses pictures without a pixel, or with too many.

    Args:
        name: of the picture, for messages.
        max_megapixels: the most that it may have.

    Returns:
        To be called before any pixel is made; raises PictureError.
    """

    def check(height: int, width: int) -> None:
        if not (isinstance(height, int) and isinstance(width, int)):
            raise TypeError("a size")  # what a damaged TIFF may say; ends in `_blaming`
        if height < 1 or width < 1:
            raise PictureError(
                f"{name} is {width} x {height} px: it holds no pixel; export it again"
            )
        if height * width > max_megapixels * 1e6:
            raise PictureError(
                f"{name} is {width:,} x {height:,} px ({height * width / 1e6:,.1f} megapixels), "
                f"above the limit of {max_megapixels:g}: shrink it or raise --max-megapixels"
            )

    return check


@contextmanager
def _blaming(name: str, kind: str, data: bytes) -> Iterator[None]:
    """Turns whatever a decoder raises into the one line about the file."""
    try:
        yield
    except ImpastoError:
        raise
    except UnreadLayoutError as error:
        raise PictureError(
            f"{name} is {error}, which impasto does not read: save it as 8- or 16-bit RGB"
        ) from None
    except UnknownRangeError as error:
        raise PictureError(
            f"{name} {error}: scale them to 0 to 1, or save it as 8- or 16-bit RGB"
        ) from None
    except MemoryError:
        raise MemoryShortError(
            f"{name} does not fit in the memory that is free: free some or pass a smaller picture"
        ) from None
    except Exception as error:
        with quiet_decoders():
            length = declared_length(kind, data)
        if length is None and not _ran_out(error):
            raise PictureError(
                f"{name} cannot be decoded: its {kind} data is damaged or of a rare kind; "
                "export or download it again"
            ) from None
        about = f" of at least {length:,}" if length is not None and length > len(data) else ""
        after = f" after {len(data):,}{about} bytes" if data else ""
        raise PictureError(f"{name} is cut short{after}: export or download it again") from None


def _ran_out(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, EOFError) or "truncated" in str(error).lower():
            return True
        error = error.__cause__ or error.__context__
    return False
