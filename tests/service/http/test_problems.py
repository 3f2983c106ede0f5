from __future__ import annotations

import pytest

from impasto import errors
from impasto.service.http.problems import Problem, answer, refusals


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (errors.UnknownJobError("no"), 404, "unknown-job"),
        (errors.JobStateError("no"), 409, "job-state"),
        (errors.QueueFullError("no"), 429, "queue-full"),
        (errors.PictureError("no"), 422, "picture"),
        (errors.UnknownNameError("recipe", "x", ["y"]), 422, "unknown-name"),
        (errors.MissingPackageError("x.heic", "pillow-heif", "heic"), 415, "missing-package"),
        (errors.ImpastoError("no"), 500, "impasto"),
    ],
)
def test_each_error_has_its_status_and_its_name(
    error: errors.ImpastoError, status: int, kind: str
) -> None:
    body = Problem.of(error).body
    assert (body["status"], body["type"]) == (status, f"urn:impasto:problem:{kind}")
    assert body["detail"] == str(error)


def test_who_is_one_too_many_is_told_when_to_come_again() -> None:
    assert int(answer(Problem.of(errors.QueueFullError("full"))).headers["retry-after"]) > 0


def test_odd_letters_and_lines_do_not_break_an_answer() -> None:
    response = answer(Problem.of(errors.InputError("two\nlines \ud800 {0} %s")))
    assert response.headers["content-type"] == "application/problem+json"
    assert b"\n" not in response.body
    assert b"two lines" in response.body


def test_every_route_documents_what_the_guard_may_say() -> None:
    assert {401, 403, 413, 429} <= refusals().keys()
    assert "Retry-After" in refusals()[429]["headers"]
    assert 404 in refusals(404)
    assert 404 not in refusals()
