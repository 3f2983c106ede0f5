"""The API against its own description."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.http import events
from impasto.service.http.app import create_app
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from tests.studio import HERE, FakeWorker
from tests.tried import FakeTryOn

ROUTES = {
    "/api/jobs": {"get", "post"},
    "/api/jobs/{id}": {"get", "delete"},
    "/api/jobs/{id}/events": {"get"},
    "/api/jobs/{id}/inputs/{role}": {"get"},
    "/api/jobs/{id}/image": {"get"},
    "/api/jobs/{id}/preview": {"get"},
    "/api/jobs/{id}/losses": {"get"},
    "/api/jobs/{id}/draft": {"get"},
    "/api/jobs/{id}/film": {"get"},
    "/api/films": {"post"},
    "/api/doodles": {"post"},
    "/api/doodles/palette": {"post"},
    "/api/doodles/preview": {"post"},
    "/api/letters": {"post"},
    "/api/portraits": {"post"},
    "/api/plan": {"post"},
    "/api/words": {"get"},
    "/api/try-on": {"post"},
    "/api/drafts": {"post"},
    "/api/recipes": {"get"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture
def described(api: TestClient) -> dict[str, Any]:
    description: dict[str, Any] = api.get("/openapi.json").json()
    return description


def operations(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in described["paths"].values():
        yield from methods.values()


def test_every_route_is_described(described: dict[str, Any]) -> None:
    assert {path: set(methods) for path, methods in described["paths"].items()} == ROUTES


def test_every_operation_has_a_summary_and_every_refusal_is_a_problem(
    described: dict[str, Any],
) -> None:
    for operation in operations(described):
        assert operation["summary"]
        assert {"401", "413", "429"} <= operation["responses"].keys()
        for status, response in operation["responses"].items():
            assert response["description"]
            if int(status) >= 400:
                (media,) = response["content"]
                assert media == "application/problem+json"
    assert described["components"]["schemas"]["Problem"]["example"]["status"] == 422


def test_every_shape_has_an_example_that_fits_it(described: dict[str, Any]) -> None:
    from impasto.service import contract
    from impasto.service.http import schemas

    for name in ("JobOut", "Curves", "RecipeOut"):
        (example,) = described["components"]["schemas"][name]["examples"]
        model = contract.JobOut if name == "JobOut" else getattr(schemas, name)
        nothing = dict.fromkeys(model.model_fields)  # the framework leaves out what is null
        shown_again = model(**nothing | example).model_dump(mode="json")
        assert {n: v for n, v in shown_again.items() if v is not None} == example


def test_the_token_is_described_where_it_is_wanted(store: Store, described: dict[str, Any]) -> None:
    assert "security" not in described
    app = create_app(store, token="secret", page=False)
    description = app.openapi()
    assert description["security"] == [{"bearer": []}, {"basic": []}]
    assert description["paths"]["/healthz"]["get"]["security"] == []


def test_the_access_is_checked_first_and_hears_of_the_closing(app: FastAPI) -> None:
    first = app.user_middleware[0]
    assert first.cls is AccessMiddleware
    assert first.kwargs["closing"] is app.state.studio.closing


def test_a_browser_asks_for_another_site_without_the_token(store: Store) -> None:
    site = {"Origin": "https://site.example"}
    preflight = {**site, "Access-Control-Request-Method": "POST"}
    closed = TestClient(create_app(store, token="secret", page=False), base_url=HERE)
    answer = closed.options("/api/jobs", headers=preflight)
    assert answer.status_code == 401
    assert not [name for name in answer.headers if name.startswith("access-control")]

    app = create_app(store, token="secret", page=False, origins=["https://site.example"])
    opened = TestClient(app, base_url=HERE)
    answer = opened.options("/api/jobs", headers=preflight)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://site.example"
    assert "POST" in answer.headers["access-control-allow-methods"]
    refused = opened.options("/api/jobs", headers=preflight | {"Origin": "https://b.example"})
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert "access-control-allow-origin" not in refused.headers


def test_a_page_of_an_allowed_site_can_read_refusals_too(store: Store) -> None:
    app = create_app(store, token="secret", page=False, origins=["https://site.example"])
    client = TestClient(app, base_url=HERE)
    answer = client.get("/api/jobs", headers={"Origin": "https://site.example"})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == "https://site.example"
    assert "Retry-After" in answer.headers["access-control-expose-headers"]


def test_no_page_of_the_framework_s_own_is_served(api: TestClient) -> None:
    """They would load scripts from elsewhere."""
    assert [api.get(path).status_code for path in ("/docs", "/redoc")] == [404, 404]


@pytest.fixture
def free(store: Store, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    """A studio that lets a machine ask as fast as it can."""
    monkeypatch.setattr(events, "LOOK_S", 0.0)
    limits = Limits(requests_per_s=1e6, burst=1_000_000, max_queued=10_000, max_per_client=10_000)
    return create_app(store, limits=limits, page=False, try_on=FakeTryOn())


def test_answers_are_what_the_description_says(free: FastAPI, worker: FakeWorker) -> None:
    """Schemathesis makes requests of every kind, right and wrong, for each operation in turn.

    Every other one asks for a job that there is.
    """
    worker.paint()
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis.errors import Unsatisfiable

    schema = schemathesis.openapi.from_dict(
        TestClient(free, base_url=HERE).get("/openapi.json").json()
    )
    schema.app = free
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    labels: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in schemathesis.GenerationMode:

            @given(case=operation.as_strategy(generation_mode=mode))
            @settings(
                max_examples=5,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            def request(case: Any) -> None:
                if len(labels) % 2 and case.method == "GET" and "id" in case.path_parameters:
                    case.path_parameters["id"] = worker.id
                case.call_and_validate(base_url=HERE, checks=checks)
                labels.append(case.operation.label)

            with suppress(Unsatisfiable):  # what takes nothing can be asked nothing wrong
                request()
    assert len(set(labels)) == sum(map(len, ROUTES.values()))
