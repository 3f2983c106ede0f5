"""The routes that tell of the studio itself: recipes, health, and figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from impasto.errors import ImpastoError
from impasto.service.http.problems import Problem, refusals
from impasto.service.http.schemas import Health, RecipeList
from impasto.service.http.state import StateDep
from impasto.service.jobs.store import Store

__all__ = ["Metrics", "routes"]

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10, 60)


def routes(metrics: Metrics) -> APIRouter:
    """They need no job.

    Args:
        metrics: whose figures are shown.
    """
    router = APIRouter(tags=["studio"])

    @router.get("/api/recipes", summary="List the recipes", responses=refusals())
    def recipes() -> RecipeList:
        """With all settings of each."""
        return RecipeList.all()

    @router.get("/healthz", summary="Is the studio there?", responses=refusals())
    def healthz() -> Health:
        """The process answers."""
        return Health()

    @router.get("/readyz", summary="Can the studio work?", responses=refusals())
    def readyz(app_state: StateDep) -> Health:
        """Its database and its folder can be used."""
        try:
            app_state.store.health()
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


class Metrics:
    """The figures of one studio.

    Args:
        store: asked for its jobs whenever the figures are read.
    """

    def __init__(self, store: Store) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "impasto_request_seconds",
            "Seconds until an answer began.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._registry.register(_Jobs(store))
        ProcessCollector(registry=self._registry)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """Count an answer; its route is the template, so that no id makes a series of its own."""
        route = getattr(scope.get("route"), "path", None)
        label = route if isinstance(route, str) and status != 404 else "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._seconds.labels(method, label, str(status)).observe(seconds)

    def text(self) -> bytes:
        """All figures in Prometheus' own format."""
        return generate_latest(self._registry)


_METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")


class _Jobs(Collector):
    """Reads the store at each look, so that nothing has to be counted along."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def collect(self) -> Iterable[Metric]:
        jobs = GaugeMetricFamily("impasto_jobs", "Jobs that are kept, by state.", labels=["state"])
        totals = self._store.totals()
        for state, count in totals.jobs.items():
            jobs.add_metric([state], count)
        yield jobs
        steps = GaugeMetricFamily("impasto_steps", "Steps painted, of the jobs that are kept.")
        steps.add_metric([], totals.steps)
        yield steps

    def describe(self) -> Iterable[Metric]:
        return []  # without asking the store before it is needed
