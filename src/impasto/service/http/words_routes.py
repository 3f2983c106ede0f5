"""The routes of words about a painting: what they come to, and the words that are known."""

from __future__ import annotations

from functools import partial

import anyio
from fastapi import APIRouter

from impasto.errors import SettingError
from impasto.service.http.problems import refusals
from impasto.service.http.schemas import PlanOut, TermList, TermOut, WordsIn
from impasto.service.http.state import StateDep
from impasto.service.http.words import plan_record, untrusted_plan
from impasto.words.vocabulary import terms

__all__ = ["router"]

router = APIRouter(prefix="/api", tags=["words"])


@router.post("/plan", summary="See what words come to", responses=refusals(415, 422))
async def plan(asked: WordsIn, app_state: StateDep) -> PlanOut:
    """Styles with their shares, settings, and the words that are unknown; nothing is painted.

    A `POST /api/jobs` with the answer as `plan` paints it; so does one with the same words as
    `text`, where no language model read them.
    """
    if asked.described and app_state.reader is None:
        raise SettingError("nobody has named a language model here: leave described out")
    reading = partial(
        untrusted_plan,
        asked.text,
        asked.styles,
        app_state.limits.max_phrase,
        app_state.reader if asked.described else None,
    )
    limiter = app_state.reading if asked.described else None
    read = await anyio.to_thread.run_sync(reading, limiter=limiter)
    given = [f"style-{number}.jpg" for number in range(1, asked.styles + 1)]
    return PlanOut(**plan_record(read, given))


@router.get("/words", summary="List the words that are known", responses=refusals())
def words() -> TermList:
    """Every term of the vocabulary but the names of colours, by what it is about."""
    return TermList(
        words=[
            TermOut(kind=term.kind, en=term.en, zh=term.zh, also=list(term.also))
            for term in terms()
        ]
    )
