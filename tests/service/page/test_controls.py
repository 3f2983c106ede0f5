"""The controls say what the model says, and take back what they show."""

from __future__ import annotations

from typing import Any

import pytest

from impasto.arrangements import KINDS
from impasto.errors import SettingError
from impasto.service.page import settings_zh
from impasto.service.page.controls import (
    Control,
    controls,
    settings_from,
    values_of,
    weights_drive,
)
from impasto.settings import StyleSettings
from impasto.settings.recipes import RECIPES

LEFT_OUT = {"model", "weights_file", "max_megapixels", "device", "precision", "threads"}
LEFT_OUT |= {"tile", "scratch"}
LEFT_OUT |= {"clip", "text_weight", "text_crops", "text_templates", "text_source"}
LEFT_OUT |= {"deterministic", "channels_last", "compile", "force"}
PLACE = {control.name: number for number, control in enumerate(controls())}


def with_value(values: list[Any], **changed: Any) -> list[Any]:
    for name, value in changed.items():
        values[PLACE[name]] = value
    return values


def default(**changed: Any) -> list[Any]:
    return with_value(values_of(StyleSettings()), **changed)


def of(name: str) -> Control:
    return controls()[PLACE[name]]


def test_every_setting_is_shown_once_but_those_of_the_machine_and_of_files() -> None:
    names = [control.name for control in controls()]
    assert len(names) == len(set(names))
    assert set(names) == set(StyleSettings.model_fields) - LEFT_OUT


def test_kind_and_bounds_come_from_the_model() -> None:
    assert (of("strength").kind, of("strength").low, of("strength").high) == ("slider", 0, 1)
    assert (of("margin").kind, of("margin").high) == ("slider", 0.5)
    assert (of("steps").kind, of("steps").range) == ("whole", "≥\xa01, ≤\xa01,000,000")
    assert (of("upscale").kind, of("shape").kind) == ("switch", "text")
    assert of("tv_loss").choices == ("squared", "l1", "charbonnier", "vectorial")
    assert of("size").unset is not None
    assert of("seed").unset is None


def test_no_choice_and_no_help_speaks_of_files_or_of_the_command_line() -> None:
    assert not any("FILE" in c.help or "--" in c.help for c in controls())
    assert of("init").choices == ("content", "noise", "blend", "style")
    # What is no photograph has pages of its own.
    assert of("recipe").choices == tuple(name for name in RECIPES if name not in KINDS)
    assert of("method").choices == ("optimization", "one-pass")  # an ONNX graph is a file


def test_every_setting_and_group_that_is_shown_has_its_words_in_chinese() -> None:
    assert {control.name for control in controls()} <= settings_zh.SETTINGS.keys()
    assert {control.group for control in controls()} <= settings_zh.GROUPS.keys()
    unset = {control.unset for control in controls()} - {None, "—"}
    assert unset <= settings_zh.UNSET.keys()
    assert settings_zh.RECIPES.keys() >= RECIPES.keys() - set(KINDS)


@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"recipe": "gatys"},
        {"recipe": "chapter", "strength": 0.7},
        {"shape": (300, 400)},
        {"size": None},
        {"optimizer": "adam"},
        {"optimizer": "adam", "lr": 1.0},
        {"content_weight": 3.0},
        {"style_blend": (1.0, 2.0)},
        {"recipe": "chapter", "size": 100},
        {"color": "luminance", "init": "blend", "bits": "16", "upscale": True},
    ],
    ids=str,
)
def test_what_settings_show_gives_the_same_settings_again(overrides: dict[str, Any]) -> None:
    settings = StyleSettings(**overrides)
    assert settings_from(values_of(settings)) == settings


def test_a_weight_takes_the_place_of_a_strength_that_nobody_moved() -> None:
    settings = settings_from(default(content_weight=4.0))
    assert (settings.strength, settings.content_weight) == (None, 4.0)


def test_a_weight_that_is_typed_drives_whatever_the_strength_says() -> None:
    values = default(strength=0.7, style_weight="5")
    assert weights_drive(values)
    assert settings_from(values) == StyleSettings(style_weight=5.0)


def test_a_strength_takes_the_place_of_a_recipes_own_weights() -> None:
    values = values_of(StyleSettings(recipe="chapter"))
    assert not weights_drive(values)
    moved = with_value(values, strength=0.7, content_weight="", style_weight="")
    assert settings_from(moved) == StyleSettings(recipe="chapter", strength=0.7)


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_number_that_may_be_nothing_is_an_empty_box_and_no_0(recipe: str) -> None:
    settings = StyleSettings(recipe=recipe)
    for control, value in zip(controls(), values_of(settings), strict=True):
        if control.kind in ("whole", "number") and getattr(settings, control.name) is None:
            assert (control.written, value) == (True, "")


def test_a_blank_number_that_has_to_be_one_is_the_recipes() -> None:
    assert settings_from(default(steps=None)).steps == StyleSettings().steps


@pytest.mark.parametrize(
    ("text", "number"), [("1,000", 1000), ("0,5", 0.5), ("1,5", 1.5), ("2,500.5", 2500.5)]
)
def test_a_comma_parts_thousands_or_decimals(text: str, number: float) -> None:
    assert settings_from(default(style_weight=text)).style_weight == number


def test_a_number_that_arrives_as_a_float_is_whole_again() -> None:
    assert settings_from(default(steps=20.0)).steps == 20


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"steps": 0}, "steps is 0: give a whole number from 1 to 1000000"),
        ({"steps": "many"}, "steps is 'many': give a number"),
        ({"shape": "wide"}, "give height x width"),
        ({"content_weight": "many"}, "content_weight is 'many': give a number"),
        ({"size": 300, "shape": "40x30"}, "size and shape both set the size"),
        ({"recipe": "/etc/passwd.toml"}, "choose one of default"),
        ({"init": "image:/etc/passwd"}, "choose one of content"),
        ({"backbone": ["slim"]}, "choose one of slim"),
        ({"content_layers": {"x": 1}}, "content_layers"),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_as_the_command_line_tells_it(
    changed: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        settings_from(default(**changed))
    assert words in str(refusal.value)


def test_the_size_of_strokes_is_called_so() -> None:
    (control,) = [control for control in controls() if control.name == "style_scale"]
    assert control.label == "Stroke size"
    assert control.help.startswith("Size of the strokes")


def test_a_choice_that_may_be_another_value_keeps_it_and_the_model_judges_it() -> None:
    point = StyleSettings(crop="80%,20%")
    assert (of("crop").open, of("init").open, of("recipe").open) == (True, False, False)
    assert settings_from(values_of(point)) == point
    with pytest.raises(SettingError, match="crop is 'middle'"):
        settings_from(default(crop="middle"))
    with pytest.raises(SettingError, match="choose one of"):
        settings_from(default(crop=["center"]))
    with pytest.raises(SettingError, match="choose one of"):
        settings_from(default(init="image:/etc/passwd"))
