from __future__ import annotations

import json
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from impasto.cli.options import flag
from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings, described
from impasto.settings.recipes import RECIPES
from impasto.settings.resolve import STRENGTH_RANGE, Weights

FIELDS = StyleSettings.model_fields
EVERY_RECIPE = pytest.mark.parametrize("recipe", RECIPES)


# Dumps and reloads


def reload(settings: StyleSettings) -> StyleSettings:
    """Through JSON text and back, as a checkpoint, an API or a database would."""
    return StyleSettings(**json.loads(json.dumps(settings.model_dump(mode="json"))))


@EVERY_RECIPE
def test_a_dump_is_complete_and_reloads_to_the_same(recipe: str) -> None:
    settings = StyleSettings(recipe=recipe)
    assert settings.model_dump().keys() == FIELDS.keys()
    assert StyleSettings(**settings.model_dump()) == settings
    assert reload(settings) == settings


@EVERY_RECIPE
@pytest.mark.parametrize(
    "options",
    [
        {"strength": 0.8},
        {"strength": None},
        {"content_weight": 3},
        {"style_weight": 0.0},
        {"content_weight": None},
        {"size": 300},
        {"size": None},
        {"shape": (30, 40)},
        {"shape": None},
        {"style_layers": "relu1_1=0.25"},
        {"seed": 2**63 - 1},
        {"lr": 0.1 + 0.2},
    ],
    ids=str,
)
def test_changed_settings_reload_to_the_same_too(recipe: str, options: dict[str, Any]) -> None:
    settings = StyleSettings(recipe=recipe, **options)
    assert reload(settings) == settings
    assert StyleSettings(recipe=recipe).replace(**options) == settings
    assert settings.replace() == settings


def test_settings_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        StyleSettings().steps = 3  # type: ignore[misc]


def test_a_layer_changed_in_one_settings_object_leaves_the_next_alone() -> None:
    for recipe in RECIPES:
        before = dict(StyleSettings(recipe=recipe).style_layers)
        StyleSettings(recipe=recipe).style_layers["relu1_1"] = 99.0
        assert StyleSettings(recipe=recipe).style_layers == before


# Strength and weights


def test_half_strength_is_the_recipes_own_balance() -> None:
    for name, recipe in RECIPES.items():
        assert StyleSettings(recipe=name, strength=0.5).weights[:2] == recipe.base_weights


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_strength_never_weighs_content_more(one: float, other: float) -> None:
    low, high = sorted((one, other))
    weights = StyleSettings(strength=low).weights, StyleSettings(strength=high).weights
    assert weights[0].content >= weights[1].content > 0
    assert weights[0].style == weights[1].style


def test_full_and_no_strength_move_content_by_the_whole_range_each_way() -> None:
    content, _ = RECIPES["default"].base_weights
    assert StyleSettings(strength=0).weights.content == pytest.approx(content * STRENGTH_RANGE)
    assert StyleSettings(strength=1).weights.content == pytest.approx(content / STRENGTH_RANGE)


def test_one_weight_given_leaves_the_other_as_the_recipe_has_it() -> None:
    content, _ = RECIPES["default"].base_weights
    assert StyleSettings(style_weight=5).weights[:2] == (content, 5.0)
    assert StyleSettings(style_weight=5).strength is None
    chapter = StyleSettings(recipe="chapter", content_weight=2)
    assert chapter.weights == Weights(2.0, 1e4, 10.0)


@pytest.mark.parametrize("weight", ["content_weight", "style_weight"])
def test_strength_and_a_weight_together_contradict(weight: str) -> None:
    with pytest.raises(SettingError, match=f"strength and {weight} .* give one"):
        StyleSettings(strength=0.5, **{weight: 1})
    with pytest.raises(SettingError, match=f"strength and {weight} .* give one"):
        StyleSettings().replace(strength=0.5, **{weight: 1})


def test_the_last_given_of_strength_and_weights_counts() -> None:
    settings = StyleSettings(strength=0.9).replace(style_weight=7)
    assert (settings.strength, settings.weights.style) == (None, 7.0)
    again = settings.replace(strength=0.9)
    assert (again.strength, again.style_weight) == (0.9, None)
    assert again == StyleSettings(strength=0.9)


