from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
import torch

from impasto.losses.gram import gram_loss, gram_matrix
from impasto.methods.optimization.objective import layers_needed
from impasto.networks.features import find
from impasto.networks.weights import Installed
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES, Recipe

FIELDS = StyleSettings.model_fields


def test_the_default_recipe_is_the_defaults() -> None:
    assert RECIPES["default"].settings == {}
    assert StyleSettings() == StyleSettings(recipe="default")
    assert StyleSettings(**{n: f.default for n, f in FIELDS.items() if n not in _EXCLUDING}) == (
        StyleSettings()
    )


# Given together, even as their defaults, these would contradict each other.
_EXCLUDING = {"strength", "content_weight", "style_weight", "size", "shape"}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
class TestEveryRecipe:
    def test_is_found_by_its_name(self, recipe: Recipe) -> None:
        assert RECIPES[recipe.name] is recipe

    def test_sets_only_settings_there_are(self, recipe: Recipe) -> None:
        assert recipe.settings.keys() <= FIELDS.keys() - {"recipe"}

    def test_gives_what_it_says(self, recipe: Recipe) -> None:
        settings = StyleSettings(recipe=recipe.name)
        for name, value in recipe.settings.items():
            assert getattr(settings, name) == value, name

    def test_asks_for_layers_its_backbone_has(self, recipe: Recipe) -> None:
        settings = StyleSettings(recipe=recipe.name)
        layers = layers_needed(settings)
        assert layers
        assert set(layers) <= set(find(settings.backbone).plan.layers)

    def test_says_what_it_fetches_or_pip_brings(self, recipe: Recipe) -> None:
        supply = find(StyleSettings(recipe=recipe.name).backbone).supply
        base = getattr(supply, "base", supply)
        if isinstance(base, Installed):
            assert f"by pip, {base.bytes / 1e6:.0f} MB" in recipe.summary
        elif base.published is None:
            assert "MB" not in recipe.summary
        else:
            assert f"fetches VGG-19 first, {base.published.bytes / 1e6:.0f} MB" in recipe.summary

    def test_says_in_one_line_what_it_is_for(self, recipe: Recipe) -> None:
        assert recipe.summary
        assert "\n" not in recipe.summary


def test_recipes_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        RECIPES["mine"] = RECIPES["default"]  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        RECIPES["default"].summary = "mine"  # type: ignore[misc]


def test_looks_differ_in_what_an_artist_would_change_and_need_no_download() -> None:
    for name in ("subtle", "bold", "keep-colours", "sketch"):
        assert StyleSettings(recipe=name).backbone == "slim"
    strengths = [StyleSettings(recipe=name).strength for name in ("subtle", "default", "bold")]
    assert strengths == sorted(strengths)
    assert StyleSettings(recipe="keep-colours").color == "luminance"
    sketch, default = StyleSettings(recipe="sketch"), StyleSettings()
    assert sketch.steps * 4 * (sketch.size or 0) ** 2 < default.steps * (default.size or 0) ** 2


def test_the_chapter_has_the_chapters_numbers() -> None:
    chapter = StyleSettings(recipe="chapter")
    assert chapter.shape == (300, 450)
    assert (chapter.fit, chapter.style_fit, chapter.resample) == ("stretch", "stretch", "bilinear")
    assert (chapter.backbone, chapter.pooling, chapter.padding) == ("vgg19", "max", "zero")
    assert chapter.weights == (1.0, 1e4, 10.0)
    assert chapter.content_layers == {"relu4_4": 1.0}
    assert chapter.style_layers == dict.fromkeys(
        ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "conv5_1"], 1.0
    )
    assert (chapter.content_loss, chapter.style_loss, chapter.tv_loss) == ("mse", "gram-raw", "l1")
    assert (chapter.init, chapter.coarsest, chapter.steps) == ("content", 0, 500)
    assert (chapter.optimizer, chapter.lr, chapter.lr_schedule) == ("adam", 0.3, "step")
    assert (chapter.lr_decay, chapter.lr_decay_every) == (0.8, 50)


def test_gatys_weighs_layers_as_the_paper_does() -> None:
    """Its equations 3 to 5 on drawn features: one factor leads from ours to all of them."""
    gatys = StyleSettings(recipe="gatys")
    stages = {layer: stage for stage in find(gatys.backbone).stages() for layer in stage.layers}
    generator = torch.Generator().manual_seed(0)
    factors = []
    for layer, weight in gatys.style_layers.items():
        channels, side = stages[layer].channels_out, 64 // stages[layer].stride
        f, p = torch.rand(2, 1, channels, side, side, generator=generator)
        g, a = (x.flatten(2)[0] @ x.flatten(2)[0].T for x in (f, p))
        error = (g - a).square().sum().item() / (4 * channels**2 * side**4)
        factors.append(error / 5 / (weight * gram_loss(f, gram_matrix(p)).item()))
    assert factors == pytest.approx([64**2 / 20] * 5, rel=1e-4)


def test_gatys_paints_from_noise_at_one_scale() -> None:
    gatys = StyleSettings(recipe="gatys")
    assert (gatys.init, gatys.coarsest, gatys.optimizer) == ("noise", 0, "lbfgs")
    assert (gatys.pooling, gatys.style_loss, gatys.content_layers) == (
        "average",
        "gram-raw",
        {"relu4_2": 1.0},
    )
