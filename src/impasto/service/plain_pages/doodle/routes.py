"""The address of the page of drawings, and what the page has to know beforehand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter

from impasto.service.http.state import StateDep
from impasto.service.plain_pages.doodle.texts import WORDS
from impasto.service.plain_pages.easel_texts import links
from impasto.service.plain_pages.page import PlainPage

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "doodle",
    Path(str(files(__package__))) / "static",
    ("doodle.css", "doodle.js", "drawing.js", "outside.js", "palette.js", "starters.js"),
    WORDS,
    links("doodle"),
    ("style",),
)


def routes() -> APIRouter:
    """Those of the page alone: drawings travel by the public API."""

    def contents(app_state: StateDep) -> dict[str, object]:
        limits = app_state.limits
        return PAGE.contents(
            has_preview=app_state.try_on is not None,
            limits={"style_bytes": limits.max_upload_bytes},
        )

    return PAGE.router(contents)
