"""What server, worker and client call a refusal: problems as RFC 9457 writes them, and our errors.

Nothing here knows a database, a web framework or torch.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from impasto import errors
from impasto.errors import (
    ImpastoError,
    InputError,
    JobStateError,
    MissingPackageError,
    QueueFullError,
    ServerError,
    UnknownJobError,
    UnknownNameError,
)

__all__ = ["URN", "ProblemOut", "error_of", "problem_type", "status_of"]

URN = "urn:impasto:problem:"
_LONGEST = 1000  # characters of a sentence that a server says

# The first that fits counts.
_STATUS: tuple[tuple[type[ImpastoError], int], ...] = (
    (UnknownJobError, 404),
    (JobStateError, 409),
    (QueueFullError, 429),
    (MissingPackageError, 415),
    (InputError, 422),
    (ImpastoError, 500),
)


class ProblemOut(BaseModel):
    """What is wrong, as RFC 9457 writes it; `detail` is what the command line says."""

    model_config = ConfigDict(
        title="Problem",
        frozen=True,
        json_schema_extra={
            "example": {
                "type": f"{URN}setting",
                "title": HTTPStatus(422).phrase,
                "status": 422,
                "detail": "steps is 0: give a whole number from 1 to 1000000",
            }
        },
    )

    type: str = Field(json_schema_extra={"format": "uri"})
    title: str
    status: int
    detail: str


def problem_type(error: ImpastoError | type[ImpastoError] | str) -> str:
    """The `type` of a problem: a URN that ends in the name of the error's class.

    Args:
        error: one of ours, or a word or two with dashes for a problem that is none.

    Example:
        >>> problem_type(UnknownNameError)
        'urn:impasto:problem:unknown-name'
        >>> problem_type("wrong-token")
        'urn:impasto:problem:wrong-token'
    """
    if isinstance(error, str):
        return f"{URN}{error}"
    kind = error if isinstance(error, type) else type(error)
    words = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__.removesuffix("Error"))
    return f"{URN}{words.lower()}"


def status_of(error: ImpastoError) -> int:
    """The HTTP status of an error.

    Example:
        >>> status_of(UnknownNameError("recipe", "x", ["gatys"])), status_of(UnknownJobError("?"))
        (422, 404)
    """
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def error_of(type: str, detail: str, status: int | None = None) -> ImpastoError:
    """The error that a problem, or the `kind` of a job's `failed` event, names.

    Args:
        type: what `problem_type` gave, or the name of an error's class.
        detail: its sentence; cut to 1000 characters, with spaces for what is not printable.
        status: of the answer.

    Returns:
        A `ServerError` where it names no error of ours.

    Example:
        >>> error_of("urn:impasto:problem:setting", "steps is 0: give 1 or more")
        SettingError('steps is 0: give 1 or more')
        >>> error_of("PictureError", "the content image is empty")
        PictureError('the content image is empty')
        >>> error_of("", "who knows", 418).status
        418
    """
    sentence = "".join(c if c.isprintable() else " " for c in detail[:_LONGEST])
    words = type.removeprefix(URN).removesuffix("Error").split("-")
    name = "".join(word[:1].upper() + word[1:] for word in words) + "Error"
    kind: Any = getattr(errors, name) if name in errors.__all__ else ServerError
    if kind is ServerError:
        return ServerError(sentence, status)
    error: ImpastoError = kind.__new__(kind, sentence)
    error.args = (sentence,)  # those that are put together of parts were so on the server
    if isinstance(error, UnknownNameError):
        error.name, error.choices = "", []
    return error