# Size and shape


def test_a_model_chooses_the_method_unless_somebody_has() -> None:
    assert StyleSettings(size=64).replace(model="own.onnx").method == "one-pass"
    chosen = StyleSettings(method="optimization")
    assert chosen.replace(model="own.onnx").method == "optimization"
    assert StyleSettings().replace(model="own.onnx", method="onnx").method == "onnx"
    assert StyleSettings(method="onnx").replace(model="own.onnx").method == "onnx"
    assert StyleSettings().replace(model=None).method == "optimization"


def test_size_and_shape_drive_each_other_out() -> None:
    with_shape = StyleSettings(size=300).replace(shape="30x40")
    assert (with_shape.size, with_shape.shape) == (None, (30, 40))
    with_size = with_shape.replace(size=300)
    assert (with_size.size, with_size.shape) == (300, None)
    assert StyleSettings(recipe="chapter", size=300).shape is None


def test_a_ratio_leaves_its_size_to_size() -> None:
    square = StyleSettings(size=300, shape="1:1")
    assert (square.size, square.shape) == (300, "1:1")
    larger = square.replace(size=400)
    assert (larger.size, larger.shape) == (400, "1:1")
    assert StyleSettings(shape=" 16 : 9").shape == "16:9"
    in_px = square.replace(shape="30x40")
    assert (in_px.size, in_px.shape) == (None, (30, 40))
    again = in_px.replace(shape="1:1")
    assert (again.size, again.shape) == (512, "1:1")
    assert StyleSettings(recipe="chapter", shape="1:1").size == 512
    whole = StyleSettings(size=None, shape="1:1")
    assert (whole.size, StyleSettings(**whole.model_dump()).size) == (None, None)
    assert StyleSettings(**square.model_dump(mode="json")) == square


def test_a_crop_is_a_name_or_a_point() -> None:
    assert StyleSettings(crop="80%, 20%").crop == "80%,20%"
    for wrong in ("middle", "101%,0%", "5,5"):
        with pytest.raises(SettingError, match=r"crop is .*: give one of center, top, bottom, lef"):
            StyleSettings(crop=wrong)


def test_size_and_shape_together_contradict() -> None:
    with pytest.raises(SettingError, match=r"size and shape .* give one"):
        StyleSettings(size=300, shape=(30, 40))


# Messages: the value, the wish, the remedy


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 0}, "steps is 0: give a whole number from 1 to 1000000"),
        ({"steps": "many"}, "steps is 'many': give a whole number from 1 to 1000000$"),
        ({"steps": 2.5}, "steps is 2.5: give a whole number from 1 to 1000000$"),
        ({"strength": "high"}, "strength is 'high': give a number from 0 to 1$"),
        ({"style_scale": "big"}, "style_scale is 'big': give a number above 0 and of at most 10$"),
        ({"tv_weight": "x"}, "tv_weight is 'x': give a number of at least 0$"),
        ({"style_layers": {"relu1_1": "x"}}, "style_layers relu1_1 is 'x': give a number$"),
        ({"strength": 1.5}, "strength is 1.5: give a number from 0 to 1"),
        ({"strength": math.nan}, "strength is nan: give a finite number"),
        ({"lr": math.inf}, "lr is inf: give a finite number"),
        ({"lr": "nan"}, "lr is 'nan': it must be a finite number"),
        ({"fit": "crop"}, "fit is 'crop': it must be 'contain', 'cover' or 'stretch'"),
        ({"shape": "big"}, "shape is 'big': give height x width in pixels, like 300x450"),
        ({"shape": (300,)}, r"shape 1 is \(300,\): field required"),
        ({"shape": "0x9"}, "shape 0 is 0: give a whole number of at least 1"),
        ({"style_layers": {"relu1_1": -1}}, "relu1_1 is -1: give a number of at least 0"),
        ({"style_layers": "relu1_1=nan"}, "style_layers relu1_1 is nan: give a finite number"),
        ({"style_layers": "relu1_1=x"}, "'relu1_1=x' is not a layer and its weight"),
        ({"coarse_share": 1e200}, r"coarse_share is 1e\+200: give a number"),
    ],
    ids=str,
)
def test_a_bad_value_is_told_with_the_wish(options: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message) as error:
        StyleSettings(**options)
    assert "\n" not in str(error.value)
    with pytest.raises(SettingError, match=message):
        StyleSettings().replace(**options)


