from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from impasto.methods.optimization.optimizers import LBFGS, Adam, ProximalLBFGS, choose
from impasto.settings import StyleSettings


def pixels() -> nn.Parameter:
    return nn.Parameter(torch.zeros(1, 3, 4, 4))


def test_each_name_gives_its_optimizer() -> None:
    assert isinstance(choose(StyleSettings(optimizer="lbfgs"), pixels(), 10), LBFGS)
    assert isinstance(choose(StyleSettings(optimizer="adam"), pixels(), 10), Adam)
    proximal = StyleSettings(optimizer="proximal", tv_loss="l1")
    assert isinstance(choose(proximal, pixels(), 10), ProximalLBFGS)


@pytest.mark.parametrize("changes", [{"tv_loss": "charbonnier"}, {"tv_loss": "l1", "tv_weight": 0}])
def test_without_a_corner_to_meet_proximal_is_plain_lbfgs(changes: dict[str, Any]) -> None:
    assert isinstance(choose(StyleSettings(optimizer="proximal", **changes), pixels(), 10), LBFGS)


def test_adams_first_move_is_the_learning_rate() -> None:
    adam = choose(StyleSettings(optimizer="adam", lr=0.25), pixels(), 10)
    adam.tell(1.0, torch.ones(1, 3, 4, 4))
    assert torch.allclose(adam.ask(), torch.full((1, 3, 4, 4), -0.25))


def test_a_cosine_schedule_ends_where_the_steps_do() -> None:
    adam = choose(StyleSettings(optimizer="adam", lr=1.0, lr_schedule="cosine"), pixels(), 2)
    for _ in range(2):
        before = adam.ask().clone()
        adam.tell(1.0, torch.ones(1, 3, 4, 4))
    # Half way down a cosine: half the rate.
    assert torch.allclose(before - adam.ask(), torch.full((1, 3, 4, 4), 0.5), atol=1e-5)
