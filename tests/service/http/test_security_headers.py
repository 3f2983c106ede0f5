from __future__ import annotations

import pytest

from impasto.service.http.security_headers import security_headers


@pytest.mark.parametrize("path", ["/api/jobs", "/metrics", "/healthz", "/openapi.json"])
def test_an_answer_of_the_api_may_do_nothing_in_a_browser(path: str) -> None:
    headers = security_headers(path)
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/apiary"])
def test_the_page_takes_everything_from_this_host(path: str) -> None:
    policy = security_headers(path)["Content-Security-Policy"]
    sources = {word for part in policy.split("; ") for word in part.split()[1:]}
    assert sources == {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}


def test_no_answer_is_framed_or_guessed_at() -> None:
    for path in ("/", "/api/jobs"):
        headers = security_headers(path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
