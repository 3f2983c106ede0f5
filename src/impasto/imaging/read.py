"""The front door: anything that may be a picture becomes a `Picture`."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from impasto.errors import ImpastoError, MemoryShortError, PictureError
from impasto.imaging.codecs.bit_depth import Planes, UnknownRangeError, to_16_bit
from impasto.imaging.codecs.decode import decode, decode_from_disk, decode_image
from impasto.imaging.codecs.decoded import Decoded, SizeCheck
from impasto.imaging.codecs.file_bytes import Bytes, FileBytes
from impasto.imaging.codecs.formats import UnreadLayoutError
from impasto.imaging.codecs.quiet import quiet_decoders
from impasto.imaging.codecs.room import Files
from impasto.imaging.codecs.truncation import declared_length
from impasto.imaging.files import check_length, opened, picture_bytes, recognised
from impasto.imaging.picture import Picture
from impasto.imaging.streams import Readable, name_of, path_of, read_all
from impasto.text import format_path

__all__ = ["LARGE_PX", "Source", "Sources", "read", "size_check"]


class Tensor(Protocol):
    """A tensor of torch's, of which nothing is imported here."""

    def detach(self) -> Any:
        """The same values without a gradient."""

    def numel(self) -> int:
        """How many values it has."""


Source: TypeAlias = (
    str
    | os.PathLike[str]
    | bytes
    | bytearray
    | memoryview
    | Readable
    | Image.Image
    | NDArray[Any]
    | Tensor
    | Picture
)
Sources: TypeAlias = Source | Sequence[Source]  # an array is one picture, and so are bytes

_NAME = Picture.name
LARGE_PX = 2**24  # from which on a picture goes into scratch files, where there are any

_WHOLE_BYTES = 10  # a pixel, that reading one whole takes in 8 bits: Pillow's copies and ours


class _SmallError(ImpastoError):
    """What `_from_disk` tells itself of a picture below `LARGE_PX`."""


def read(
    source: Source,
    *,
    max_megapixels: float = 100.0,
    name: str = _NAME,
    scratch: Path | None = None,
) -> Picture:
    """Reads a picture: upright, in sRGB, alpha set aside.

    The EXIF orientation is applied and an embedded ICC profile converted to sRGB (a broken one is
    ignored). Animations give their first frame. PNG and TIFF keep 16 bits; where a profile made
    of tables, CMYK or HEIC stands in the way the picture goes on with 8.

    Args:
        source: the path of a JPEG, PNG, WebP, TIFF, BMP, GIF or (extra `heic`) HEIC file; its
            bytes; a binary file object, which is read from where it stands; a PIL
            image; an array of (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), uint8, uint16, bool or
            float within [0, 1] (which becomes uint16); a tensor of (H, W), (C, H, W) or
            (1, C, H, W), of the same types; or a `Picture`, which is returned as it is.
        max_megapixels: pictures above it are refused before they are decoded.
        name: what messages call it, unless it has a name of its own.
        scratch: a folder for nameless files. With it, a file of more than 16.8 megapixels is not
            whole in memory: `pixels` and `alpha` are `numpy.memmap`s that lie there, 3 or 6 bytes a
            pixel, while it is read 7 to 14 (and alpha). They go with their last user. A JPEG in
            progressive order takes memory all the same, and so do WebP, BMP, GIF, HEIC and the
            TIFFs of `tiff_windows.page_of` while they are read.

    Returns:
        The picture; see `Picture` for its attributes.

    Raises:
        PictureError: one line that names the source, what is wrong and what to do.
        MissingPackageError: a HEIC file without pillow-heif.
        OutputError: `scratch` cannot be written, or has too little room.
        MemoryShortError: the decoded picture does not fit in memory; with `scratch`, what of it has
            to lie there.

    Example:
        >>> read(np.zeros((4, 6), np.uint8)).pixels.shape
        (4, 6, 3)
    """
    if isinstance(source, Picture):
        return source
    if isinstance(source, np.ndarray):
        return _from_array(source, max_megapixels, name)
    if isinstance(source, Image.Image):
        return _from_image(source, max_megapixels, name)
    if isinstance(source, str | os.PathLike):
        return _from_file(os.fsdecode(source), max_megapixels, name, scratch)
    if isinstance(source, bytes | bytearray | memoryview):
        check_length(memoryview(source).nbytes, name, max_megapixels=max_megapixels)
        return _from_bytes(bytes(source), max_megapixels, name)
    torch = sys.modules.get("torch")  # where it is not loaded nothing is a tensor
    if torch is not None and isinstance(source, torch.Tensor):
        return _from_array(_channels_last(source), max_megapixels, name)
    if isinstance(source, Readable):
        name, path = name_of(source, name), path_of(source)
        data = read_all(source, name, max_megapixels=max_megapixels)
        return replace(_from_bytes(data, max_megapixels, name), path=path)
    raise PictureError(
        f"{name} is a {type(source).__name__}, and that is no picture: pass a path, the bytes of a "
        "file, a binary file object, a PIL image, an array or a tensor"
    )


