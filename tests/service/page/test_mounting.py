"""The page as a part of the application, asked over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import impasto.service.page
from impasto.service.page.actions import MOST_REMOVED
from impasto.service.page.texts import ENGLISH
from impasto.service.page.theme import theme
from impasto.service.page.widgets import translations
from tests.service.page.conftest import Served
from tests.studio import HERE, png


@pytest.fixture
def http(served: Served) -> Iterator[TestClient]:
    with TestClient(served.app, base_url=HERE) as client:
        yield client


def config(http: TestClient) -> dict[str, Any]:
    return dict(http.get("/config").json())


def call(http: TestClient, event: str, *data: Any) -> Any:
    """Call the first function that takes so many values when a thing happens."""
    function = next(
        d
        for d in config(http)["dependencies"]
        if d["targets"][0][1] == event and len(d["inputs"]) == len(data)
    )
    body = {"data": list(data), "fn_index": function["id"], "session_hash": "test"}
    return http.post("/gradio_api/run/predict", json=body)


def test_the_page_stands_beside_the_api(http: TestClient) -> None:
    assert "impasto" in http.get("/").text
    assert http.get("/api/recipes").headers["content-type"].startswith("application/json")


def test_the_live_page_stands_beside_the_page_under_headers_of_its_own(http: TestClient) -> None:
    live = http.get("/live")
    assert "impasto live" in live.text
    assert live.headers["permissions-policy"].startswith("camera=(self)")
    assert live.headers["cross-origin-embedder-policy"] == "require-corp"
    for address in ("/", "/config", "/api/recipes", "/samples/style/swirls.jpg"):
        headers = http.get(address).headers
        assert headers["permissions-policy"].startswith("camera=()"), address
        assert "cross-origin-embedder-policy" not in headers, address
        assert "wasm" not in headers["content-security-policy"], address


def test_what_the_live_page_shows_beside_its_own_files_is_here(http: TestClient) -> None:
    css = http.get("/plain/plain.css").text
    fonts = re.findall(r'url\("\.\.(/[^"]+)"\)', css)
    assert len(fonts) == 2
    thumbnails = [
        f"/{one['thumbnail']}"
        for some in http.get("/live/contents.json").json()["samples"].values()
        for one in some
    ]
    for address in (*fonts, *thumbnails, "/favicon.ico"):
        assert http.get(address).status_code == 200, address


def test_the_page_loads_nothing_from_elsewhere(http: TestClient) -> None:
    html = http.get("/").text
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', html)
    assert loaded
    assert not [address for address in loaded if "//" in address]
    assert theme()._stylesheets == []
    assert config(http)["analytics_enabled"] is False


def test_a_file_of_the_server_is_not_taken_for_an_upload(
    http: TestClient, served: Served, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(png())
    for path in (str(secret), "https://example.org/a.png"):
        payload = {"path": path, "meta": {"_type": "gradio.FileData"}}
        assert call(http, "upload", payload).status_code == 403
    assert http.get(f"/gradio_api/file={secret}").status_code == 404
    assert "secret" not in str(list((served.store.folder.path / "page").rglob("*")))


def test_an_upload_is_taken_and_its_header_read(http: TestClient) -> None:
    def uploaded(name: str, data: bytes) -> Any:
        answer = http.post("/gradio_api/upload", files={"files": (name, data)})
        (path,) = answer.json()
        return {"path": path, "meta": {"_type": "gradio.FileData"}}

    good = call(http, "upload", uploaded("../../a.png", png())).json()["data"]
    bad = call(http, "upload", uploaded("a.svg", b"<svg onload='alert(1)'/>" * 9)).json()["data"]
    assert good[0] == ""
    assert "not a picture that can be painted here" in bad[0]
    assert bad[1] is None


def of_hidden(http: TestClient, name: str) -> list[dict[str, Any]]:
    """The functions that get the text by which the page's script says something."""
    told = config(http)
    hidden = f"hidden-{name}"
    (id,) = (c["id"] for c in told["components"] if c["props"].get("elem_id") == hidden)
    return [d for d in told["dependencies"] if id in d["inputs"]]


def test_no_more_paintings_are_removed_at_once_than_the_page_asks_for(http: TestClient) -> None:
    (remove,) = of_hidden(http, "remove")
    answers = []
    for count in (MOST_REMOVED, MOST_REMOVED + 1):
        ids = ",".join(f"{number:032x}" for number in range(count))
        data = [f"{ids}#1", "", "", 24]
        body = {"data": data, "fn_index": remove["id"], "session_hash": "test"}
        answers.append(http.post("/gradio_api/run/predict", json=body).text)
    refusal = f"{MOST_REMOVED + 1} paintings are to go at once: {MOST_REMOVED} may"
    assert [refusal in answer for answer in answers] == [False, True]


def test_a_large_drawing_is_taken_where_a_large_anything_else_is_not(http: TestClient) -> None:
    drawing = {d["id"] for d in of_hidden(http, "mask")}
    assert drawing
    statuses = {}
    for function in config(http)["dependencies"]:
        body = {"data": ["x" * 300_000], "fn_index": function["id"], "session_hash": "test"}
        statuses[function["id"]] = http.post("/gradio_api/run/predict", json=body).status_code
    assert {id for id, status in statuses.items() if status != 413} == drawing


def test_no_function_is_offered_to_programs(http: TestClient) -> None:
    assert all(d["api_visibility"] == "private" for d in config(http)["dependencies"])


def test_every_key_on_the_page_has_its_words(http: TestClient) -> None:
    keys = set(re.findall(r"__i18n__[^}]*?key\W+([^\"\\]+)", json.dumps(config(http))))
    assert len(keys) > 60
    for language in ("en", "zh", "zh-CN", "zh-TW"):
        assert keys <= translations().translations[language].keys()
    assert ENGLISH.keys() <= translations().translations["en"].keys()


def test_making_the_page_writes_nothing_into_the_package() -> None:
    folder = Path(impasto.service.page.__file__).parent
    assert not list(folder.glob("*.pyi"))
