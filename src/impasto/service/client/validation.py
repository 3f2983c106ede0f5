"""What a client checks: what it sends, before anything is sent, and the answers.

A server's refusal is the same error, with the same words, as at home.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias, TypeVar
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, ValidationError

from impasto.errors import FilmError, PictureError, ServerError, SettingError, reason_of
from impasto.service.contract import JobList, JobOut
from impasto.service.problems import error_of
from impasto.settings import StyleSettings
from impasto.settings.heeded import HEEDED, refuse_unheeded
from impasto.text import format_path

__all__ = [
    "Picture",
    "address",
    "answer_of",
    "heeded",
    "job_id",
    "job_of",
    "jobs_of",
    "opened_film",
    "picture_bytes",
    "successful",
    "unreachable",
]

Picture: TypeAlias = str | Path | bytes
"""The path of a picture file, or its bytes."""

Shape = TypeVar("Shape", bound=BaseModel)


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
        raise SettingError(f"{id[:80]!r} is not a job's id: give its 32 hexadecimal digits")
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


def opened_film(path: str | Path) -> BinaryIO:
    """A film's file, to be sent as it is read.

    Raises:
        FilmError: it cannot be read.
    """
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise FilmError(f"{format_path(path)} cannot be read ({reason}): check the name") from None


def heeded(settings: StyleSettings) -> dict[str, Any]:
    """What of settings is sent: without what a recipe file says and a built-in method leaves.

    Raises:
        SettingError: an explicit setting that the method does not heed.

    Example:
        >>> "steps" in heeded(StyleSettings()), "steps" in heeded(StyleSettings(method="one-pass"))
        (True, False)
    """
    values = settings.model_dump(mode="json")
    names = HEEDED.get(settings.method)
    if names is None:  # another package's: its server knows
        return values
    refuse_unheeded(settings.explicit, settings.method, names)
    left = set(values) - names
    # Without the weights that take its place, no strength is that of the recipe.
    if "content_weight" in left and settings.strength is None:
        left.add("strength")
    return {name: value for name, value in values.items() if name not in left}


def job_of(response: httpx.Response) -> JobOut:
    """The job of an answer.

    Raises:
        ServerError: it is none.
    """
    return _parse(JobOut, response)


def jobs_of(response: httpx.Response) -> list[JobOut]:
    """The jobs of an answer that lists some.

    Raises:
        ServerError: it is no list of jobs.
    """
    return _parse(JobList, response).jobs


def _parse(shape: type[Shape], response: httpx.Response) -> Shape:
    try:
        return shape.model_validate_json(response.content)
    except ValidationError:
        raise ServerError(
            "the server's answer is not a job of impasto's: check its address and version"
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


def successful(response: httpx.Response) -> httpx.Response:
    """A response that is no refusal.

    Args:
        response: read to its end, if it is a refusal.

    Raises:
        ImpastoError: what the server says is wrong; a `ServerError` where it says none of ours.
    """
    if response.is_success:
        return response
    status = response.status_code
    try:
        problem = json.loads(response.content)
    except ValueError:
        problem = None
    if not isinstance(problem, dict) or not isinstance(problem.get("detail"), str):
        raise ServerError(
            f"{response.url.host} answered {status} {response.reason_phrase}, not as impasto's "
            "server does: check its address",
            status,
        )
    raise error_of(str(problem.get("type", "")), problem["detail"], status)


def unreachable(url: str, error: httpx.HTTPError) -> ServerError:
    """What to say when no answer came."""
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return ServerError(f"{url} did not answer in time: try again later, or check its address")
    return ServerError(f"{url} cannot be reached ({reason}): check the address and the network")
