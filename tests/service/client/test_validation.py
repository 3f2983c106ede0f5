from __future__ import annotations

import httpx
import pytest

from impasto import errors
from impasto.service.client.validation import successful, unreachable
from impasto.service.problems import error_of


def response(status: int, **more: object) -> httpx.Response:
    return httpx.Response(status, request=httpx.Request("GET", "http://studio:9/api"), **more)


def test_a_problem_keeps_its_sentence_and_exit_code() -> None:
    body = {"type": "urn:impasto:problem:unknown-name", "detail": "'x' is not a recipe"}
    with pytest.raises(errors.UnknownNameError, match=r"^'x' is not a recipe$") as caught:
        successful(response(422, json=body))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "kind", ["urn:impasto:problem:token", "about:blank", "", "Exception", "__"]
)
def test_what_is_no_error_of_ours_is_the_server_s(kind: str) -> None:
    with pytest.raises(errors.ServerError, match="no") as caught:
        successful(response(401, json={"type": kind, "detail": "no"}))
    assert (caught.value.status, caught.value.exit_code) == (401, 1)


@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"[]", b'{"detail": 7}', b"\xff"])
def test_another_server_s_refusal_is_one_sentence(body: bytes) -> None:
    with pytest.raises(errors.ServerError, match="studio answered 502 Bad Gateway, not as impasto"):
        successful(response(502, content=body))


def test_a_long_or_broken_sentence_is_made_short_and_whole() -> None:
    message = str(error_of("setting", "a\nb\x1b[31m" + "c" * 9999))
    assert message.startswith("a b [31mc")
    assert len(message) == 1000


def test_no_answer_is_one_sentence() -> None:
    assert "cannot be reached (refused)" in str(
        unreachable("http://a", httpx.ConnectError("refused"))
    )
    assert "did not answer in time" in str(unreachable("http://a", httpx.ReadTimeout("")))
