"""What a server's refusals mean: the same errors, with the same words, as at home."""

from __future__ import annotations

import json

import httpx

from impasto.errors import ServerError
from impasto.service.contract import error_of

__all__ = ["checked", "unreachable"]


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
