"""The studio as one ASGI application: open this file and you see how it is put together."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from impasto import __version__
from impasto.service.http import (
    api,
    arranged_routes,
    doodle_routes,
    film_routes,
    problems,
    system_routes,
    try_on_routes,
    words_routes,
)
from impasto.service.http.middleware import OPEN, AccessMiddleware, AllowedOrigins
from impasto.service.http.state import AppState, Limits
from impasto.service.http.system_routes import Metrics
from impasto.service.jobs.store import Store
from impasto.service.try_on.process import TryOn
from impasto.words.language_model import LanguageModel

__all__ = ["create_app"]

TITLE = "impasto"
SUMMARY = "Neural style transfer: paint a photograph in the style of another picture."
DESCRIPTION = """Post a photograph and style images with settings, listen to the steps, take the
picture. Everything that goes wrong is answered as `application/problem+json` in one sentence."""


def create_app(
    store: Store,
    *,
    token: str | None = None,
    limits: Limits | None = None,
    page: bool = True,
    origins: Collection[str] = (),
    try_on: TryOn | None = None,
    reader: LanguageModel | None = None,
    guides: bool = False,
) -> FastAPI:
    """The API, the page and the middleware before both.

    Args:
        store: whose jobs they are; workers are somebody else's matter.
        token: that requests must carry; None: only requests to this very machine are answered.
        limits: see there.
        page: whether the page stands at "/", and the plain ones at "/live", "/film", "/doodle",
            "/letter", "/portrait" and "/words".
        origins: sites whose pages may use the API (CORS).
        try_on: paints thumbnails and drafts, and is started and stopped by somebody else; None:
            they are refused, and the page does without.
        reader: a language model that reads descriptions, for who asks for it; None: for nobody.
        guides: whether the workers have a CLIP model, so that words can guide a painting.

    Returns:
        The application; `app.state.studio` is what its routes share.
    """
    limits = limits or Limits()
    app = FastAPI(
        title=TITLE,
        summary=SUMMARY,
        description=DESCRIPTION,
        version=__version__,
        # The usual pages for it load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.studio = app_state = AppState(store, limits, try_on, reader, guides)
    metrics = Metrics(store)
    problems.install(app)
    app.include_router(api.router)
    app.include_router(film_routes.router)
    app.include_router(arranged_routes.router())
    app.include_router(doodle_routes.router)
    app.include_router(try_on_routes.router)
    app.include_router(words_routes.router)
    app.include_router(system_routes.routes(metrics))
    app.openapi = lambda: _openapi(app, bool(token))  # type: ignore[method-assign]
    if page:
        from impasto.service.page import mount
        from impasto.service.plain_pages.doodle.routes import routes as doodle_page
        from impasto.service.plain_pages.film.routes import routes as film_page
        from impasto.service.plain_pages.letter.routes import routes as letter_page
        from impasto.service.plain_pages.live.routes import routes as live_page
        from impasto.service.plain_pages.page import shared_routes
        from impasto.service.plain_pages.portrait.routes import routes as portrait_page
        from impasto.service.plain_pages.words.routes import routes as words_page

        # Before the page, which takes every address that is left.
        for routes in (live_page, film_page, doodle_page, letter_page, portrait_page, words_page):
            app.include_router(routes())
        app.include_router(shared_routes())
        app = mount(app)
    # The last one added is the first one passed.
    app.add_middleware(
        AccessMiddleware,
        token=token,
        limits=limits,
        origins=origins,
        observer=metrics.observe,
        closing=app_state.closing,
    )
    if origins:
        app.add_middleware(
            AllowedOrigins,
            allow_origins=origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=("Authorization", "Last-Event-ID"),
            expose_headers=("ETag", "Location", "Retry-After", "Content-Range"),
        )
    return app


def _openapi(app: FastAPI, wants_token: bool) -> dict[str, Any]:
    """The description of the API, with our own problems in place of the framework's."""
    if app.openapi_schema is None:
        description = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
        )
        parts = description.setdefault("components", {})
        schemas = parts.setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for methods in description["paths"].values():
            for operation in methods.values():
                responses = operation["responses"]
                content = responses.get("422", {}).get("content", {problems.MEDIA: 0})
                if problems.MEDIA not in content:
                    del responses["422"]  # the framework's guess; these parameters take any text
        schemas["Problem"] = problems.SCHEMA
        parts["securitySchemes"] = {
            "bearer": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic", "description": "Any user."},
        }
        if wants_token:
            description["security"] = [{"bearer": []}, {"basic": []}]
            for path in OPEN:
                description["paths"][path]["get"]["security"] = []
        app.openapi_schema = description
    return app.openapi_schema
