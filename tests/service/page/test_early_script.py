"""A script stands first on the page, and nothing else is changed."""

from __future__ import annotations

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from impasto.service.page.early_script import EarlyScript

HTML = "<html><head><title>x</title></head><body><head></body></html>"


def get(response: Response, path: str = "/") -> str:
    return TestClient(EarlyScript(response, "f()")).get(path).text


def test_it_stands_behind_the_first_head() -> None:
    expected = HTML.replace("<head>", "<head><script>f()</script>", 1)
    assert get(HTMLResponse(HTML)) == expected
    parts = StreamingResponse(iter(HTML), media_type="text/html")
    assert get(parts) == expected


@pytest.mark.parametrize("response", [PlainTextResponse(HTML), StreamingResponse(iter(HTML))])
def test_what_is_no_page_passes_as_it_is(response: Response) -> None:
    assert get(response) == HTML


def test_what_lies_below_the_page_passes_as_it_is() -> None:
    assert get(HTMLResponse(HTML), "/gradio_api/file=x.html") == HTML
