from __future__ import annotations

from pathlib import Path

import pytest

from impasto.cli import main
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES
from impasto.text import format_value

DEFAULT = StyleSettings()


@pytest.fixture
def own_recipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty recipe folder of the test's own."""
    monkeypatch.setenv("COLUMNS", "600")  # nothing is wrapped
    monkeypatch.setenv("IMPASTO_CONFIG", str(tmp_path))
    (tmp_path / "recipes").mkdir()
    return tmp_path / "recipes"


@pytest.fixture
def told(own_recipes: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What `impasto recipe list` prints under each recipe's name, in order."""
    assert not any(own_recipes.iterdir())
    return listed(capsys)


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    assert main(["recipe", "list"]) == 0
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
        field.replace("_", "-"): format_value(getattr(made, field))
        for field in StyleSettings.model_fields
        if field != "recipe" and getattr(made, field) != getattr(DEFAULT, field)
    }
    assert rows(told[name]) == wanted


def test_the_default_lists_what_shapes_the_picture(told: dict[str, str]) -> None:
    shown = rows(told["default"])
    assert shown["content-layers"] == format_value(DEFAULT.content_layers)
    assert shown["optimizer"] == DEFAULT.optimizer
    assert shown["backbone"] == DEFAULT.backbone
    assert "threads" not in shown


def test_saved_recipes_follow_with_their_path_and_what_they_set(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swift = own_recipes / "swift.toml"
    swift.write_text('summary = "[small] and swift"\nsteps = 60\n')
    (own_recipes / "other.toml").write_text('recipe = "gatys"\n')
    shown = listed(capsys)
    assert list(shown) == [*RECIPES, "other", "swift"]
    first, where = shown["swift"].splitlines()[:2]
    assert first == "swift  [small] and swift"
    assert where == f"{swift}, from default"
    assert rows(shown["swift"]) == {"steps": "60"}
    assert rows(shown["other"]) == rows(shown["gatys"])


def test_a_broken_recipe_is_told_and_the_others_follow(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_recipes / "a.toml").write_text("steps 60")
    (own_recipes / "b.toml").write_text("strength = 7")
    (own_recipes / "c.toml").write_text("steps = 7")
    shown = listed(capsys)
    assert f"cannot be used: {own_recipes / 'a.toml'} is not TOML" in shown["a"]
    assert f"cannot be used: {own_recipes / 'b.toml'}: strength is 7" in shown["b"]
    assert rows(shown["c"]) == {"steps": "7"}


def test_a_saved_recipe_in_the_shadow_of_a_built_in_one_says_so(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_recipes / "gatys.toml").write_text("steps = 7")
    assert "by its path, as gatys is a built-in recipe" in listed(capsys)["gatys"]


def test_a_summary_cannot_move_the_cursor(
    own_recipes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own_recipes / "a.toml").write_text('summary = "x\\u001b[2J"\n')
    assert "\x1b" not in listed(capsys)["a"]
