"""The address of the page of portraits, and what the page has to know beforehand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter

from impasto.service.http.state import StateDep
from impasto.service.plain_pages.easel_texts import links
from impasto.service.plain_pages.page import PlainPage
from impasto.service.plain_pages.portrait.texts import WORDS

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "portrait",
    Path(str(files(__package__))) / "static",
    ("portrait.css", "portrait.js"),
    WORDS,
    links("portrait"),
    ("content", "style"),
    strength=60,
)


def routes() -> APIRouter:
    """Those of the page alone: pictures travel by the public API."""

    def contents(app_state: StateDep) -> dict[str, object]:
        limits = app_state.limits
        return PAGE.contents(limits={"style_bytes": limits.max_upload_bytes})

    return PAGE.router(contents)
