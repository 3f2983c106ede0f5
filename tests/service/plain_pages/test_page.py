"""The plain pages over HTTP: what is there, and what is not."""

from __future__ import annotations

import pytest

pytest.importorskip("gradio", reason="the extra web is not installed")

from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.film import routes as film
from impasto.service.http import problems
from impasto.service.http.state import AppState, Limits
from impasto.service.jobs.store import Store
from impasto.service.live import routes as live
from impasto.service.plain_pages.page import PlainPage
from tests.studio import HERE

each_page = pytest.mark.parametrize("page", [film.PAGE, live.PAGE], ids=lambda page: page.name)


@pytest.fixture
def http(store: Store) -> TestClient:
    app = FastAPI()
    app.state.studio = AppState(store, Limits())
    problems.install(app)
    app.include_router(film.routes())
    app.include_router(live.routes())
    return TestClient(app, base_url=HERE)


@each_page
def test_the_page_and_its_own_files_are_there(http: TestClient, page: PlainPage) -> None:
    address = f"/{page.name}"
    assert http.get(address).text == page.html()
    assert http.head(address).status_code == 200
    assert http.get(f"{address}/").text == page.html()
    for name in page.assets:
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        assert http.get(f"{address}/{name}").headers["content-type"].startswith(kind), name


@each_page
def test_nothing_else_of_its_folders_is_there(http: TestClient, page: PlainPage) -> None:
    for rest in ("nothing.js", f"{page.name}.html", "..%2Froutes.py", "routes.py", "a/b"):
        assert http.get(f"/{page.name}/{rest}").status_code == 404, rest


@each_page
def test_the_page_knows_its_words_and_samples(http: TestClient, page: PlainPage) -> None:
    contents = http.get(f"/{page.name}/contents.json").json()
    assert contents["words"] == page.words
    assert contents["samples"].keys() == set(page.samples)
