from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.networks import features
from impasto.training.stylizers import comparison
from impasto.training.stylizers.comparison import Comparison, Reading, equal_steps, told_steps
from impasto.training.stylizers.objective import LAYERS, Guide
from impasto.training.stylizers.start import begin


def noise(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(256, (1, 3, 72, 96), generator=generator, dtype=torch.uint8)


def test_a_network_stands_beside_paintings_of_as_many_steps_as_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(comparison, "STEPS", (1, 3))
    guide = Guide(features.load("slim", LAYERS, padding="reflect"))
    target = guide.target(torch.randn(1, 3, 64, 64))
    seen = {layer: s.moments() for layer, s in target.full.items()}
    network = begin(["mine"], seen).eval().requires_grad_(False)
    beside = Comparison(network, "mine", noise(0), [noise(1), noise(2)], guide)
    assert list(beside.run()) == [1, 2, 3, 4]
    assert len(beside) == 4
    assert beside.curve.keys() == {1, 3}
    assert beside.curve[3].style < beside.curve[1].style
    assert "steps of optimisation, recipe default: mine has style" in beside.sentence()
    assert "on 2 photographs not learnt from" in beside.sentence()


def test_a_reading_weighs_content_as_the_default_recipe_does() -> None:
    assert Reading(1.0, 2.0).score == 4.0
    assert Reading.mean([Reading(1.0, 2.0), Reading(3.0, 0.0)]) == Reading(2.0, 1.0)


def test_a_curve_that_rises_again_counts_as_it_was_at_its_best() -> None:
    assert equal_steps({25: 4.0, 50: 2.0, 100: 3.0}, 2.5) == pytest.approx(25 * 2**0.75)
    assert equal_steps({25: 4.0, 50: 2.0, 100: 3.0}, 1.9) == float("inf")


def test_steps_are_told_in_fives() -> None:
    curve = {25: 4.0, 50: 3.0, 100: 2.0}
    assert told_steps(curve, 4.0) == "about 25 steps"
    assert told_steps(curve, 2.9) == "about 55 steps"
    assert told_steps(curve, 9.0) == "fewer than 25 steps"
