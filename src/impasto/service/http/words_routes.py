"""The routes of words about a painting: what they come to, and the words that are known."""

from __future__ import annotations

import threading
from functools import partial

import anyio
from fastapi import APIRouter, Request

from impasto.errors import SettingError
from impasto.service.http.auth import client_of
from impasto.service.http.problems import refusals
from impasto.service.http.schemas import PlanOut, TermList, TermOut, WordsIn
from impasto.service.http.state import StateDep
from impasto.service.http.try_on_routes import while_there
from impasto.service.http.words import plan_record, rank_for, untrusted_plan
from impasto.words import Plan
from impasto.words.vocabulary import terms

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["words"])


@router.post("/plan", summary="See what words come to", responses=refusals(415, 422))
async def plan(asked: WordsIn, request: Request, app_state: StateDep) -> PlanOut:
    """Styles with their shares, settings, and the words that are unknown; nothing is painted.

    Where the server has a CLIP model, it ranks the samples by words that name no style.

    A `POST /api/jobs` with the answer as `plan` paints it; so does one with the same words as
    `text`, where no language model read them.
    """
    if asked.described and app_state.reader is None:
        raise SettingError("nobody has named a language model here: leave described out")
    most = app_state.limits.max_phrase

    def read(gone: threading.Event) -> Plan:
        rank = rank_for(app_state, client_of(request.scope), gone)
        return untrusted_plan(asked.text, asked.styles, most, rank=rank)

    if asked.described:
        ask = partial(untrusted_plan, asked.text, asked.styles, most, reader=app_state.reader)
        made = await anyio.to_thread.run_sync(ask, limiter=app_state.reading)
    else:
        made = await while_there(request, app_state, read)
    given = [f"style-{number}.jpg" for number in range(1, asked.styles + 1)]
    return PlanOut(**plan_record(made, given))


@router.get("/words", summary="List the words that are known", responses=refusals())
def words() -> TermList:
    """Every term of the vocabulary but the names of colours, by what it is about."""
    return TermList(
        words=[
            TermOut(kind=term.kind, en=term.en, zh=term.zh, also=list(term.also))
            for term in terms()
        ]
    )
