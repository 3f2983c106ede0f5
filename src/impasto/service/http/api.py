"""The routes of jobs: post one, look, listen, take its picture, end it.

A `POST /api/jobs` passes `middleware` (which asks `auth` who may come in), `post` below, `uploads`
(the form and its settings, and `image_size` of each picture), and then it is the store's. `state`
is what all of them share, and `problems` is how each of them refuses.
"""

from __future__ import annotations

from pathlib import Path as File
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import FileResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from impasto.errors import InputError, OutputError, QueueFullError
from impasto.service.contract import EVENT_NAMES, JobList, JobOut, State
from impasto.service.http import events as job_events
from impasto.service.http import images
from impasto.service.http.auth import client_of
from impasto.service.http.forms import QUEUED
from impasto.service.http.problems import Problem, refusals
from impasto.service.http.schemas import Curves
from impasto.service.http.state import AppState, StateDep
from impasto.service.http.uploads import FORM, Posted, read_form

__all__ = ["Id", "IfNoneMatch", "router"]

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

Id = Annotated[
    str,
    Path(
        description="The job's id: 32 hexadecimal digits.",
        examples=["0f8fad5bd9cb469fa16570867728950e"],
    ),
]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="The ETag you have.")]

_FILE = {"type": "string", "format": "binary"}
_EVENT = {
    "type": "object",
    "required": ["id", "event", "data"],
    "properties": {
        "id": {"type": "string", "description": "Counts from 1."},
        "event": {"enum": list(EVENT_NAMES)},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "example": {"id": "2", "event": "step", "data": '{"step": 1, "steps": 130, "seconds": 0.2}'},
}
_PICTURE: dict[int, dict[str, Any]] = {
    200: {
        "description": "The picture.",
        "headers": {"ETag": {"description": "Names these bytes.", "schema": {"type": "string"}}},
        "content": {"image/png": {"schema": _FILE}},
    },
    304: {"description": "You have it already."},
}


def _pictures(*names: str) -> dict[int | str, dict[str, Any]]:
    content = {images.MEDIA[name]: {"schema": _FILE} for name in names}
    return {200: {**_PICTURE[200], "content": content}, 304: _PICTURE[304]}


@router.post(
    "",
    status_code=202,
    summary="Queue a painting",
    response_model=JobOut,
    openapi_extra={"requestBody": FORM},
    responses=QUEUED | refusals(415, 422),
)
async def post(request: Request, response: Response, app_state: StateDep) -> JobOut:
    """Send pictures and settings; the answer comes before the painting begins."""
    limits, store = app_state.limits, app_state.store
    # Before the pictures are read: a full queue shall cost nobody an upload.
    counts = await app_state.keeping(store.counts)
    if counts[State.QUEUED] >= limits.max_queued:
        raise QueueFullError(
            f"{counts[State.QUEUED]} jobs are waiting already, as many as may: try again later"
        )
    posted, inputs = await read_form(request, app_state)
    job = await app_state.keeping(_add, app_state, posted, inputs, client_of(request.scope))
    response.headers["Location"] = f"/api/jobs/{job.id}"
    return job


def _add(app_state: AppState, posted: Posted, inputs: dict[str, str], client: str) -> JobOut:
    limits = app_state.limits
    job = app_state.store.add(
        posted.settings,
        inputs,
        client=client,
        plan=posted.plan_record(),
        max_queued=limits.max_queued,
        max_per_client=limits.max_per_client,
    )
    return job.to_out()


@router.get("", summary="List jobs", responses=refusals(404, 422))
def list_jobs(
    app_state: StateDep,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
    before: Annotated[str | None, Query(description="Only jobs older than this one.")] = None,
    state: Annotated[State | None, Query(description="Only jobs in this state.")] = None,
) -> JobList:
    """The newest first."""
    jobs = app_state.store.jobs(limit=limit + 1, before=before, state=state)
    page = [job.to_out() for job in jobs[:limit]]
    return JobList(jobs=page, next=page[-1].id if len(jobs) > limit else None)


@router.get("/{id}", summary="Look at a job", responses=refusals(404))
def get(app_state: StateDep, id: Id) -> JobOut:
    """The job as it stands."""
    return app_state.store.get(id).to_out()


@router.delete(
    "/{id}",
    summary="Cancel a job, or remove it",
    response_model=JobOut,
    responses={204: {"description": "The job is removed."}, **refusals(404, 409, 422)},
)
def delete(
    app_state: StateDep,
    id: Id,
    purge: Annotated[
        bool, Query(description="Remove a job that has ended, its pictures too.")
    ] = False,
) -> Any:
    """A job that waits is cancelled at once, one that runs within two steps.

    One that has ended stays as it is, unless it shall be removed.
    """
    if purge:
        app_state.store.purge(id)
        return Response(status_code=204)
    return app_state.store.cancel(id).to_out()


@router.get(
    "/{id}/events",
    summary="Listen to a job",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: started, step, preview, and last finished, failed "
            "or cancelled. Their ids count from 1; send the last one as Last-Event-ID to go on.",
            "content": {job_events.MEDIA: {"schema": _EVENT}},
        },
        204: {"description": "The job has ended and you know all of it."},
        **refusals(404, 422),
    },
)
async def events(
    app_state: StateDep,
    id: Id,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", description="The last event you know.")
    ] = None,
    follow: Annotated[
        bool, Query(description="Wait for what is still to come; else the stream ends at once.")
    ] = True,
) -> Response:
    """Everything that happens to it, from its first event on, as it happens."""
    job = await run_in_threadpool(app_state.store.get, id)
    after = job_events.last_id(last_event_id)
    if await run_in_threadpool(job_events.has_all_events, app_state, job, after):
        return Response(status_code=204)
    if not follow:
        return Response(
            await run_in_threadpool(job_events.events_so_far, app_state, job, after),
            media_type=job_events.MEDIA,
        )
    if app_state.streams >= app_state.limits.streams:
        raise Problem(
            429, "streams", "too many listen already: ask again later", {"Retry-After": "10"}
        )
    return StreamingResponse(
        job_events.stream(app_state, job.id, after), media_type=job_events.MEDIA
    )


