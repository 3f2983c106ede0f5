"""Errors as answers: problem+json (RFC 9457) with the sentence the command line would say."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from impasto.errors import ImpastoError, OutputError
from impasto.service.problems import URN, ProblemOut, problem_type, status_of
from impasto.settings.resolve import wish_of

__all__ = ["MEDIA", "SCHEMA", "Problem", "answer", "install", "refusals"]

MEDIA = "application/problem+json"
_log = logging.getLogger("impasto.service.http")
RETRY_S = 5  # after which a place in the queue may be free


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """An answer that says what is wrong.

    Args:
        status: of the answer.
        kind: what went wrong in a word or two with dashes, which stays the same.
        detail: one short paragraph: value, wish, remedy.
        headers: more of the answer's.

    Example:
        >>> Problem(404, "unknown-job", "there is no job 7: look in the list").body["title"]
        'Not Found'
    """

    def __init__(
        self, status: int, kind: str, detail: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})
        self.body = {
            "type": problem_type(kind),
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
        }

    @classmethod
    def of(cls, error: ImpastoError, status: int | None = None) -> Problem:
        """One of our errors as an answer; its kind is the name of its class.

        Example:
            >>> from impasto.errors import UnknownNameError
            >>> Problem.of(UnknownNameError("recipe", "x", ["gatys"])).body["type"]
            'urn:impasto:problem:unknown-name'
        """
        status = status or status_of(error)
        kind = problem_type(error).removeprefix(URN)
        waits = {"Retry-After": str(RETRY_S)} if status == 429 else None
        return cls(status, kind, " ".join(str(error).split()), waits)


def answer(problem: Problem) -> Response:
    """The response that tells a problem."""
    body = json.dumps(problem.body, ensure_ascii=False).encode("utf-8", "backslashreplace")
    return Response(body, problem.status, headers=problem.headers, media_type=MEDIA)


def install(app: FastAPI) -> None:
    """Let every error of an app end as a problem."""

    async def on_problem(_request: Request, error: Exception) -> Response:
        if isinstance(error, Problem):
            return answer(error)
        assert isinstance(error, ImpastoError)
        if isinstance(error, OutputError):  # it names folders of this machine
            _log.error("the studio cannot keep its files: %s", error)
            broken = "the studio cannot read or keep its files just now: tell who runs it"
            return answer(Problem(503, "storage", broken, {"Retry-After": "60"}))
        return answer(Problem.of(error))

    async def on_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        phrase = HTTPStatus(error.status_code).phrase
        kind = phrase.lower().replace(" ", "-")
        detail = _UNKNOWN.get(error.status_code, str(error.detail)).format(request.method)
        if detail == _UNREADABLE:
            detail = "the request's JSON cannot be read: send a plain object with short numbers"
        return answer(Problem(error.status_code, kind, detail, error.headers))

    async def on_invalid_parameter(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(Problem(422, "parameter", _sentence(error.errors()[0])))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(ImpastoError, on_problem)
    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_parameter)


_UNKNOWN = {
    404: "there is nothing at this address: /openapi.json lists what there is",
    405: "{} is not for this address: /openapi.json lists what is",
}
# What the framework says of JSON that is nested too deeply, or has a number too long to be read.
_UNREADABLE = "There was an error parsing the body"


def _sentence(first: Mapping[str, Any]) -> str:
    """Pydantic's report of a parameter as the command line tells one of a setting."""
    if first["type"] == "json_invalid":
        return f"the request is not JSON ({first['ctx']['error'].lower()}): mend it"
    if tuple(first["loc"]) == ("body",):
        return "the request has to be a JSON object: send one as application/json"
    if first["type"] == "missing":
        return f"{first['loc'][-1]} is missing: give it"
    if first["type"] == "extra_forbidden":
        return f"{first['loc'][-1]} has no meaning here: leave it out"
    name, value = str(first["loc"][-1]), repr(first.get("input"))
    value = value if len(value) <= 80 else f"{value[:80]}…"
    return f"{name} is {value}: {wish_of(first)}"


SCHEMA: dict[str, Any] = ProblemOut.model_json_schema()

_DESCRIPTIONS = {
    400: "The request is not one that HTTP or a form allows.",
    401: "The token is missing or wrong.",
    403: "The request names another host, or comes from another site's page.",
    404: "There is no such job.",
    408: "The request took too long to arrive.",
    409: "The job's state does not allow it.",
    413: "The request, the settings, a picture or a film is too large.",
    415: "A picture is in no format impasto reads, or the request is no form.",
    416: "The file has no such part.",
    422: "A parameter, a setting or a picture is not what it has to be.",
    429: "Too many requests, or jobs that wait; `Retry-After` says when to come again.",
    503: "The studio is too busy, or cannot work.",
}
_ANYWHERE = (400, 401, 403, 408, 413, 429, 503)


def refusals(*more: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route may answer with, for its documentation: the middleware's and its own."""
    schema = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: dict[int | str, dict[str, Any]] = {}
    for status in sorted({*_ANYWHERE, *more}):
        responses[status] = {"description": _DESCRIPTIONS[status], "content": schema}
        if status == 429:
            wait = {"description": "Seconds.", "schema": {"type": "integer"}}
            responses[status]["headers"] = {"Retry-After": wait}
    return responses
