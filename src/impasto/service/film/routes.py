"""The addresses of the page of films: it, its own files, and what it has to know beforehand.

Its looks, its words' script and the samples are the live page's; films travel by the public API.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, RedirectResponse

from impasto.errors import MissingPackageError
from impasto.service.film.texts import WORDS
from impasto.service.film_probe import check_installed
from impasto.service.http.problems import Problem
from impasto.service.http.state import Limits, StateDep
from impasto.service.live.routes import samples_shown
from impasto.service.page.texts import LANGUAGE_COOKIE, LANGUAGES

__all__ = ["ASSETS", "routes"]

ASSETS = {"film.css": "text/css", "film.js": "text/javascript", "watch.js": "text/javascript"}
_FRESH = {"Cache-Control": "no-cache"}


def routes() -> APIRouter:
    """They answer GET and HEAD alone, and are no part of the API."""
    router = APIRouter(include_in_schema=False)
    static = Path(str(files(__package__))) / "static"

    @router.api_route("/film", methods=["GET", "HEAD"])
    def page() -> Response:
        return FileResponse(static / "film.html", headers=_FRESH)

    @router.api_route("/film/", methods=["GET", "HEAD"])
    def slash() -> Response:
        return RedirectResponse("../film")

    @router.api_route("/film/contents.json", methods=["GET", "HEAD"])
    def contents(app_state: StateDep) -> dict[str, Any]:
        return _contents(app_state.limits)

    @router.api_route("/film/{name}", methods=["GET", "HEAD"])
    def asset(name: str) -> Response:
        if name not in ASSETS:
            raise Problem(404, "unknown-address", "there is nothing at this address")
        return FileResponse(static / name, media_type=ASSETS[name], headers=_FRESH)

    return router


def _contents(limits: Limits) -> dict[str, Any]:
    """All that the page has to know, its addresses from its own address on."""
    return {
        "ready": _is_ready(),
        "limits": {
            "bytes": round(limits.max_film_mb * 1e6),
            "style_bytes": limits.max_upload_bytes,
            "pixels": round(limits.max_film_megapixels * 1e6),
            "seconds": limits.max_film_seconds,
        },
        "samples": {"style": samples_shown("style")},
        "words": WORDS,
        "languages": LANGUAGES,
        "cookie": LANGUAGE_COOKIE,
    }


def _is_ready() -> bool:
    """Whether this studio can paint films."""
    try:
        check_installed()
    except MissingPackageError:
        return False
    return True
