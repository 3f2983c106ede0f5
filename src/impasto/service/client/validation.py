"""What a client checks: what it sends, before anything is sent, and the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import httpx

from impasto.errors import PictureError, ServerError, SettingError, reason_of
from impasto.text import format_path

__all__ = ["Picture", "address", "answer_of", "job_id", "picture_bytes"]

Picture: TypeAlias = str | Path | bytes
"""The path of a picture file, or its bytes."""


def address(url: str) -> str:
    """The address of a server, without a slash at its end.

    Raises:
        SettingError: it is none.

    Example:
        >>> address("http://127.0.0.1:8000/")
        'http://127.0.0.1:8000'
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isprintable():
        raise SettingError(
            f"{url!r} is no address of a server: give one like http://127.0.0.1:8000"
        )
    return url.rstrip("/")


def job_id(id: str) -> str:
    """An id that can stand in an address, and lead nowhere else.

    Raises:
        SettingError: another.
    """
    if not (id.isascii() and id.isalnum()):
        raise SettingError(f"{id!r} is not a job's id: give its 32 hexadecimal digits")
    return id


def picture_bytes(picture: Picture) -> bytes:
    """All bytes of a picture file.

    Raises:
        PictureError: it cannot be read.
    """
    if isinstance(picture, bytes):
        return picture
    try:
        return Path(picture).read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise PictureError(
            f"{format_path(picture)} cannot be read ({reason}): check the name"
        ) from None


def answer_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer.

    Raises:
        ServerError: it is none.
    """
    try:
        answer: Any = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise ServerError(
            f"{response.url.host} answers, but not as impasto's server does: check the address"
        )
    return answer
