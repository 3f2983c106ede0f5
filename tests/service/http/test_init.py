from __future__ import annotations

import pytest

from impasto.errors import MissingPackageError
from impasto.service import http


def test_nothing_is_missing_here() -> None:
    http.require("impasto serve", page=True)


@pytest.mark.parametrize(("module", "package"), [*http.PACKAGES.items(), ("gradio", "gradio")])
def test_a_missing_package_is_told_before_the_work(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = http.find_spec
    monkeypatch.setattr(http, "find_spec", lambda name: None if name == module else real(name))
    with pytest.raises(MissingPackageError, match=package) as caught:
        http.require("impasto serve", page=True)
    assert str(caught.value).endswith("pip install 'impasto[web]'")
