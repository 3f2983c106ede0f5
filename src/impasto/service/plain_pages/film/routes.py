"""The address of the page of films, and what the page has to know beforehand."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter

from impasto.errors import MissingPackageError
from impasto.service.film_probe import check_installed
from impasto.service.http.state import StateDep
from impasto.service.plain_pages.film.texts import WORDS
from impasto.service.plain_pages.page import PlainPage

__all__ = ["PAGE", "routes"]

PAGE = PlainPage(
    "film",
    Path(str(files(__package__))) / "static",
    ("film.css", "film.js"),
    WORDS,
    {"studio": "./", "live": "live"},
    ("style",),
    sides=("360", "640", "960", ""),
    side="640",
)


def routes() -> APIRouter:
    """Those of the page alone: films travel by the public API."""

    def contents(app_state: StateDep) -> dict[str, object]:
        limits = app_state.limits
        return PAGE.contents(
            ready=_is_ready(),
            limits={
                "bytes": round(limits.max_film_mb * 1e6),
                "style_bytes": limits.max_upload_bytes,
                "pixels": round(limits.max_film_megapixels * 1e6),
                "seconds": limits.max_film_seconds,
            },
        )

    return PAGE.router(contents)


def _is_ready() -> bool:
    """Whether this studio can paint films."""
    try:
        check_installed()
    except MissingPackageError:
        return False
    return True
