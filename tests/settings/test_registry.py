from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint

import pytest

from impasto.errors import ImpastoError, UnknownNameError
from impasto.settings import StyleSettings, described, registry
from impasto.settings.describe import describe
from impasto.settings.recipes import Recipe

CUBIST = Recipe("cubist", "of another package", (2.0, 3.0), {"steps": 7})


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package with a part in every group, one of them broken."""
    points = {
        registry.RECIPES: {"cubist": f"{__name__}:CUBIST"},
        registry.LOSSES: {"mine": "math:pi", "broken": "no_such_module:x", "moments": "math:pi"},
    }

    def find_entry_points(group: str) -> dict[str, EntryPoint]:
        return {n: EntryPoint(n, value, group) for n, value in points.get(group, {}).items()}

    monkeypatch.setattr(registry, "_installed", find_entry_points)
    describe.cache_clear()
    yield
    describe.cache_clear()


@pytest.mark.parametrize("group", registry.BUILT_IN)
def test_all_of_ours_can_be_loaded(group: str) -> None:
    for name in registry.BUILT_IN[group]:
        assert registry.load(group, name) is not None


@pytest.mark.usefixtures("install")
def test_names_of_other_packages_stand_after_ours_and_are_chosen() -> None:
    assert registry.names(registry.LOSSES)[-2:] == ("mine", "broken")
    assert StyleSettings(style_loss="mine").style_loss == "mine"
    assert "mine" in described("style_loss").choices
    assert registry.load(registry.LOSSES, "mine") == pytest.approx(3.14159, rel=1e-5)


@pytest.mark.usefixtures("install")
def test_nobody_takes_the_place_of_ours() -> None:
    assert registry.names(registry.LOSSES).count("moments") == 1
    assert registry.load(registry.LOSSES, "moments").additive


@pytest.mark.usefixtures("install")
def test_a_part_that_cannot_be_loaded_names_its_package() -> None:
    with pytest.raises(ImpastoError, match=r"style loss broken of the package no_such_module:x"):
        registry.load(registry.LOSSES, "broken")


@pytest.mark.usefixtures("install")
def test_a_recipe_of_another_package_is_one_like_ours() -> None:
    settings = StyleSettings(recipe="cubist", strength=0.5)
    assert (settings.steps, settings.recipe, settings.weights[:2]) == (7, "cubist", (2.0, 3.0))


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("style_loss", "'nothing' is not a style loss; there are: moments"),
        ("backbone", "'nothing' is not a backbone; there are: slim"),
        ("method", "'nothing' is not a method; there are: optimization"),
    ],
)
def test_an_unknown_name_is_told_with_the_known_ones(setting: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        StyleSettings(**{setting: "nothing"})
