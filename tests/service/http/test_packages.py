from __future__ import annotations

import pytest

from impasto.errors import MissingPackageError
from impasto.service.http import packages


def test_nothing_is_missing_here() -> None:
    packages.require("impasto serve", page=True)


@pytest.mark.parametrize(("module", "package"), [*packages.PACKAGES.items(), ("gradio", "gradio")])
def test_a_missing_package_is_told_before_the_work(
    module: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = packages.find_spec
    monkeypatch.setattr(packages, "find_spec", lambda name: None if name == module else real(name))
    with pytest.raises(MissingPackageError, match=package) as caught:
        packages.require("impasto serve", page=True)
    assert str(caught.value).endswith("pip install 'impasto[web]'")
