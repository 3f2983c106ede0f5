from __future__ import annotations

import pytest

from impasto.cli import main
from impasto.recipes import RECIPES
from impasto.settings import StyleSettings
from impasto.spelling import spell

DEFAULT = StyleSettings()


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What `impasto recipes` prints under each recipe's name, in order."""
    monkeypatch.setenv("COLUMNS", "300")  # nothing is wrapped
    assert main(["recipes"]) == 0
    paragraphs = capsys.readouterr().out.rstrip().split("\n\n")
    return {paragraph.split()[0]: paragraph for paragraph in paragraphs}


def rows(paragraph: str) -> dict[str, str]:
    """The settings of a recipe as they are listed."""
    return dict(line.split() for line in paragraph.splitlines() if line.startswith("  "))


def test_every_recipe_is_there_with_its_summary(told: dict[str, str]) -> None:
    assert list(told) == list(RECIPES)
    for name, recipe in RECIPES.items():
        assert recipe.summary in told[name].splitlines()[0]


def test_a_recipe_tells_where_it_leaves_its_source(told: dict[str, str]) -> None:
    assert any(recipe.differs for recipe in RECIPES.values())
    for name, recipe in RECIPES.items():
        assert ("differs from its source" in told[name]) == bool(recipe.differs)


@pytest.mark.parametrize("name", [name for name in RECIPES if name != "default"])
def test_a_recipe_lists_all_that_differs_from_the_default(name: str, told: dict[str, str]) -> None:
    made = StyleSettings(recipe=name)
    wanted = {
        field.replace("_", "-"): spell(getattr(made, field))
        for field in StyleSettings.model_fields
        if field != "recipe" and getattr(made, field) != getattr(DEFAULT, field)
    }
    assert rows(told[name]) == wanted


def test_the_default_lists_what_shapes_the_picture(told: dict[str, str]) -> None:
    listed = rows(told["default"])
    assert listed["content-layers"] == spell(DEFAULT.content_layers)
    assert listed["optimizer"] == DEFAULT.optimizer
    assert listed["backbone"] == DEFAULT.backbone
    assert "threads" not in listed
