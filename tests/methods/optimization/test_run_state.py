from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from impasto.errors import CheckpointError
from impasto.methods.optimization.optimizers import LBFGS
from impasto.methods.optimization.run_state import FIRST_LOSSES, RunState
from impasto.methods.optimization.schedule import Scale

SCALES = [Scale(4, 5, 1, 0), Scale(8, 10, 3, 0)]


def bowl(steps: int) -> LBFGS:
    """An L-BFGS that is so many steps down a bowl."""
    lbfgs = LBFGS(nn.Parameter(torch.randn(1, 3, 4, 5, generator=torch.Generator().manual_seed(0))))
    for _ in range(steps):
        x = lbfgs.ask()
        lbfgs.tell(x.square().sum().item() / 3, 2 * x / 3)
    return lbfgs


@pytest.fixture
def state() -> RunState:
    return RunState(
        scale=1,
        scale_step=2,
        retries=2,
        weights_sha256="0" * 64,
        optimizer=bowl(3).state(),
        history=torch.tensor([[0.1, 1 / 3, math.pi, 1e-9, 0.0]] * 3, dtype=torch.float64),
        random_state=torch.Generator().manual_seed(5).get_state(),
        losses=("content", "style", "total"),
    )


def test_what_is_kept_is_read_to_the_last_bit(state: RunState) -> None:
    copy = RunState.read(state.as_state())
    assert copy.optimizer.keys() == state.optimizer.keys()
    for name, value in state.optimizer.items():
        if isinstance(value, Tensor):
            assert torch.equal(value, copy.optimizer[name])  # type: ignore[arg-type]
        else:
            assert value == copy.optimizer[name]
    assert torch.equal(copy.history, state.history)
    assert torch.equal(copy.random_state, state.random_state)
    none = torch.zeros(0)
    bare = {"optimizer": {}, "history": none, "random_state": none}
    assert replace(copy, **bare) == replace(state, **bare)


def test_a_restored_optimizer_asks_for_the_same_picture(state: RunState) -> None:
    other = LBFGS(nn.Parameter(torch.zeros(1, 3, 4, 5)))
    RunState.read(state.as_state()).restore(other)
    assert torch.equal(other.ask(), bowl(3).ask())


def test_what_is_kept_does_not_follow_later_steps() -> None:
    lbfgs = bowl(3)
    record = RunState(0, 3, 0, "", lbfgs.state(), torch.zeros(3, 6), torch.zeros(0)).as_state()
    before = {name: value.clone() for name, value in record.items() if isinstance(value, Tensor)}
    x = lbfgs.ask()
    lbfgs.tell(x.square().sum().item() / 3, 2 * x / 3)
    assert all(torch.equal(record[name], value) for name, value in before.items())


def test_the_first_format_did_not_name_its_losses(state: RunState) -> None:
    record = state.as_state()
    del record["losses"]
    assert RunState.read(record).losses == FIRST_LOSSES


@pytest.mark.parametrize("part", ["scale", "optimizer", "history", "random_state"])
def test_a_part_that_is_missing_is_named(state: RunState, part: str) -> None:
    record = state.as_state()
    del record[part]
    with pytest.raises(CheckpointError, match=rf"damaged .*{part}.*start anew"):
        RunState.read(record)


def test_an_optimizer_of_another_picture_is_refused(state: RunState) -> None:
    with pytest.raises(CheckpointError, match="has another shape than the picture"):
        state.restore(LBFGS(nn.Parameter(torch.zeros(1, 3, 4, 6))))


def test_other_weights_are_refused(state: RunState) -> None:
    state.verify_weights("0" * 64)
    with pytest.raises(CheckpointError, match="weights are not those"):
        state.verify_weights("1" * 64)


def test_steps_of_other_scales_are_refused(state: RunState) -> None:
    assert state.ends(SCALES) == (1,)
    with pytest.raises(CheckpointError, match=r"3 steps are done .* have 4 up to there"):
        state.ends([Scale(4, 5, 2, 0), SCALES[1]])
    with pytest.raises(CheckpointError, match="3 steps are done"):
        state.ends(SCALES[:1])


def test_a_scale_that_ended_sooner_is_kept(state: RunState) -> None:
    record = replace(state, ended=(1,)).as_state()
    again = RunState.read(record)
    assert again.ends([Scale(4, 5, 9, 0), SCALES[1]]) == (1,)
    with pytest.raises(CheckpointError, match="3 steps are done"):
        replace(again, ended=(1, 1)).ends(SCALES)


def test_no_scale_had_more_steps_than_it_may_have(state: RunState) -> None:
    with pytest.raises(CheckpointError, match=r"3 steps are done .* have 2 up to there"):
        replace(state, ended=(2,), scale_step=1).ends(SCALES)
