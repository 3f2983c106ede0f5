"""The routes of films: post one, take the painted one; all else is as for any job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.types import Receive, Scope, Send

from impasto.errors import JobStateError
from impasto.service.contract import VIDEO, JobOut, State
from impasto.service.http import images
from impasto.service.http.api import Id, IfNoneMatch
from impasto.service.http.auth import client_of
from impasto.service.http.films import FILM_FORM, open_film_form
from impasto.service.http.forms import QUEUED
from impasto.service.http.middleware import FILMS
from impasto.service.http.problems import Problem, refusals
from impasto.service.http.state import AppState, StateDep
from impasto.service.jobs.film_work import RESULT, FilmWork
from impasto.settings import StyleSettings

__all__ = ["router"]

MEDIA = "video/mp4"
_PART = re.compile(r"bytes=\s*([0-9]{0,18})\s*-\s*([0-9]{0,18})", re.IGNORECASE)

router = APIRouter(tags=["films"])

_TEXT = {"schema": {"type": "string"}}
_FILM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The film.",
        "headers": {"ETag": _TEXT, "Accept-Ranges": _TEXT, "Content-Disposition": _TEXT},
        "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {
        "description": "The part of it that `Range` asks for.",
        "headers": {"Content-Range": _TEXT},
        "content": {MEDIA: {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "You have it already."},
}


@router.post(
    FILMS,
    status_code=202,
    summary="Queue a film",
    response_model=JobOut,
    openapi_extra={"requestBody": FILM_FORM},
    responses=QUEUED | refusals(415, 422),
)
async def post(request: Request, response: Response, app_state: StateDep) -> JobOut:
    """Send a film, styles and settings; the answer comes before the painting begins.

    The film is painted without flicker by the method one-pass, and keeps its sound.
    """
    limits, client = app_state.limits, client_of(request.scope)
    await app_state.keeping(
        app_state.store.check_room,
        client,
        max_queued=limits.max_queued,
        max_per_client=limits.max_per_client,
    )
    with _one_upload(app_state, client):
        async with open_film_form(request, app_state) as (settings, inputs, film):
            job = await app_state.keeping(_add, app_state, settings, inputs, film, client)
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return job


@contextmanager
def _one_upload(app_state: AppState, client: str) -> Iterator[None]:
    """Count a film while it is sent.

    Raises:
        Problem: 429; there are too many.
    """
    films, limits = app_state.films, app_state.limits
    own = films[client] >= limits.client_film_uploads
    if own or films.total() >= limits.film_uploads:
        raise Problem(
            429,
            "uploads",
            f"{films[client]} films of yours are being sent, and no more may: wait for one of them"
            if own
            else "too many films are being sent: try again later",
            {"Retry-After": "30"},
        )
    films[client] += 1
    try:
        yield
    finally:
        films[client] -= 1
        if not films[client]:
            del films[client]


def _add(
    app_state: AppState,
    settings: StyleSettings,
    inputs: dict[str, str],
    film: FilmWork,
    client: str,
) -> JobOut:
    limits = app_state.limits
    job = app_state.store.add(
        settings,
        inputs,
        client=client,
        film=film,
        max_queued=limits.max_queued,
        max_per_client=limits.max_per_client,
    )
    return job.to_out()


class _WholeFile(FileResponse):
    """A file whose Range is one that no server needs to heed."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)


def asked_part(header: str, size: int) -> bool:
    """Whether a Range asks for a single part, which is sent alone (RFC 9110, section 14.2).

    Args:
        header: its value.
        size: of the file in bytes.

    Raises:
        Problem: 416; the file has no such part.

    Example:
        >>> asked_part("bytes=0-9", 100), asked_part("bytes=9-0", 100), asked_part("x", 100)
        (True, False, False)
    """
    found = _PART.fullmatch(header.strip())
    if found is None or not any(found.groups()):
        return False
    first, last = (int(text) if text else None for text in found.groups())
    if first is not None and last is not None and last < first:
        return False
    if (last == 0) if first is None else (first >= size):
        raise Problem(
            416,
            "range",
            f"the film has {size} bytes, and Range is {header[:80]!r}: ask for a part of it",
            {"Content-Range": f"bytes */{size}"},
        )
    return True


@router.get(
    "/api/jobs/{id}/film",
    summary="Take the film",
    response_class=Response,
    responses={**_FILM, **refusals(404, 409, 416, 422)},
)
def film(
    app_state: StateDep,
    id: Id,
    download: Annotated[
        bool, Query(description="To be kept as a file, rather than shown.")
    ] = False,
    if_none_match: IfNoneMatch = None,
    range: Annotated[str | None, Header(description="Of its bytes.", examples=["bytes=0-"])] = None,
    if_range: Annotated[str | None, Header(description="Only of what has this ETag.")] = None,
) -> Response:
    """Of a finished job of kind `video`, H.264 in MP4; a `Range` of it comes alone."""
    job = app_state.store.get(id)
    path = app_state.store.folder.job(job.id) / RESULT
    if job.kind != VIDEO:
        raise JobStateError(f"job {job.id} is a picture: take it at /api/jobs/{job.id}/image")
    if job.state is not State.FINISHED or not path.is_file():
        why = f" ({job.error})" if job.error else ""
        raise JobStateError(
            f"job {job.id} is {job.state}{why}: there is a film only of a finished job"
        )
    headers = {"ETag": images.etag(path), "Cache-Control": "no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    served = FileResponse
    if range is not None:
        same = if_range is None or if_range == headers["ETag"]
        asked = same and asked_part(range, path.stat().st_size)
        served = FileResponse if asked else _WholeFile
    return served(
        path,
        media_type=MEDIA,
        headers=headers,
        filename=f"impasto-{job.id[:8]}.mp4",
        content_disposition_type="attachment" if download else "inline",
    )
