from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings, from_stored, load_settings, recipes, to_stored
from impasto.settings.recipe_writing import recipe_of
from impasto.settings.recipes import MEANT_BEFORE, RECIPES
from impasto.settings.stored import BASE_WEIGHTS_0_1_0

STRENGTHS = [0.0, 0.3, 0.5, 1.0]


@pytest.fixture
def later_recipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recipes of a later version, whose weights are others."""
    later = {
        name: replace(recipe, base_weights=(7 * recipe.base_weights[0], 3.0))
        for name, recipe in RECIPES.items()
    }
    monkeypatch.setattr(recipes, "RECIPES", later)


def through_json(settings: StyleSettings) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(to_stored(settings)))
    return record


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("strength", [None, *STRENGTHS])
def test_settings_come_back_as_they_were(recipe: str, strength: float | None) -> None:
    options = {} if strength is None else {"strength": strength}
    settings = StyleSettings(recipe=recipe, size=300, **options)
    again = from_stored(through_json(settings))
    assert again == settings
    assert again.weights == settings.weights
    assert again.explicit == frozenset()


@pytest.mark.parametrize("strength", STRENGTHS)
def test_what_is_stored_paints_the_same_under_later_recipes(
    strength: float, request: pytest.FixtureRequest
) -> None:
    settings = StyleSettings(strength=strength)
    record = through_json(settings)
    request.getfixturevalue("later_recipes")
    assert StyleSettings(strength=strength).weights != settings.weights
    assert from_stored(record).weights == settings.weights


@pytest.mark.parametrize("recipe", BASE_WEIGHTS_0_1_0)
@pytest.mark.parametrize("strength", STRENGTHS)
def test_what_0_1_0_stored_means_what_its_recipes_meant(
    recipe: str, strength: float, request: pytest.FixtureRequest
) -> None:
    settings = StyleSettings(recipe=recipe, strength=strength, tv_weight=2.0)
    record = settings.model_dump(mode="json")
    del record["method"]  # 0.1.0 knew one way to paint
    request.getfixturevalue("later_recipes")
    content, style = BASE_WEIGHTS_0_1_0[recipe]
    assert from_stored(record).weights == (content * 15 ** (1 - 2 * strength), style, 2.0)


def test_another_strength_moves_the_balance_that_was_stored(
    request: pytest.FixtureRequest,
) -> None:
    record = through_json(StyleSettings(strength=0.5))
    stronger = StyleSettings(strength=0.75).weights
    request.getfixturevalue("later_recipes")
    settings = from_stored(record).replace(strength=0.75, tv_weight=stronger.tv)
    assert settings.weights == pytest.approx(stronger)
    other = from_stored(record).replace(seed=4)
    assert other.weights == from_stored(record).weights


def test_what_is_newer_than_what_was_kept_is_what_was_done_without_it(tmp_path: Path) -> None:
    record = to_stored(StyleSettings(steps=60))
    text = recipe_of(StyleSettings(steps=60))
    for name in MEANT_BEFORE:
        del record[name]
        text = re.sub(rf"^{name.replace('_', '-')} = .*\n", "", text, flags=re.MULTILINE)
    (tmp_path / "kept.toml").write_text(text)
    for kept in (from_stored(record), load_settings({"recipe": str(tmp_path / "kept.toml")})):
        assert {name: getattr(kept, name) for name in MEANT_BEFORE} == dict(MEANT_BEFORE)
        assert kept.steps == 60


def test_a_format_of_a_later_version_is_told() -> None:
    with pytest.raises(SettingError, match="format 3, which a later impasto writes: update"):
        from_stored({**to_stored(StyleSettings()), "format": 3})


@pytest.mark.parametrize("weights", [[1.0], "heavy", [1, 2, "x"]])
def test_damaged_weights_are_told(weights: Any) -> None:
    with pytest.raises(SettingError, match="have to be three numbers"):
        from_stored({**to_stored(StyleSettings()), "weights": weights})


def test_a_recipe_that_0_1_0_had_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**RECIPES, "new": replace(RECIPES["default"], name="new")}
    monkeypatch.setattr(recipes, "RECIPES", more)
    record = StyleSettings(recipe="new").model_dump(mode="json")
    with pytest.raises(UnknownNameError, match=r"recipe of 0\.1\.0"):
        from_stored(record)


def test_gatys_of_0_1_0_keeps_its_network_and_its_weights() -> None:
    """That version kept every setting and no weights; today's recipe takes another network."""
    ours = StyleSettings(recipe="gatys")
    layers = dict.fromkeys(ours.style_layers, 1.0)
    then = {"backbone": "vgg19", "style_layers": layers, "content_weight": 1.0, "style_weight": 1e3}
    kept = from_stored({**ours.model_dump(mode="json"), **then})
    assert (kept.recipe, kept.backbone) == ("gatys", "vgg19")
    assert kept.weights[:2] == (1.0, 1e3)
    assert kept.style_layers == layers
