"""The page asks the application it stands in, behind the access and on the application's loop."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.errors import QueueFullError, UnknownJobError
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.http.state import Limits
from impasto.service.jobs.store import Store
from impasto.service.page.api import connector
from tests.service.page.conftest import app_without_access
from tests.studio import HERE, png


@pytest.fixture
def app(store: Store) -> FastAPI:
    return app_without_access(store, Limits(max_per_client=1))


def test_limits_of_the_api_count_by_the_visitor(app: FastAPI, store: Store) -> None:
    connect = connector(app, run=anyio.run)
    ada, bob = connect("203.0.113.1"), connect("2001:db8::1:2:3:4")
    ada.submit(png(), png())
    with pytest.raises(QueueFullError):
        ada.submit(png(), png())
    bob.submit(png(), png())
    assert {job.client for job in store.jobs()} == {"203.0.113.1", "2001:db8::"}


def test_the_access_is_not_passed_twice(app: FastAPI) -> None:
    connect = connector(app, run=anyio.run)
    app.add_middleware(AccessMiddleware, token="a token of some length", limits=Limits(burst=1))
    assert TestClient(app, base_url=HERE).get("/api/jobs").status_code == 401
    for _ in range(3):  # neither is the token asked for nor does the rate limit count
        assert connect("203.0.113.1").jobs() == []


def test_a_refusal_is_the_same_error_as_at_home(app: FastAPI) -> None:
    with pytest.raises(UnknownJobError, match="there is no job"):
        connector(app, run=anyio.run)("ada").job("f" * 32)


def test_more_visitors_than_the_application_has_threads_all_get_an_answer(app: FastAPI) -> None:
    connect = connector(app)
    answers = []

    async def visit(limiter: anyio.CapacityLimiter) -> None:
        ask = connect("ada").jobs
        answers.append(await anyio.to_thread.run_sync(ask, limiter=limiter))

    async def all_at_once() -> None:
        limiter = anyio.CapacityLimiter(60)
        with anyio.fail_after(60):
            async with anyio.create_task_group() as group:
                for _ in range(60):
                    group.start_soon(visit, limiter)

    anyio.run(all_at_once)
    assert answers == [[]] * 60


TORCHLESS = """
import sys
sys.modules["torch"] = None  # importing it fails now
from pathlib import Path
from impasto.service.http.app import create_app
from impasto.service.jobs.store import Store
store = Store(data=Path(sys.argv[1]))
create_app(store)
store.close()
assert not any(name.startswith("torch.") for name in sys.modules)
print("stands")
"""


def test_the_page_stands_where_torch_is_not_installed(tmp_path: Path) -> None:
    variables = {k: v for k, v in os.environ.items() if k != "IMPASTO_DATABASE_URL"}
    run = subprocess.run(
        [sys.executable, "-c", TORCHLESS, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env=variables,
        timeout=120,
    )
    assert run.stdout == "stands\n", run.stderr
