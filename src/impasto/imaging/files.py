"""The bytes of a picture file, or one line that says why they cannot be had."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from impasto.errors import PictureError, reason_of
from impasto.imaging.codecs.formats import Format, readable_formats, sniff
from impasto.text import format_path

__all__ = ["check_length", "opened", "picture_bytes", "recognised"]

_BYTES_PER_PIXEL = 16  # four float samples: more than any format below needs
_FREE_BYTES = 64 * 2**20  # for profiles, previews and metadata


def picture_bytes(path: Path, name: str, *, max_megapixels: float) -> tuple[bytes, Format]:
    """All bytes of the picture file at `path`, and the format they claim to be in.

    Args:
        path: of the file.
        name: of the file in messages.
        max_megapixels: a file longer than such a picture could need is refused unread.

    Raises:
        PictureError: missing, a folder, not a regular file (a pipe or device is not waited for),
            unreadable, empty, too long, or in no format impasto reads.
    """
    with opened(path, name, max_megapixels=max_megapixels) as (file, kind):
        return file.read(), kind


@contextmanager
def opened(
    path: Path, name: str, *, max_megapixels: float
) -> Iterator[tuple[BufferedReader, Format]]:
    """The picture file at `path`, open at its start; arguments and errors as `picture_bytes`."""
    with _explained(path, name):
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PictureError(f"{name} is a folder: name a picture inside it")
        if not stat.S_ISREG(status.st_mode):
            raise PictureError(f"{name} is not a regular file: copy the picture to one first")
        check_length(status.st_size, name, max_megapixels=max_megapixels)
        with path.open("rb") as file:
            kind = recognised(file.read(64), name)
            file.seek(0)
            yield file, kind


def check_length(count: int, name: str, *, max_megapixels: float) -> None:
    """Refuse more bytes than a picture can need.

    Args:
        count: of the bytes, or of those known so far.
        name: of the picture, for messages.
        max_megapixels: the most pixels that it may have.

    Raises:
        PictureError: there are more.

    Example:
        >>> check_length(2**26 + 16_000_000, "a.png", max_megapixels=1)  # and not one more
    """
    if count > max_megapixels * 1e6 * _BYTES_PER_PIXEL + _FREE_BYTES:
        raise PictureError(
            f"{name} has {count:,} bytes or more, and a picture of {max_megapixels:g} megapixels "
            "cannot need as many: shrink it or raise --max-megapixels"
        )


def recognised(head: bytes, name: str) -> Format:
    """The format of a file by its first bytes.

    Args:
        head: at least 16 of them, or all there are.
        name: of the file, for messages.

    Raises:
        PictureError: it is empty, or of no format that is read.
    """
    if not head:
        raise PictureError(f"{name} is empty (0 bytes): export or download it again")
    kind = sniff(head.ljust(16, b"\0"))
    if kind is None:
        raise PictureError(
            f"{name} is not a picture impasto reads ({readable_formats()}): convert it to "
            "one of these"
        )
    return kind


@contextmanager
def _explained(path: Path, name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        folder = path.absolute().parent
        where = f"in {format_path(folder)}" if folder.is_dir() else "and no such folder either"
        raise PictureError(
            f"{name} does not exist: there is no such file {where}; check the name"
        ) from None
    except PermissionError:
        raise PictureError(
            f"{name} may not be read by this user: change its permissions or copy it"
        ) from None
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise PictureError(f"{name} cannot be read ({reason}): check the name") from None
