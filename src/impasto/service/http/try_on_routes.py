"""The routes of what is painted in one pass while somebody chooses: thumbnails, and drafts.

Nothing of it is kept in the data folder, and no job is made of it.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from impasto.errors import InputError
from impasto.service.contract import PAINTING, VIDEO
from impasto.service.http import images
from impasto.service.http.api import Id
from impasto.service.http.auth import client_of
from impasto.service.http.forms import FILE, open_form
from impasto.service.http.problems import Problem, refusals
from impasto.service.http.schemas import StylesTried, StyleTried
from impasto.service.http.state import AppState, Limits, StateDep
from impasto.service.http.uploads import (
    FORM,
    PHOTOGRAPH_ALONE,
    check_picture,
    checked_form,
    pictures_of,
)
from impasto.service.jobs.tables import Job
from impasto.service.try_on.painter import SIDE
from impasto.service.try_on.process import Refused, TryOn, Unavailable
from impasto.settings import StyleSettings
from impasto.task import Role

__all__ = [
    "DRAFT",
    "JPEG",
    "draft_of",
    "most_megapixels",
    "painter_of",
    "pictures_in",
    "router",
    "while_there",
]

KEPT_S = 3600  # a job's draft, in browsers
JPEG = "image/jpeg"

router = APIRouter(prefix="/api", tags=["try-on"])
Result = TypeVar("Result")

DRAFT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The draft.", "content": {JPEG: {"schema": FILE}}}
}


@router.post(
    "/try-on",
    summary="Try all sample styles on",
    openapi_extra={"requestBody": PHOTOGRAPH_ALONE},
    responses=refusals(415, 422),
)
async def try_on(request: Request, app_state: StateDep) -> StylesTried:
    """The square in the middle of a photograph in every sample style, small, in one pass.

    Who leaves before the answer stops the work. A studio may do without (`--no-try-on`): 503.
    """
    studio, limits = painter_of(app_state), app_state.limits
    async with open_form(request, limits) as form:
        files = pictures_of(form)
        if len(files) > 1 or "settings" in form:
            raise InputError("a photograph is tried on alone: send content, and nothing else")
        (file,) = files.values()
        check_picture(file.file, Role("content").phrase, most_megapixels(limits))
        await file.seek(0)
        photograph = await file.read()
    strip = partial(studio.strip, photograph, most_megapixels(limits), client_of(request.scope))
    pictures = await while_there(request, app_state, strip)
    tried = [StyleTried(style=name, image=_address(data)) for name, data in pictures.items()]
    return StylesTried(side=SIDE, pictures=tried)


@router.post(
    "/drafts",
    summary="Paint a draft",
    response_class=Response,
    openapi_extra={"requestBody": FORM},
    responses={**DRAFT, **refusals(415, 422)},
)
async def draft(request: Request, app_state: StateDep) -> Response:
    """What would be a job, painted small in one pass instead, as far as one pass can.

    Who leaves before the answer stops the work. A studio may do without (`--no-try-on`): 503.
    """
    painter_of(app_state)
    painter_of(app_state)
    async with open_form(request, app_state.limits) as form:
        posted = await checked_form(form, app_state, client_of(request.scope))
        inputs: dict[str, Any] = await pictures_in(posted.files, app_state.limits)
        inputs |= await app_state.keeping(posted.plan_files)
    data = await draft_of(request, app_state, inputs, posted.settings)
    return Response(data, media_type=JPEG)


@router.get(
    "/jobs/{id}/draft",
    summary="See a draft of a job",
    response_class=Response,
    responses={**DRAFT, **refusals(404, 413, 422)},
)
async def job_draft(request: Request, app_state: StateDep, id: Id) -> Response:
    """The job in one pass, small: to be looked at until it has painted something.

    A studio may do without (`--no-try-on`): 503.
    """
    painter_of(app_state)
    job, inputs = await anyio.to_thread.run_sync(_of_job, app_state, id)
    settings = job.style_settings()
    data = await draft_of(request, app_state, inputs, settings, job.kind, job.options)
    headers = {"Cache-Control": f"private, max-age={KEPT_S}"}
    return Response(data, media_type=JPEG, headers=headers)


def _of_job(app_state: AppState, id: str) -> tuple[Job, dict[str, Any]]:
    """A job and its uploads, none of them too large."""
    job = app_state.store.get(id)
    if job.kind == VIDEO:
        raise InputError(f"job {job.id} is a film, which has no draft: look at its preview")
    inputs: dict[str, Any] = {}
    for role in job.inputs:
        inputs[role] = images.input_image(app_state, job, role)
        with inputs[role].open("rb") as file:
            check_picture(file, Role.parse(role).phrase, most_megapixels(app_state.limits))
    return job, inputs


async def pictures_in(files: Mapping[Role, UploadFile], limits: Limits) -> dict[str, bytes]:
    """The bytes of pictures by role, none of them too large to be painted while somebody waits.

    Raises:
        Problem: as for `check_picture`.
    """
    inputs = {}
    for role, file in files.items():
        check_picture(file.file, role.phrase, most_megapixels(limits))
        await file.seek(0)
        inputs[str(role)] = await file.read()
    return inputs


async def draft_of(
    request: Request,
    app_state: AppState,
    inputs: Mapping[str, Any],
    settings: StyleSettings,
    kind: str = PAINTING,
    options: Mapping[str, Any] | None = None,
) -> bytes:
    """What would be a job, painted small in one pass: a JPEG.

    Args:
        request, app_state: as for `while_there`.
        inputs, settings, kind, options: as for `impasto.service.try_on.process.TryOn.draft`.

    Raises:
        Problem: as for `while_there`.
    """
    studio, client = painter_of(app_state), client_of(request.scope)
    most = most_megapixels(app_state.limits)

    def paint(gone: threading.Event) -> bytes:
        return studio.draft(inputs, settings, most, client, gone, kind=kind, options=options)

    return await while_there(request, app_state, paint)


async def while_there(
    request: Request, app_state: AppState, paint: Callable[[threading.Event], Result]
) -> Result:
    """What somebody waits for, who may leave meanwhile.

    Args:
        request: read to its end.
        app_state: counts who waits.
        paint: is told by its event that nobody waits any more.

    Raises:
        Problem: what is painted is refused, or nothing can paint it now.
    """
    gone, answers = threading.Event(), []

    async def listen() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        gone.set()

    async def wait() -> None:
        answers.append(await anyio.to_thread.run_sync(_attempt, limiter=app_state.drafting))
        group.cancel_scope.cancel()

    def _attempt() -> Result | Exception:
        try:
            return paint(gone)
        except Exception as error:  # out of the group, which would wrap it
            return error

    async with anyio.create_task_group() as group:
        group.start_soon(listen)
        group.start_soon(wait)
    (answer,) = answers
    if isinstance(answer, Refused):
        told = answer.refusal
        raise Problem(told.status, told.kind, told.detail)
    if isinstance(answer, Unavailable):
        raise Problem(
            503, "busy", "the studio is too busy to answer: try again later", {"Retry-After": "30"}
        )
    if isinstance(answer, Exception):
        raise answer
    return answer


def painter_of(app_state: AppState) -> TryOn:
    """What paints, where something does.

    Raises:
        Problem: 503.
    """
    if app_state.try_on is None:
        raise Problem(
            503, "no-try-on", "this studio paints no drafts: post a job, which is painted whole"
        )
    return app_state.try_on


def most_megapixels(limits: Limits) -> float:
    """Of a picture that is painted while somebody waits."""
    return min(limits.max_megapixels, limits.max_draft_megapixels)


def _address(data: bytes) -> str:
    return f"data:{JPEG};base64,{base64.b64encode(data).decode()}"