@pytest.mark.parametrize(
    ("options", "nearest"),
    [
        ({"stepps": 5}, "did you mean 'steps'"),
        ({"recipe": "chaper"}, "did you mean 'chapter'"),
        ({"recipe": ["chapter"]}, "There are: default"),
        ({"recipe": None}, "there are: default"),
        ({"init": "contents"}, "did you mean 'content'"),
    ],
    ids=str,
)
def test_an_unknown_name_is_told_the_nearest(options: dict[str, Any], nearest: str) -> None:
    with pytest.raises(UnknownNameError, match=nearest):
        StyleSettings(**options)


def test_a_setting_that_there_is_not_is_told_the_nearest_and_where_all_stand() -> None:
    with pytest.raises(UnknownNameError) as error:
        StyleSettings(colour="match")  # type: ignore[call-arg]
    count = len(StyleSettings.model_fields)
    told = (
        r"'colour' is not a setting; did you mean 'color'.*\? All (\d+) stand in docs/settings.md"
    )
    match = re.match(told, str(error.value))
    assert match is not None
    assert int(match[1]) == count
    assert "threads" not in str(error.value)


def test_a_recipe_cannot_replace_settings_already_made() -> None:
    with pytest.raises(SettingError, match=r"StyleSettings\(recipe='gatys'\)"):
        StyleSettings().replace(recipe="gatys")


@pytest.mark.parametrize(
    "options",
    [
        {"content_layers": "", "style_layers": ""},
        {"content_layers": "relu4_2=0", "style_layers": "relu1_1=0"},
        {"content_weight": 0, "style_weight": 0},
        {"content_weight": 0, "style_layers": ""},
        {"style_weight": 0, "content_layers": "", "tv_weight": 1},
    ],
    ids=str,
)
def test_losses_that_guide_nothing_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(SettingError, match="nothing would guide"):
        StyleSettings(**options)


@pytest.mark.parametrize("options", [{"content_weight": 0}, {"style_weight": 0}], ids=str)
def test_one_of_content_and_style_is_enough(options: dict[str, Any]) -> None:
    weights = StyleSettings(**options).weights
    assert 0 in weights[:2]
    assert max(weights[:2]) > 0


def test_a_start_from_a_file_keeps_its_path_as_it_is() -> None:
    assert StyleSettings(init="image:a b/Ü:1.png").init == "image:a b/Ü:1.png"


# What the command line and the docs are made from


@pytest.mark.parametrize("name", FIELDS)
def test_each_setting_has_help_a_group_and_an_option(name: str) -> None:
    field = FIELDS[name]
    assert field.description
    assert field.description.endswith(".")
    assert isinstance(field.json_schema_extra, dict)
    assert field.json_schema_extra["theme"] in {
        *(
            "Recipe",
            "Size",
            "Losses",
            "Colour",
            "Start",
            "Optimizer",
            "Backbone",
            "Machine",
            "Words",
        )
    }
    assert flag(name).startswith("--")


def test_no_two_settings_share_an_option() -> None:
    assert len({flag(name) for name in FIELDS}) == len(FIELDS)


# Several styles


def test_shares_are_numbers_with_commas_and_reload() -> None:
    settings = StyleSettings(style_blend="0.7, 0.3")
    assert settings.style_blend == (0.7, 0.3)
    assert reload(settings) == settings


@pytest.mark.parametrize(
    ("shares", "message"),
    [("a,b", "numbers with commas"), ((0, 0), "all shares of style_blend are 0"), ("1,-1", "-1")],
)
def test_shares_that_mix_nothing_are_told(shares: Any, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        StyleSettings(style_blend=shares)


def test_every_style_loss_of_the_engine_can_be_chosen() -> None:
    from impasto.losses import STYLE_LOSSES

    assert described("style_loss").choices[: len(STYLE_LOSSES)] == tuple(STYLE_LOSSES)
