"""The routes of who draws: the parts of a painting as colours, and a drawing painted at once.

Nothing of it is kept in the data folder, and no job is made of it.
"""

from __future__ import annotations

import json
from functools import partial

from fastapi import APIRouter, Request, Response

from impasto.service.http.arranged import checked, form_of
from impasto.service.http.arranged_routes import DOODLE
from impasto.service.http.auth import client_of
from impasto.service.http.forms import FILE, described, files_of, open_form
from impasto.service.http.problems import refusals
from impasto.service.http.schemas import ColourOut, DoodlePalette
from impasto.service.http.state import StateDep
from impasto.service.http.try_on_routes import (
    DRAFT,
    JPEG,
    draft_of,
    most_megapixels,
    painter_of,
    pictures_in,
    while_there,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/doodles", tags=["arranged"])
_PALETTE_FORM = described(
    {
        "styles": {**FILE, "description": DOODLE.pictures["style"]},
        "labels": {**FILE, "description": DOODLE.pictures["labels"]},
    },
    ["styles"],
)


@router.post(
    "/palette",
    summary="Find the parts of a painting",
    openapi_extra={"requestBody": _PALETTE_FORM},
    responses=refusals(415, 422),
)
async def palette(request: Request, app_state: StateDep) -> DoodlePalette:
    """The parts of a painting as colours to draw in: each is painted of its own part.

    Who leaves before the answer stops the work. A studio may do without (`--no-try-on`): 503.
    """
    studio, limits = painter_of(app_state), app_state.limits
    async with open_form(request, limits) as form:
        files = files_of(form, {"styles": "style", "labels": "labels"}, [], one="styles")
        inputs = await pictures_in(files, limits)
    find = partial(studio.palette, inputs, most_megapixels(limits), client_of(request.scope))
    found = json.loads(await while_there(request, app_state, find))
    return DoodlePalette(colours=[ColourOut(**colour) for colour in found])


@router.post(
    "/preview",
    summary="See a drawing painted at once",
    response_class=Response,
    openapi_extra={"requestBody": form_of(DOODLE)},
    responses={**DRAFT, **refusals(415, 422)},
)
async def preview(request: Request, app_state: StateDep) -> Response:
    """What would be a job, painted small in one pass instead.

    Who leaves before the answer stops the work. A studio may do without (`--no-try-on`): 503.
    """
    painter_of(app_state)
    async with open_form(request, app_state.limits) as form:
        posted = checked(form, app_state.limits, DOODLE.kind)
        inputs = await pictures_in(posted.files, app_state.limits)
    data = await draft_of(request, app_state, inputs, posted.settings, DOODLE.kind, posted.options)
    return Response(data, media_type=JPEG)
