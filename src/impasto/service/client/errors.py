"""What a server's refusals mean: the same errors, with the same words, as at home."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

from impasto import errors
from impasto.errors import ImpastoError, ServerError, UnknownNameError

__all__ = ["checked", "error_of", "unreachable"]

_URN = "urn:impasto:problem:"
_LONGEST = 1000


def checked(response: httpx.Response) -> httpx.Response:
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
        told = json.loads(response.content)
    except ValueError:
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("detail"), str):
        raise ServerError(
            f"{response.url.host} answered {status} {response.reason_phrase}, not as impasto's "
            "server does: check its address",
            status,
        )
    kind = str(told.get("type", "")).removeprefix(_URN)
    raise error_of(kind, told["detail"], status)


def error_of(kind: str, sentence: str, status: int | None = None) -> ImpastoError:
    """The error that a server names.

    Args:
        kind: the name of its class in words with dashes, as problems have it, or as it is.
        sentence: what it says.
        status: of the answer.

    Example:
        >>> type(error_of("setting", "steps is 0: it must be 1 or more")).__name__
        'SettingError'
        >>> type(error_of("", "who knows")).__name__
        'ServerError'
    """
    sentence = "".join(c if c.isprintable() else " " for c in sentence[:_LONGEST])
    name = "".join(word.capitalize() for word in kind.split("-")) if "-" in kind else kind
    name = re.sub(r"Error$", "", name[:1].upper() + name[1:]) + "Error"
    found: Any = getattr(errors, name) if name in errors.__all__ else ServerError
    if found is ServerError:
        return ServerError(sentence, status)
    made: ImpastoError = found.__new__(found, sentence)
    made.args = (sentence,)  # those made of parts have been put together there
    if isinstance(made, UnknownNameError):
        made.given, made.known = "", []
    return made


def unreachable(url: str, error: httpx.HTTPError) -> ServerError:
    """What to say when no answer came."""
    reason = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return ServerError(f"{url} did not answer in time: try again later, or check its address")
    return ServerError(f"{url} cannot be reached ({reason}): check the address and the network")
