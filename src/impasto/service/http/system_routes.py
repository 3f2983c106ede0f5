"""The routes that tell of the studio itself: recipes, health, figures."""

from __future__ import annotations

from fastapi import APIRouter, Response
from pydantic import BaseModel

from impasto import __version__
from impasto.errors import ImpastoError
from impasto.service.http.metrics import MEDIA, Metrics
from impasto.service.http.problems import Problem, refusals
from impasto.service.http.schemas import RecipesShown
from impasto.service.http.state import Here

__all__ = ["Health", "routes"]


class Health(BaseModel):
    """That the studio answers."""

    status: str = "ok"
    version: str = __version__


def routes(metrics: Metrics) -> APIRouter:
    """They need no job.

    Args:
        metrics: whose figures are shown.
    """
    router = APIRouter(tags=["studio"])

    @router.get("/api/recipes", summary="List the recipes", responses=refusals())
    def recipes() -> RecipesShown:
        """With all settings of each."""
        return RecipesShown.all()

    @router.get("/healthz", summary="Is the studio there?", responses=refusals())
    def healthz() -> Health:
        """The process answers."""
        return Health()

    @router.get("/readyz", summary="Can the studio work?", responses=refusals())
    def readyz(studio: Here) -> Health:
        """Its database and its folder can be used."""
        try:
            studio.store.health()
        except (ImpastoError, OSError) as error:
            broken = f"the studio cannot work: its {_what(error)} cannot be used"
            raise Problem(503, "not-ready", broken, {"Retry-After": "30"}) from None
        return Health()

    @router.get(
        "/metrics",
        summary="Figures for Prometheus",
        response_class=Response,
        responses={
            200: {"description": "Figures.", "content": {MEDIA: {"schema": {"type": "string"}}}},
            **refusals(),
        },
    )
    def figures() -> Response:
        """Jobs by state, steps, seconds by route."""
        return Response(metrics.text(), media_type=MEDIA)

    return router


def _what(error: Exception) -> str:
    return "data folder" if "folder" in str(error) else "database"
