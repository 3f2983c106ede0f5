"""The routes of what is arranged before it is painted; once posted, it is a job as any other."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from impasto.service.contract import JobOut, path_of
from impasto.service.http.arranged import ArrangedForm, form_of, read_form
from impasto.service.http.auth import client_of
from impasto.service.http.forms import QUEUED
from impasto.service.http.problems import refusals
from impasto.service.http.state import StateDep

__all__ = ["DOODLE", "router", "routes"]

_STYLE = "The picture to learn from."
DOODLE = ArrangedForm(
    "doodle",
    {
        "content": "The drawing, in flat colours; what is transparent is paper.",
        "style": "The painting whose parts it is painted of.",
        "labels": "The painting in the same flat colours, each where its part lies; without it the "
        "parts are found.",
    },
)
_LETTER = ArrangedForm(
    "letter",
    {
        "content": "Lettering or a logo of your own, in place of a text.",
        "style": _STYLE,
        "style mask": "White where the picture shows letters, or the part to learn from.",
    },
    '{"text": "Spring"}',
)
_PORTRAIT = ArrangedForm(
    "portrait",
    {
        "content": "The photograph, with a face.",
        "style": "Pictures to learn from.",
    },
    '{"framing": "bust"}',
)
_SUMMARIES = (
    (DOODLE, "Queue a drawing to be painted"),
    (_LETTER, "Queue words to be painted"),
    (_PORTRAIT, "Queue a portrait"),
)


def router() -> APIRouter:
    """The routes of every kind."""
    own = APIRouter(tags=["arranged"])
    for form, summary in _SUMMARIES:
        own.include_router(routes(form, summary))
    return own


def routes(form: ArrangedForm, summary: str) -> APIRouter:
    """The route of one kind.

    Args:
        form: of the kind.
        summary: in a few words.
    """
    own = APIRouter()

    @own.post(
        path_of(form.kind),
        status_code=202,
        summary=summary,
        response_model=JobOut,
        name=f"post_{form.kind}",
        openapi_extra={"requestBody": form_of(form)},
        responses=QUEUED | refusals(415, 422),
    )
    async def post(request: Request, response: Response, app_state: StateDep) -> JobOut:
        """Send pictures, options and settings; the answer comes before the painting begins.

        What it is arranged to stands among the notes of the job.
        """
        limits, client = app_state.limits, client_of(request.scope)
        room: dict[str, Any] = {
            "max_queued": limits.max_queued,
            "max_per_client": limits.max_per_client,
        }
        await app_state.keeping(app_state.store.check_room, client, **room)
        settings, options, inputs = await read_form(request, app_state, form.kind)
        job = await app_state.keeping(
            app_state.store.add,
            settings,
            inputs,
            client=client,
            kind=form.kind,
            options=options,
            **room,
        )
        response.headers["Location"] = f"/api/jobs/{job.id}"
        return job.to_out()

    return own
