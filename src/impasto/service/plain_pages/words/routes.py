"""The address of the page of words, and what the page has to know beforehand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter

from impasto.service.http.state import StateDep
from impasto.service.plain_pages.easel_texts import links
from impasto.service.plain_pages.page import PlainPage
from impasto.service.plain_pages.words.texts import TONES, WORDS

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "words",
    Path(str(files(__package__))) / "static",
    ("words.css", "words.js", "plan.js"),
    WORDS,
    links("words"),
    ("content", "style"),
)


def routes() -> APIRouter:
    """Those of the page alone: pictures travel by the public API."""

    def contents(app_state: StateDep) -> dict[str, object]:
        limits = app_state.limits
        return PAGE.contents(
            tones=TONES,
            reader=app_state.reader is not None,
            guides=app_state.guides,
            limits={"style_bytes": limits.max_upload_bytes, "phrase": limits.max_phrase},
        )

    return PAGE.router(contents)
