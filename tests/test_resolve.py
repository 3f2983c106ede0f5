from __future__ import annotations

import pytest

from impasto.errors import SettingError, UnknownNameError
from impasto.resolve import filled
from impasto.settings import StyleSettings


def test_what_is_given_wins_over_the_recipe() -> None:
    assert filled({"recipe": "chapter", "steps": 3})["steps"] == 3
    assert filled({"recipe": "chapter"})["steps"] == 500


@pytest.mark.parametrize(
    ("given", "lr"),
    [
        ({}, 1.0),
        ({"optimizer": "adam"}, 0.05),
        ({"recipe": "chapter"}, 0.3),
        ({"recipe": "chapter", "optimizer": "lbfgs"}, 1.0),
        ({"recipe": "chapter", "lr": 0.2}, 0.2),
        ({"recipe": "gatys", "optimizer": "adam"}, 0.05),
    ],
)
def test_the_learning_rate_suits_the_optimizer(given: dict[str, object], lr: float) -> None:
    assert StyleSettings(**given).lr == lr


def test_another_optimizer_brings_its_own_learning_rate() -> None:
    chapter = StyleSettings(recipe="chapter")
    assert chapter.but(optimizer="lbfgs").lr == 1.0
    assert chapter.but(optimizer="adam").lr == 0.3
    assert chapter.but(optimizer="lbfgs", lr=0.5).lr == 0.5


def test_size_drives_out_the_recipes_shape_and_the_other_way_round() -> None:
    assert filled({"recipe": "chapter", "size": 200})["shape"] is None
    assert filled({"shape": (4, 4)})["size"] is None


def test_contradictions_and_unknown_recipes_are_told() -> None:
    with pytest.raises(SettingError, match="size and shape both set the size"):
        filled({"size": 3, "shape": (3, 3)})
    with pytest.raises(UnknownNameError, match="not a recipe"):
        filled({"recipe": 7})
