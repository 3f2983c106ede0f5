from __future__ import annotations

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from impasto import __version__
from impasto.errors import OutputError
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES
from tests.studio import FakeWorker


def test_recipes_are_told_with_all_their_settings(api: TestClient) -> None:
    recipes = {recipe["name"]: recipe for recipe in api.get("/api/recipes").json()["recipes"]}
    assert list(recipes) == list(RECIPES)
    for name, recipe in recipes.items():
        assert StyleSettings(**recipe["settings"]) == StyleSettings(recipe=name)
    assert recipes["gatys"]["differs"] == RECIPES["gatys"].differs


def test_a_studio_that_works_is_well(api: TestClient) -> None:
    for path in ("/healthz", "/readyz"):
        assert api.get(path).json() == {"status": "ok", "version": __version__}


def test_a_studio_without_its_folder_lives_but_is_not_ready(
    app: FastAPI, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OutputError("the data folder /home/ada cannot be written (no space left)")

    monkeypatch.setattr(app.state.studio.store, "health", broken)
    assert api.get("/healthz").status_code == 200
    answer = api.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "ada" not in answer.text


def figures(api: TestClient) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(api.get("/metrics").text)
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_jobs_are_counted_by_state_and_their_steps_together(
    api: TestClient, worker: FakeWorker
) -> None:
    worker.start()
    worker.step(3)
    samples = figures(api)
    assert samples["impasto_jobs", (("state", "running"),)] == 1
    assert samples["impasto_jobs", (("state", "finished"),)] == 0
    assert samples["impasto_steps", ()] == 3


def test_answers_are_timed_by_route_and_not_by_id(api: TestClient, worker: FakeWorker) -> None:
    api.get(f"/api/jobs/{worker.id}")
    api.get(f"/api/jobs/{worker.id}")
    api.get("/nowhere/at/all")
    api.request("BREW", "/api/jobs")
    samples = figures(api)

    def count(method: str, route: str, status: str) -> float | None:
        labels = (("method", method), ("route", route), ("status", status))
        return samples.get(("impasto_request_seconds_count", labels))

    assert count("GET", "/api/jobs/{id}", "200") == 2
    assert count("GET", "other", "404") == 1
    assert not [labels for _, labels in samples if ("method", "BREW") in labels]
    assert not [labels for _, labels in samples if worker.id in str(labels)]
