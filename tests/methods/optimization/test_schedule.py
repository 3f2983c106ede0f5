from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from impasto.methods.optimization.schedule import SMALLEST_COARSE_SIDE, learning_rate, plan_scales

sides = st.integers(1, 5000)
step_counts = st.integers(1, 3000)


@given(
    height=sides,
    width=sides,
    steps=step_counts,
    coarsest=st.integers(0, 1024),
    coarse_share=st.floats(0.01, 100),
    smallest_side=st.integers(2, 64),
)
def test_any_pyramid_is_whole(
    height: int, width: int, steps: int, coarsest: int, coarse_share: float, smallest_side: int
) -> None:
    scales = plan_scales(
        height,
        width,
        steps,
        coarsest=coarsest,
        coarse_share=coarse_share,
        smallest_side=smallest_side,
    )
    assert sum(scale.steps for scale in scales) == steps
    assert all(scale.steps >= 1 for scale in scales)
    assert (scales[-1].height, scales[-1].width) == (height, width)
    for coarse in scales[:-1]:
        assert min(coarse.height, coarse.width) >= max(smallest_side, SMALLEST_COARSE_SIDE)


@given(height=sides, width=sides, steps=st.integers(500, 3000), coarsest=st.integers(1, 1024))
def test_sizes_double_to_the_nearest_pixel(
    height: int, width: int, steps: int, coarsest: int
) -> None:
    scales = plan_scales(height, width, steps, coarsest=coarsest)
    for k, scale in enumerate(reversed(scales)):
        assert (scale.height, scale.width) == (round(height / 2**k), round(width / 2**k))


@given(longest=st.integers(64, 5000), coarsest=st.integers(64, 1024))
def test_the_coarsest_is_met_as_nearly_as_doubling_allows(longest: int, coarsest: int) -> None:
    first = plan_scales(longest, longest, 3000, coarsest=coarsest)[0].height
    if first < longest:
        assert coarsest / math.sqrt(2) - 1 <= first <= coarsest * math.sqrt(2) + 1
    else:
        assert longest <= coarsest * math.sqrt(2) + 1


def test_a_share_of_one_gives_every_scale_as_much() -> None:
    scales = plan_scales(512, 512, 300, coarsest=128, coarse_share=1.0)
    assert [scale.steps for scale in scales] == [100, 100, 100]


@pytest.mark.parametrize("share", [0.5, 2.0])
def test_a_scale_gets_its_share_of_the_next_finer_one(share: float) -> None:
    coarse, middle, fine = plan_scales(512, 512, 7000, coarsest=128, coarse_share=share)
    assert coarse.steps == pytest.approx(share * middle.steps, abs=2)
    assert middle.steps == pytest.approx(share * fine.steps, abs=2)


def test_one_step_is_spent_on_the_picture_itself() -> None:
    (scale,) = plan_scales(512, 512, 1)
    assert (scale.height, scale.steps) == (512, 1)


def test_a_picture_smaller_than_the_coarsest_has_one_scale() -> None:
    assert len(plan_scales(100, 80, 50, coarsest=128)) == 1


def test_a_narrow_picture_leaves_out_scales_with_nothing_to_paint() -> None:
    scales = plan_scales(64, 1024, 200, coarsest=128)
    assert [(s.height, s.width) for s in scales] == [(32, 512), (64, 1024)]


def rates(schedule: str, steps: int = 20) -> list[float]:
    return [
        learning_rate(step, steps, lr=0.3, schedule=schedule, decay=0.8, decay_every=5)
        for step in range(steps)
    ]


def test_a_constant_rate_stays() -> None:
    assert set(rates("constant")) == {0.3}


def test_the_step_schedule_is_torchs() -> None:
    adam = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=0.3)
    schedule = torch.optim.lr_scheduler.StepLR(adam, 5, 0.8)
    for rate in rates("step"):
        assert rate == pytest.approx(adam.param_groups[0]["lr"], rel=1e-12)
        adam.step()
        schedule.step()


def test_the_cosine_falls_from_the_whole_rate_towards_none() -> None:
    cosine = rates("cosine")
    assert cosine == sorted(cosine, reverse=True)
    assert cosine[0] == 0.3
    assert cosine[10] == pytest.approx(0.15)
    assert 0 < cosine[-1] < 0.003


def test_a_margin_is_a_share_of_the_longest_side_at_every_scale() -> None:
    scales = plan_scales(384, 512, 300, margin=0.05)
    assert [s.margin for s in scales] == [6, 13, 26]
    assert scales[-1].canvas == (384 + 52, 512 + 52)


def test_a_narrow_picture_has_a_margin_it_can_mirror() -> None:
    (scale,) = plan_scales(10, 400, 1, coarsest=0, margin=0.5)
    assert scale.margin == 5
