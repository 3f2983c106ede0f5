from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.studio import FakeWorker


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
    found = figures(api)
    assert found["impasto_jobs", (("state", "running"),)] == 1
    assert found["impasto_jobs", (("state", "finished"),)] == 0
    assert found["impasto_steps", ()] == 3


def test_answers_are_timed_by_route_and_not_by_id(api: TestClient, worker: FakeWorker) -> None:
    api.get(f"/api/jobs/{worker.id}")
    api.get(f"/api/jobs/{worker.id}")
    api.get("/nowhere/at/all")
    api.request("BREW", "/api/jobs")
    found = figures(api)

    def count(method: str, route: str, status: str) -> float | None:
        labels = (("method", method), ("route", route), ("status", status))
        return found.get(("impasto_request_seconds_count", labels))

    assert count("GET", "/api/jobs/{id}", "200") == 2
    assert count("GET", "other", "404") == 1
    assert not [labels for _, labels in found if ("method", "BREW") in labels]
    assert not [labels for _, labels in found if worker.id in str(labels)]
