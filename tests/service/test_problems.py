from __future__ import annotations

import pytest

from impasto import errors
from impasto.errors import (
    ImpastoError,
    MissingPackageError,
    OutputError,
    PictureError,
    ServerError,
    UnknownJobError,
    UnknownNameError,
)
from impasto.service.problems import error_of, problem_type, status_of


def all_errors() -> list[type[ImpastoError]]:
    kinds = [getattr(errors, name) for name in errors.__all__]
    return [kind for kind in kinds if isinstance(kind, type)]


@pytest.mark.parametrize("kind", all_errors(), ids=lambda kind: kind.__name__)
def test_an_error_comes_back_from_its_problem_or_its_name(kind: type[ImpastoError]) -> None:
    for name in (problem_type(kind), kind.__name__):
        error = error_of(name, "what was said", 422)
        assert type(error) is (ServerError if kind is ServerError else kind)
        assert str(error) == "what was said"


def test_every_error_has_a_status() -> None:
    assert status_of(UnknownJobError("no such job")) == 404
    assert status_of(MissingPackageError("photo.heic", "pillow-heif", "heic")) == 415
    assert status_of(PictureError("empty")) == status_of(OutputError("full")) == 422
    assert status_of(ImpastoError("failed")) == 500


def test_what_a_server_says_is_one_printable_paragraph() -> None:
    error = error_of("unknown-name", "a\x1b[2J\n" + "b" * 5000)
    assert isinstance(error, UnknownNameError)
    assert (str(error)[:6], len(str(error))) == ("a [2J ", 1000)
    assert error.choices == []


@pytest.mark.parametrize("name", ["", "reason-of", "unexpected", "rate-limit", "System"])
def test_a_name_of_no_error_is_a_server_s(name: str) -> None:
    error = error_of(name, "no", 418)
    assert isinstance(error, ServerError)
    assert error.status == 418
