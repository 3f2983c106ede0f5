from __future__ import annotations

import pytest

from impasto.errors import SettingError
from impasto.mirrors import mirror

VARIABLE, USUAL = "IMPASTO_WEIGHTS_URL", "https://example.org"


@pytest.mark.parametrize(
    ("named", "address"),
    [("", USUAL), ("  ", USUAL), (" http://10.0.0.1:80/a/ ", "http://10.0.0.1:80/a")],
)
def test_a_mirror_takes_the_place_of_the_usual_address(
    named: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, named)
    assert mirror(VARIABLE, USUAL, "unset it") == address


@pytest.mark.parametrize("named", ["somewhere", "ftp://example.org", "http://", "http://[::1"])
def test_what_is_no_address_is_refused_with_its_remedy(
    named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, named)
    with pytest.raises(SettingError, match=r"IMPASTO_WEIGHTS_URL is '.*; wanted .*: unset it$"):
        mirror(VARIABLE, USUAL, "unset it")
