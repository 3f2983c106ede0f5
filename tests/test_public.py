"""The public surface: which names there are, and what it costs to look at them."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import impasto

HEAVY = {"PIL", "matplotlib", "numpy", "safetensors", "torch"}


def heavy_packages_after(code: str) -> set[str]:
    """Which of `HEAVY` a fresh interpreter has loaded after some code."""
    report = f"import sys\n{code}\nprint('loaded', *({HEAVY!r} & set(sys.modules)))"
    process = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, timeout=60
    )
    return set(process.stdout.splitlines()[-1].split()[1:])


def test_names_are_sorted_and_each_once() -> None:
    constants_classes_others = sorted(
        set(impasto.__all__), key=lambda n: (not n.isupper(), not n[0].isupper(), n)
    )
    assert impasto.__all__ == constants_classes_others
    assert dir(impasto) == sorted(impasto.__all__)


@pytest.mark.parametrize("name", impasto.__all__)
def test_each_public_name_loads_from_where_it_lives(name: str) -> None:
    value = getattr(impasto, name)
    assert getattr(value, "__name__", name) == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'impasto' has no attribute 'styllize'"):
        impasto.styllize  # noqa: B018


# What later verbs will be called: a module of that name would hide them.
TO_COME = {"video", "train", "export"}


def test_no_module_at_the_top_bears_the_name_of_a_verb() -> None:
    top = {path.name.partition(".")[0] for path in Path(impasto.__file__).parent.iterdir()}
    verbs = {name for name in impasto.__all__ if callable(getattr(impasto, name))}
    assert not top & (verbs | TO_COME)


def test_the_version_is_the_installed_one() -> None:
    assert impasto.__version__ == version("impasto")


@pytest.mark.parametrize(
    "code",
    [
        "import impasto",
        "import impasto\ndir(impasto), impasto.StyleSettings(recipe='chapter'), impasto.RECIPES",
        "from impasto.cli import main\nmain(['--help'])",
        "from impasto.cli import main\nmain(['stylize', '--help'])",
        "from impasto.cli import main\nmain(['stylize', 'a', 'b', '-o', 'c.png', '--steps', '0'])",
    ],
    ids=["import", "settings", "help", "stylize help", "bad setting"],
)
def test_looking_loads_no_heavy_package(code: str) -> None:
    assert heavy_packages_after(code) == set()


def test_painting_does_load_one() -> None:
    assert "torch" in heavy_packages_after(
        "from impasto import methods\nmethods.find('optimization')"
    )