@router.get(
    "/{id}/inputs/{role}",
    summary="Take a picture that was posted",
    response_class=Response,
    responses={
        200: {**_PICTURE[200], "content": {"application/octet-stream": {"schema": _FILE}}},
        304: _PICTURE[304],
        **refusals(404),
    },
)
def input_image(
    app_state: StateDep,
    id: Id,
    role: Annotated[
        str, Path(description="One of the job's `inputs`.", examples=["content", "style 2"])
    ],
    if_none_match: IfNoneMatch = None,
) -> Response:
    """As it came, to the byte."""
    path = images.input_image(app_state, app_state.store.get(id), role)
    return _file(path, if_none_match, "application/octet-stream")


@router.get(
    "/{id}/image",
    summary="Take the picture",
    response_class=Response,
    responses={**_pictures("png", "jpeg", "webp"), **refusals(404, 409, 422)},
)
def image(
    app_state: StateDep,
    id: Id,
    format: Annotated[images.Format, Query(description="png keeps all there is.")] = "png",
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Of a finished job."""
    job = app_state.store.get(id)
    try:
        path = images.result_image(app_state, job, format)
    except OutputError as error:
        raise InputError(f"the picture cannot be had as {format} ({error}): take png") from None
    return _file(path, if_none_match, images.MEDIA[format], f"impasto-{job.id[:8]}.{format}")


@router.get(
    "/{id}/preview",
    summary="See the picture so far",
    response_class=Response,
    responses={
        **_pictures("png"),
        204: {"description": "There is none yet."},
        **refusals(404),
    },
)
def preview(app_state: StateDep, id: Id, if_none_match: IfNoneMatch = None) -> Response:
    """At the size of its scale."""
    data = images.preview(app_state, app_state.store.get(id))
    if data is None:
        return Response(status_code=204)
    headers = {"ETag": images.etag(data), "Cache-Control": "no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(data, media_type="image/png", headers=headers)


@router.get(
    "/{id}/losses",
    summary="See the losses",
    response_model=Curves,
    responses={
        200: {"content": {"image/png": {"schema": _FILE}}},
        304: _PICTURE[304],
        **refusals(404, 409, 422),
    },
)
def losses(
    app_state: StateDep,
    id: Id,
    format: Annotated[
        Literal["json", "png"], Query(description="As columns, or drawn (of a finished job).")
    ] = "json",
    if_none_match: IfNoneMatch = None,
) -> Any:
    """Of every step so far."""
    job = app_state.store.get(id)
    if format == "json":
        return images.curves(app_state, job)
    return _file(images.curves_picture(app_state, job), if_none_match, "image/png")


def _file(path: File, if_none_match: str | None, media: str, name: str | None = None) -> Response:
    headers = {"ETag": images.etag(path), "Cache-Control": "no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return FileResponse(
        path, media_type=media, headers=headers, filename=name, content_disposition_type="inline"
    )
