"""The live page over HTTP: what is there, what is not, and under which headers."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from impasto import samples
from impasto.service.http import problems
from impasto.service.http.middleware import AccessMiddleware
from impasto.service.plain_pages.live import graphs, runtime
from impasto.service.plain_pages.live.routes import routes
from tests.service.plain_pages.live.conftest import BODIES
from tests.studio import HERE


@pytest.fixture
def http() -> TestClient:
    app = FastAPI()
    problems.install(app)
    app.include_router(routes())
    app.add_middleware(AccessMiddleware)
    return TestClient(app, base_url=HERE)


@pytest.fixture
def fetched(publish: Callable[[bytes], Any], package: bytes, pair: Path) -> None:
    """Runtime and graphs are in the cache."""
    publish(package)
    runtime.fetch()
    graphs.keep(pair)


def test_what_is_missing_is_told(http: TestClient) -> None:
    contents = http.get("/live/contents.json").json()
    assert contents["missing"] == ["runtime", "graphs"]
    assert contents["graphs"] == {}


def test_what_is_fetched_while_the_server_runs_is_there_at_the_next_look(
    http: TestClient, publish: Callable[[bytes], Any], package: bytes, pair: Path
) -> None:
    def missing() -> Any:
        return http.get("/live/contents.json").json()["missing"]

    publish(package)
    runtime.fetch()
    assert missing() == ["graphs"]
    graphs.keep(pair)
    assert missing() == []


@pytest.mark.usefixtures("fetched")
def test_runtime_and_graphs_come_packed_or_plain_and_may_be_kept_for_ever(http: TestClient) -> None:
    contents = http.get("/live/contents.json").json()
    addresses = {f"{contents['runtime']}{name}": body for name, body in BODIES.items()}
    for name, graph in contents["graphs"].items():
        addresses[graph["address"]] = graphs.present()[f"{name}.onnx"].path.read_bytes()
    assert len(addresses) == 4
    for address, body in addresses.items():
        for accepted, packed in (("gzip, br", True), ("identity", False), ("gzip;q=0", False)):
            answer = http.get(f"/{address}", headers={"Accept-Encoding": accepted})
            assert answer.content == body
            assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "Accept-Encoding"
    wasm = http.get(f"/{contents['runtime']}ort.wasm")
    assert wasm.headers["content-type"] == "application/wasm"


@pytest.mark.usefixtures("fetched")
def test_a_file_without_its_twin_is_sent_plain(http: TestClient) -> None:
    (runtime.folder() / "ort.wasm.gz").unlink()
    address = f"/live/runtime/{runtime.VERSION}/ort.wasm"
    answer = http.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.content == BODIES["ort.wasm"]


def test_samples_come_whole_with_what_they_are_in_both_languages(http: TestClient) -> None:
    contents = http.get("/live/contents.json").json()
    assert {kind: len(some) for kind, some in contents["samples"].items()} == {
        kind: len(samples.names(kind)) for kind in samples.SHOWS
    }
    (kiss,) = (one for one in contents["samples"]["style"] if one["name"] == "the-kiss")
    assert kiss["en"] == samples.caption("style", "the-kiss")
    assert kiss["zh"] == samples.caption("style", "the-kiss", "zh")
    assert http.get(f"/{kiss['address']}").content == samples.style("the-kiss").read_bytes()


@pytest.mark.usefixtures("fetched")
@pytest.mark.parametrize(
    "address",
    [
        "/live/samples/style/nothing.jpg",
        "/live/samples/else/swirls.jpg",
        "/live/samples/style/..%2F..%2F__init__.py.jpg",
        "/live/runtime/1.0.0/ort.wasm",
        f"/live/runtime/{runtime.VERSION}/ort.wasm.gz",
        f"/live/runtime/{runtime.VERSION}/..%2Fgraphs%2Fpainter.onnx",
        "/live/runtime/..%2Fgraphs/painter.onnx",
        f"/live/graphs/{'0' * 32}/painter.onnx",
        "/live/graphs/painter.onnx",
    ],
)
def test_no_address_names_a_file(http: TestClient, address: str) -> None:
    answer = http.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith(("application/problem+json", "text/plain"))


def test_there_is_nothing_to_post_to(http: TestClient) -> None:
    for address in ("/live", "/live/contents.json", "/live/live.js", "/live/samples/a/b.jpg"):
        assert http.post(address, content=b"a picture").status_code == 405


def test_the_page_alone_gets_the_camera_and_its_files_stand_apart_with_it(http: TestClient) -> None:
    for address in ("/live", "/live/worker.js", "/live/contents.json", "/live/nothing"):
        headers = http.get(address).headers
        assert headers["cross-origin-embedder-policy"] == "require-corp"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "'wasm-unsafe-eval'" in policy
        assert "'unsafe-inline'" not in policy
        assert "'unsafe-eval'" not in policy
        camera = "camera=(self)" if address == "/live" else "camera=()"
        assert camera in headers["permissions-policy"]


def test_a_digest_is_that_of_the_bytes(pair: Path) -> None:
    one = graphs.keep(pair)["painter.onnx"]
    assert hashlib.sha256(one.path.read_bytes()).hexdigest().startswith(one.digest)
    assert gzip.decompress(one.path.with_name("painter.onnx.gz").read_bytes())
