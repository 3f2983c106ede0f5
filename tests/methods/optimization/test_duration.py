from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch

from impasto.methods.optimization import duration, preparation
from impasto.methods.optimization.duration import LOOK, SIDE, Pace, measure
from impasto.methods.optimization.run import Optimization
from impasto.methods.optimization.schedule import Scale, plan_scales
from impasto.methods.protocol import RunOptions
from impasto.settings import StyleSettings
from impasto.task import StyleTask
from impasto.work import step_cost

PICTURE = np.random.default_rng(0).integers(0, 255, (48, 64, 3), np.uint8)
LARGE = plan_scales(768, 1024, 250)


def machine(monkeypatch: pytest.MonkeyPatch, px_s: float, least_s: float = 0.0) -> list[int]:
    """Stands for one that takes so long a px, and so long at least; the sides that are tried."""
    sides: list[int] = []

    def step_s(_network: Any, _pictures: Any, side: int, *_: Any) -> float:
        sides.append(side)
        return max(least_s, px_s * step_cost(side, side))

    monkeypatch.setattr(duration, "_step_s", step_s)
    return sides


def try_out(scales: tuple[Scale, ...], smallest_side: int = 1) -> Pace | None:
    pictures: Any = None
    return measure(None, pictures, scales, {}, torch.device("cpu"), smallest_side)


def test_steps_take_what_their_pixels_take_and_each_scale_a_look() -> None:
    scales = [Scale(100, 100, 10), Scale(200, 200, 2, margin=10)]
    small, large = step_cost(100, 100), step_cost(220, 220)
    pace = Pace(px_s=1.0)
    assert pace.seconds(scales) == pytest.approx((10 + LOOK) * small + (2 + LOOK) * large)
    assert pace.seconds(scales, first_step=12) == pytest.approx((1 + LOOK) * large)
    assert pace.seconds(scales, first_step=13) == 0


def test_a_slow_machine_shows_its_pace_at_the_smallest_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sides = machine(monkeypatch, px_s=4e-6)
    assert try_out(LARGE) == Pace(pytest.approx(4e-6), pytest.approx(4e-6 * step_cost(SIDE, SIDE)))
    assert sides == [SIDE]


def test_a_quick_machine_is_tried_until_its_pixels_count(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = machine(monkeypatch, px_s=1e-7, least_s=0.005)
    pace = try_out(LARGE)
    assert pace is not None
    assert sides == [SIDE, 2 * SIDE, 4 * SIDE, 8 * SIDE]
    assert (pace.px_s, pace.least_s) == (pytest.approx(1e-7), 0.005)


def test_nothing_larger_than_the_painting_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = machine(monkeypatch, px_s=1e-9)
    try_out(LARGE)
    assert max(sides) <= math.isqrt(768 * 1024)


def test_a_network_that_needs_more_pixels_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    sides = machine(monkeypatch, px_s=1e-5)
    try_out(LARGE, smallest_side=200)
    assert sides == [200]


def test_a_painting_that_is_short_beside_a_trial_is_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sides = machine(monkeypatch, px_s=1e-5)
    assert try_out(plan_scales(96, 128, 100)) is None
    assert try_out(plan_scales(192, 256, 3)) is None
    assert sides == []


@pytest.mark.parametrize(
    "more", [{}, {"masks": [np.full((48, 64), 255, np.uint8)]}, {"style_loss": "sliced"}]
)
def test_a_painting_that_was_tried_first_has_the_same_bytes(
    more: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    masks = more.get("masks", ())
    own = {name: value for name, value in more.items() if name != "masks"}
    settings = StyleSettings(size=64, steps=3, init="noise", device="cpu", **own)
    task = StyleTask.of(PICTURE, PICTURE, masks=masks)

    def painted() -> tuple[float, bytes]:
        run = Optimization().prepare(task, settings, RunOptions())
        begun, *_ = list(run)
        return begun.predicted_s, run.picture().tobytes()

    untold, plain = painted()
    monkeypatch.setattr(duration, "SHARE", 1e9)
    state = torch.get_rng_state()
    told, tried = painted()
    assert untold == 0 < told
    assert tried == plain
    assert torch.equal(torch.get_rng_state(), state)


def test_nobody_tells_how_long_a_network_or_terms_that_were_brought_along_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(duration, "SHARE", 1e9)
    settings = StyleSettings(size=64, steps=3, device="cpu")
    task = StyleTask.of(PICTURE, PICTURE)
    ready = preparation.prepare(task, settings, RunOptions())
    assert (
        ready.started(1, ready.scales).predicted_s > ready.started(3, ready.scales).predicted_s > 0
    )
    brought = preparation.prepare(task, settings, RunOptions(extractor=ready.network))
    assert brought.started(1, brought.scales).predicted_s == 0
