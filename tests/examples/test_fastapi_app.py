from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

import impasto
from examples import fastapi_app
from impasto import samples
from impasto.errors import MemoryShortError

SMALL = impasto.StyleSettings(size=64, steps=3, max_megapixels=1, threads=1)


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(fastapi_app, "SETTINGS", SMALL)
    with TestClient(fastapi_app.app) as client:
        yield client


def pictures() -> dict[str, bytes]:
    return {
        "photo": samples.content("chelsea").read_bytes(),
        "style": samples.style("swirls").read_bytes(),
    }


def test_two_uploads_become_a_png(http: TestClient) -> None:
    answer = http.post("/paint", files=pictures(), data={"strength": "0.8"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    photo, style = pictures().values()
    expected = impasto.stylize(photo, style, SMALL, strength=0.8).picture
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(answer.content))), expected)


def test_a_bad_upload_is_answered_with_a_sentence(http: TestClient) -> None:
    answer = http.post("/paint", files={**pictures(), "style": b"plain text"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("the style image is not a picture impasto reads")
    large = io.BytesIO()
    Image.new("L", (2000, 1000)).save(large, "PNG")
    answer = http.post("/paint", files={**pictures(), "photo": large.getvalue()})
    assert answer.status_code == 422
    assert "above the limit of 1" in answer.json()["detail"]


def test_a_long_upload_is_refused_before_it_is_decoded(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fastapi_app, "MOST_BYTES", 1000)
    answer = http.post("/paint", files=pictures())
    assert (answer.status_code, "1,000 bytes" in answer.json()["detail"]) == (413, True)


def test_a_second_visitor_is_told_to_come_again(http: TestClient) -> None:
    with fastapi_app.brush:
        answer = http.post("/paint", files=pictures())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert not fastapi_app.brush.locked()


def test_the_brush_is_free_again_after_a_failure(
    http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryShortError("there is not enough memory")

    monkeypatch.setattr(impasto, "stylize", fail, raising=False)
    answer = http.post("/paint", files=pictures())
    assert (answer.status_code, answer.json()["detail"]) == (503, "there is not enough memory")
    assert not fastapi_app.brush.locked()


def test_the_example_is_short() -> None:
    with open(fastapi_app.__file__) as file:  # noqa: PTH123
        assert len(file.readlines()) < 60
