"""The plain pages over HTTP: what is there, and what is not."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("gradio", reason="the extra web is not installed")

from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto.service.http import problems
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.http.state import AppState, Limits
from impasto.service.jobs.store import Store
from impasto.service.plain_pages.doodle import routes as doodle
from impasto.service.plain_pages.film import routes as film
from impasto.service.plain_pages.letter import routes as letter
from impasto.service.plain_pages.live import routes as live
from impasto.service.plain_pages.page import SHARED, PlainPage, shared_routes
from impasto.service.plain_pages.portrait import routes as portrait
from impasto.service.plain_pages.words import routes as words
from tests.studio import HERE

MODULES = (film, live, doodle, letter, portrait, words)
PAGES = [module.PAGE for module in MODULES]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.fixture
def http(store: Store) -> TestClient:
    app = FastAPI()
    app.state.studio = AppState(store, Limits())
    problems.install(app)
    for module in MODULES:
        app.include_router(module.routes())
    app.include_router(shared_routes())
    app.add_middleware(AccessMiddleware)
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


def test_the_files_that_pages_share_are_there_and_nothing_else_of_their_folder(
    http: TestClient,
) -> None:
    for name in SHARED.names:
        assert http.get(f"/plain/{name}").status_code == 200, name
    for rest in ("frame.html", "page.py", "..%2Fpage.py", ""):
        assert http.get(f"/plain/{rest}").status_code == 404, rest


@each_page
def test_the_page_runs_its_own_scripts_alone_and_speaks_to_its_own_host(
    http: TestClient, page: PlainPage
) -> None:
    policy = http.get(f"/{page.name}").headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert [rule for rule in policy if "unsafe-inline" in rule] == []


def test_the_page_of_drawings_knows_whether_there_is_a_first_look(http: TestClient) -> None:
    assert http.get("/doodle/contents.json").json()["has_preview"] is False


@each_page
def test_a_page_has_its_own_sizes_and_one_is_chosen(page: PlainPage) -> None:
    sides = re.findall(r'name="side" value="(\d*)"( checked)?', page.html())
    assert [side for side, _ in sides] == list(page.sides)
    assert [side for side, checked in sides if checked] == [page.side]