def _from_file(path_name: str, max_megapixels: float, name: str, scratch: Path | None) -> Picture:
    if not path_name:
        raise PictureError(f"the name of {name} is empty: give the path of a file")
    path, name = Path(path_name), format_path(path_name)
    if scratch is None:
        data, kind = picture_bytes(path, name, max_megapixels=max_megapixels)
        return replace(_decoded(data, kind.name, max_megapixels, name), path=path.absolute())
    with opened(path, name, max_megapixels=max_megapixels) as (file, kind):
        picture = _from_disk(file, kind.name, max_megapixels, name, Files(scratch))
        if picture is None:
            file.seek(0)
            data = file.read()
            with _blaming(name, kind.name, data), quiet_decoders():
                check = _whole_check(name, max_megapixels, Files(scratch))
                decoded = decode(data, kind.name, check, name)
            picture = _picture(decoded, name, hashlib.sha256(data).hexdigest())
    if picture.height * picture.width > LARGE_PX:
        planes = Files(scratch).kept(Planes(picture.pixels, picture.alpha))
        picture = replace(picture, pixels=planes.pixels, alpha=planes.alpha, scratch=scratch)
    return replace(picture, path=path.absolute())


def _whole_check(name: str, max_megapixels: float, room: Files) -> SizeCheck:
    """As `size_check`, of a picture that has to be read whole."""
    allowed = size_check(name, max_megapixels)

    def check(height: int, width: int) -> None:
        allowed(height, width)
        room.hold(_WHOLE_BYTES * height * width)

    return check


def _from_disk(
    file: BufferedReader, kind: str, max_megapixels: float, name: str, room: Files
) -> Picture | None:
    """None for a picture that is read whole: a small one, or one of another kind."""
    allowed = size_check(name, max_megapixels)

    def check(height: int, width: int) -> None:
        allowed(height, width)
        if height * width <= LARGE_PX:
            raise _SmallError

    data = FileBytes(file)
    try:
        with _blaming(name, kind, data), quiet_decoders():
            decoded = decode_from_disk(data, kind, check, room)
    except _SmallError:
        return None
    if decoded is None:
        return None
    file.seek(0)
    return _picture(decoded, name, hashlib.file_digest(file, "sha256").hexdigest())


def _from_bytes(data: bytes, max_megapixels: float, name: str) -> Picture:
    return _decoded(data, recognised(data[:64], name).name, max_megapixels, name)


def _decoded(data: bytes, kind: str, max_megapixels: float, name: str) -> Picture:
    with _blaming(name, kind, data), quiet_decoders():
        decoded = decode(data, kind, size_check(name, max_megapixels), name)
    return _picture(decoded, name, hashlib.sha256(data).hexdigest())


def _from_image(image: Image.Image, max_megapixels: float, name: str) -> Picture:
    size_check(name, max_megapixels)(image.height, image.width)
    with _blaming(name, "PIL image", b""), quiet_decoders():
        decoded = decode_image(image)
    return _picture(decoded, name, _digest(decoded.planes))


def _picture(decoded: Decoded, name: str, sha256: str) -> Picture:
    return Picture(
        *decoded.planes,
        exif=decoded.exif,
        xmp=decoded.xmp,
        iptc=decoded.iptc,
        notes=tuple(f"{name}: {note}" for note in decoded.notes),
        name=name,
        sha256=sha256,
    )


def _channels_last(tensor: Any) -> NDArray[Any]:
    """A tensor of one picture as an array of (H, W) or (H, W, C)."""
    shape, values = tuple(tensor.shape), tensor.detach().cpu()
    if values.is_floating_point():
        values = values.float()  # numpy has no bfloat16
    if values.ndim == 4 and shape[0] == 1:
        values = values[0]
    if values.ndim == 3 and values.shape[0] in (1, 3, 4):
        values = values.permute(1, 2, 0)
    elif values.ndim != 2:
        raise PictureError(
            f"a tensor of shape {shape} is not a picture: pass (H, W), (C, H, W) or (1, C, H, W) "
            "with 1, 3 or 4 channels"
        )
    array: NDArray[Any] = values.numpy()
    return array


def _from_array(array: NDArray[Any], max_megapixels: float, name: str) -> Picture:
    samples = array[..., None] if array.ndim == 2 else array
    if samples.dtype == np.bool_:
        samples = samples.astype(np.uint8) * 255
    if samples.ndim != 3 or samples.shape[2] not in (1, 3, 4) or 0 in samples.shape:
        raise PictureError(
            f"an array of shape {array.shape} is not a picture: "
            "pass (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)"
        )
    size_check(name, max_megapixels)(samples.shape[0], samples.shape[1])
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
    return Picture(*planes, name=name, sha256=_digest(planes))


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
def _blaming(name: str, kind: str, data: Bytes) -> Iterator[None]:
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
            length = declared_length(kind, data if isinstance(data, bytes) else data.mapped())
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
