from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.settings import StyleSettings, load_settings
from impasto.settings.resolve import filled


def test_what_is_given_wins_over_the_recipe() -> None:
    assert filled({"recipe": "chapter", "steps": 3})["steps"] == 3
    assert filled({"recipe": "chapter"})["steps"] == 500


@pytest.mark.parametrize(
    ("options", "lr"),
    [
        ({}, 1.0),
        ({"optimizer": "adam"}, 0.05),
        ({"optimizer": "proximal"}, 1.0),
        ({"recipe": "chapter"}, 0.3),
        ({"recipe": "chapter", "optimizer": "lbfgs"}, 1.0),
        ({"recipe": "chapter", "lr": 0.2}, 0.2),
        ({"recipe": "gatys", "optimizer": "adam"}, 0.05),
    ],
)
def test_the_learning_rate_suits_the_optimizer(options: dict[str, object], lr: float) -> None:
    assert StyleSettings(**options).lr == lr


def test_another_optimizer_brings_its_own_learning_rate() -> None:
    chapter = StyleSettings(recipe="chapter")
    assert chapter.replace(optimizer="lbfgs").lr == 1.0
    assert chapter.replace(optimizer="adam").lr == 0.3
    assert chapter.replace(optimizer="lbfgs", lr=0.5).lr == 0.5


def test_size_drives_out_the_recipes_shape_and_the_other_way_round() -> None:
    assert filled({"recipe": "chapter", "size": 200})["shape"] is None
    assert filled({"shape": (4, 4)})["size"] is None


def test_contradictions_and_unknown_recipes_are_told() -> None:
    with pytest.raises(SettingError, match="size and shape both set the size"):
        filled({"size": 3, "shape": (3, 3)})
    with pytest.raises(UnknownNameError, match="not a recipe"):
        filled({"recipe": 7})


Maker = Callable[[str], str]


@pytest.fixture
def recipe(tmp_path: Path) -> Maker:
    """Makes a recipe file of a text, and tells its path."""

    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_a_file_stands_between_its_recipe_and_what_is_given(recipe: Maker) -> None:
    path = recipe('recipe = "chapter"\nsteps = 7\ntv-weight = 2')
    settings = load_settings({"recipe": path, "tv_weight": 3})
    assert (settings.steps, settings.tv_weight, settings.optimizer) == (7, 3.0, "adam")


def test_settings_from_a_file_do_not_need_it_any_more(recipe: Maker) -> None:
    path = recipe('recipe = "chapter"\nstyle-weight = 5')
    settings = load_settings({"recipe": path})
    Path(path).unlink()
    assert settings.recipe == "chapter"
    assert StyleSettings(**settings.model_dump()) == settings
    assert settings.replace(steps=3).style_weight == 5.0


@pytest.mark.parametrize(
    ("text", "options", "weights"),
    [
        ("style-weight = 5", {"strength": 0.5}, (1.5, 1.0, 1.0)),
        ("strength = 0.5", {"style_weight": 5}, (1.5, 5.0, 1.0)),
        ("strength = 0.5", {}, (1.5, 1.0, 1.0)),
        ("style-weight = 5", {"content_weight": 2}, (2.0, 5.0, 1.0)),
        ('recipe = "chapter"\nstrength = 0.5', {}, (1.0, 1e4, 10.0)),
        ('recipe = "chapter"\nstyle-weight = 5', {}, (1.0, 5.0, 10.0)),
        ('recipe = "chapter"\nstrength = 0.5', {"content_weight": 3}, (3.0, 1e4, 10.0)),
    ],
)
def test_strength_and_weights_drive_each_other_out_through_a_file(
    text: str, options: dict[str, object], weights: tuple[float, ...], recipe: Maker
) -> None:
    settings = load_settings({"recipe": recipe(text), **options})
    assert settings.weights == pytest.approx(weights)
    assert (settings.strength is None) == (settings.style_weight is not None)


@pytest.mark.parametrize(
    ("text", "options", "size", "shape"),
    [
        ("shape = [30, 40]", {"size": 64}, 64, None),
        ("size = 64", {"shape": (30, 40)}, None, (30, 40)),
        ('recipe = "chapter"\nsize = 64', {}, 64, None),
        ('recipe = "chapter"', {}, None, (300, 450)),
    ],
)
def test_size_and_shape_drive_each_other_out_through_a_file(
    text: str, options: dict[str, object], size: int | None, shape: object, recipe: Maker
) -> None:
    settings = load_settings({"recipe": recipe(text), **options})
    assert (settings.size, settings.shape) == (size, shape)


@pytest.mark.parametrize(
    ("text", "options", "lr"),
    [
        ("", {}, 1.0),
        ('optimizer = "adam"', {}, 0.05),
        ('optimizer = "adam"\nlr = 0.2', {}, 0.2),
        ('optimizer = "adam"\nlr = 0.2', {"optimizer": "lbfgs"}, 1.0),
        ("lr = 0.2", {"optimizer": "adam"}, 0.05),
        ('recipe = "chapter"', {}, 0.3),
        ('recipe = "chapter"\noptimizer = "lbfgs"', {}, 1.0),
        ('recipe = "chapter"\noptimizer = "lbfgs"', {"optimizer": "adam"}, 0.05),
    ],
)
def test_the_learning_rate_suits_the_optimizer_of_a_file(
    text: str, options: dict[str, object], lr: float, recipe: Maker
) -> None:
    assert load_settings({"recipe": recipe(text), **options}).lr == lr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stregth = 0.5", "'stregth' is not a setting; did you mean 'strength'"),
        ("strength = 7", "strength is 7: give a number from 0 to 1"),
        ("strength = nan", "strength is nan: give a finite number"),
        ('optimizer = "lbfgs"\nlr = "fast"', "lr is 'fast'"),
        ("steps = 1979-05-27", "steps is datetime.date"),
        ('shape = "wide"', "shape is 'wide': give height x width"),
        ("strength = 0.5\nstyle-weight = 2", "strength and style_weight both set"),
        (f"steps = 0x{'f' * 5000}", "steps is a number too long to be written"),
        ("style-layers = {relu1_1 = -1}", "style_layers relu1_1 is -1"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_name(
    text: str, message: str, recipe: Maker
) -> None:
    with pytest.raises(SettingError, match=f"mine.toml: {message}"):
        load_settings({"recipe": recipe(text)})


def test_what_is_wrong_beside_a_file_is_not_laid_at_its_door(recipe: Maker) -> None:
    path = recipe("strength = 0.5")
    with pytest.raises(SettingError, match=r"^steps is 0"):
        load_settings({"recipe": path, "steps": 0})
    with pytest.raises(SettingError, match=r"^strength is 7"):
        load_settings({"recipe": path, "strength": 7})
    load_settings({"recipe": path})
    with pytest.raises(SettingError, match=r"^strength is 8"):
        StyleSettings(strength=8)
