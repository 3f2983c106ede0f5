"""The address of the page of letters, and what the page has to know beforehand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter

from impasto.service.http.state import StateDep
from impasto.service.plain_pages.easel_texts import links
from impasto.service.plain_pages.letter.texts import WORDS
from impasto.service.plain_pages.page import PlainPage

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "letter",
    Path(str(files(__package__))) / "static",
    ("letter.css", "letter.js"),
    WORDS,
    links("letter"),
    ("style",),
    sides=("512", "768", "1024"),
    side="768",
)


def routes() -> APIRouter:
    """Those of the page alone: pictures travel by the public API."""

    def contents(app_state: StateDep) -> dict[str, object]:
        limits = app_state.limits
        return PAGE.contents(
            limits={"style_bytes": limits.max_upload_bytes, "text": limits.max_text}
        )

    return PAGE.router(contents)
