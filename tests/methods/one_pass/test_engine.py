from __future__ import annotations

import pytest
import torch

from impasto.methods.one_pass import engine as engines
from impasto.methods.one_pass.engine import Engine
from impasto.networks.stylizers import OnePass, Plan

TINY = Plan(widths=(8, 8, 8, 16), blocks=2, trunk_kernels=1, top_kernels=1, code=6, hidden=8)


def ready() -> Engine:
    torch.manual_seed(0)
    return Engine(OnePass(TINY, rows=("a",), reads=False).eval())


def painted(engine: Engine, *args: object) -> torch.Tensor:
    *_, (_, _, painting) = engine.paint(*args)
    return painting


def test_a_picture_is_painted_alike_by_its_own_spreads() -> None:
    engine, photo = ready(), torch.randn(1, 3, 260, 270)
    hand = engine.hand(torch.randn(6), 0.5)
    own = painted(engine, photo, hand, engine.spreads(photo, hand))
    torch.testing.assert_close(own, painted(engine, photo, hand), rtol=1e-3, atol=2e-3)


def test_spreads_of_several_pictures_lie_between_theirs() -> None:
    engine = ready()
    dark, light = torch.randn(1, 3, 64, 64) - 1, torch.randn(1, 3, 64, 64) + 1
    hand = engine.hand(torch.randn(6), 0.5)
    name = "block0a"  # the first that is normalised, so that nothing else differs before it
    means = [engine.spreads(one, hand)[name][0] for one in (dark, light)]
    both, _ = engine.spreads(torch.cat((dark, light)), hand)[name]
    torch.testing.assert_close(both, sum(means) / 2, rtol=1e-3, atol=1e-5)


def test_tiles_are_painted_by_the_spreads_that_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    engine, photo = ready(), torch.randn(1, 3, 128, 160)
    hand = engine.hand(torch.randn(6), 0.5)
    spreads = engine.spreads(torch.randn(2, 3, 64, 64), hand)
    whole = painted(engine, photo, hand, spreads)
    monkeypatch.setattr(engines, "WHOLE_PX", 100)
    torch.testing.assert_close(painted(engine, photo, hand, spreads), whole, rtol=1e-3, atol=1e-4)
