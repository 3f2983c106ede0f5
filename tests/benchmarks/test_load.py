"""The load test, small: it counts right, and loses nothing of what a studio answers."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.load import Tally, figures, knock

pytest.importorskip("fastapi", reason="the extra web is not installed")


class Studio:
    """Answers as one does whose queue is full at first, and whose jobs take two looks."""

    def __init__(self) -> None:
        self.has_refused = False
        self.looks: dict[str, Iterator[str]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            if not self.has_refused:
                self.has_refused = True
                return httpx.Response(429, headers={"Retry-After": "0"})
            id = f"{len(self.looks)}"
            self.looks[id] = iter(["queued", "running", "finished"])
            return httpx.Response(202, json={"id": id})
        return httpx.Response(200, json={"state": next(self.looks[request.url.path[10:]])})


def test_a_refusal_is_waited_out_and_every_answer_counted() -> None:
    transport = httpx.MockTransport(Studio())
    results = figures(asyncio.run(knock("http://a", 3, every_s=0, transport=transport)))
    assert results["statuses"] == {"200": 9, "202": 3, "429": 1}
    assert (results["ends"], results["lost"]) == ({"finished": 3}, 0)
    assert (results["get_job_ms"]["count"], results["post_job_ms"]["count"]) == (9, 4)


def test_a_job_without_an_end_is_lost() -> None:
    def forgetful(request: httpx.Request) -> httpx.Response:
        job = {"id": "1", "state": "queued"}
        return httpx.Response(202 if request.method == "POST" else 200, json=job)

    transport = httpx.MockTransport(forgetful)
    tally = asyncio.run(knock("http://a", 2, every_s=0.01, limit_s=0.2, transport=transport))
    assert tally.lost == 2


def test_shares_of_one_answer_are_that_answer() -> None:
    results = figures(Tally(looks=[0.25], posts=[0.5]))
    assert results["get_job_ms"] == {
        "count": 1,
        **dict.fromkeys(("p50", "p95", "p99", "max"), 250.0),
    }


def test_a_real_studio_answers_twenty_clients_at_once(tmp_path: Path) -> None:
    """Its worker paints nothing here, so that the studio alone is asked."""
    import threading

    from impasto.service.http.app import create_app
    from impasto.service.http.serving import Server, bound, url_of
    from impasto.service.jobs.store import Store
    from tests.studio import FakeWorker

    clients, answers = 20, threading.Event()
    store = Store(data=tmp_path)

    def paint() -> None:
        for _ in range(clients):
            job = None
            while job is None:
                job = store.claim("fake")
            FakeWorker(store, job).paint()

    with bound("127.0.0.1", 0) as place:
        server = Server(create_app(store, page=False), answers.set)
        threads = [
            threading.Thread(target=server.run, kwargs={"sockets": [place]}),
            threading.Thread(target=paint),
        ]
        for thread in threads:
            thread.start()
        assert answers.wait(60)
        results = figures(asyncio.run(knock(url_of(place), clients, every_s=0.05, limit_s=30)))
        server.should_exit = True
        for thread in threads:
            thread.join(60)
    store.close()
    assert (results["ends"], results["lost"]) == ({"finished": clients}, 0)
    assert not [status for status in results["statuses"] if status >= "500"]
