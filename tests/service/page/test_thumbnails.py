from __future__ import annotations

import io

import pytest
from PIL import Image
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from impasto import samples
from impasto.service.page.thumbnails import SIDE, Thumbnails, address_of


@pytest.fixture
def http() -> TestClient:
    return TestClient(Thumbnails(PlainTextResponse("what stands behind")))


@pytest.mark.parametrize(("kind", "name"), [("style", "the-scream"), ("content", "coffee")])
def test_a_sample_is_answered_as_a_small_square_that_browsers_keep(
    http: TestClient, kind: samples.Kind, name: str
) -> None:
    answer = http.get(address_of(kind, name))
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=86400"
    assert len(answer.content) < 10_000
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.size == (SIDE, SIDE)
    assert http.head(address_of(kind, name)).content == b""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/samples/style/sunflowers.jpg",
        "/samples/content/swirls.jpg",
        "/samples/style/..%2Fcontent%2Fcoffee.jpg",
        "/samples/style/swirls.jpg/",
    ],
)
def test_all_else_is_passed_on(http: TestClient, path: str) -> None:
    assert http.get(path).text == "what stands behind"


def test_a_sample_is_only_read(http: TestClient) -> None:
    assert http.post(address_of("style", "swirls")).text == "what stands behind"


def test_below_a_path_of_a_proxy_it_is_found_too() -> None:
    app = Thumbnails(PlainTextResponse("what stands behind"))
    client = TestClient(app, root_path="/studio")
    answer = client.get(f"/studio/{address_of('style', 'swirls')}")
    assert answer.headers["content-type"] == "image/jpeg"
