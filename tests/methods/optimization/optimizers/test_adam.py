from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor, nn

from impasto.methods.optimization.optimizers import Adam, State
from impasto.methods.optimization.schedule import learning_rate

SHAPE = (1, 3, 4, 5)


def gradients(count: int) -> list[Tensor]:
    generator = torch.Generator().manual_seed(0)
    return [torch.randn(SHAPE, generator=generator) * 10 ** (i % 5 - 2) for i in range(count)]


def fresh() -> Adam:
    return Adam(nn.Parameter(torch.ones(SHAPE)), lambda _step: 0.3)


def copy_of(state: State) -> State:
    return {name: v.clone() if isinstance(v, Tensor) else v for name, v in state.items()}


def test_it_is_torchs_adam_with_the_chapters_schedule_bit_for_bit() -> None:
    chapter = partial(learning_rate, steps=40, lr=0.3, schedule="step", decay=0.8, decay_every=10)
    ours = Adam(nn.Parameter(torch.ones(SHAPE)), chapter)
    theirs = nn.Parameter(torch.ones(SHAPE))
    adam = torch.optim.Adam([theirs], lr=0.3)
    schedule = torch.optim.lr_scheduler.StepLR(adam, 10, 0.8)
    for gradient in gradients(40):
        ours.tell(1.0, gradient)
        theirs.grad = gradient.clone()
        adam.step()
        schedule.step()
        assert torch.equal(ours.ask(), theirs.detach())


def test_the_best_is_the_last() -> None:
    adam = fresh()
    adam.tell(1.0, gradients(1)[0])
    assert torch.equal(adam.best(), adam.ask())


def test_what_it_gives_has_no_graph() -> None:
    adam = fresh()
    assert not adam.ask().requires_grad
    assert not adam.best().requires_grad


def test_shrinking_keeps_a_tenth_of_the_last_move() -> None:
    adam = fresh()
    first, second = gradients(2)
    adam.tell(1.0, first)
    before = adam.ask().clone()
    adam.tell(1.0, second)
    move = adam.ask() - before
    for tenths in (0.1, 0.01):
        adam.shrink()
        assert torch.allclose(adam.ask() - before, tenths * move, atol=1e-6)


def test_shrinking_before_the_first_step_stays_put() -> None:
    adam = fresh()
    adam.shrink()
    assert torch.equal(adam.ask(), torch.ones(SHAPE))


@pytest.mark.parametrize("stop", [0, 1, 7])
def test_it_goes_on_from_its_state_bit_for_bit(stop: int) -> None:
    sequence = gradients(12)
    whole, half = fresh(), fresh()
    for gradient in sequence[:stop]:
        whole.tell(1.0, gradient)
        half.tell(1.0, gradient)
    rest = Adam(nn.Parameter(torch.zeros(SHAPE)), lambda _step: 0.3)
    rest.load(copy_of(half.state()))
    for gradient in sequence[stop:]:
        whole.tell(1.0, gradient)
        rest.tell(1.0, gradient)
        assert torch.equal(whole.ask(), rest.ask())
    whole.shrink()
    rest.shrink()
    assert torch.equal(whole.ask(), rest.ask())


def test_a_resumed_run_can_shrink_the_move_before_it_stopped() -> None:
    whole, rest = fresh(), fresh()
    for gradient in gradients(2):
        whole.tell(1.0, gradient)
    rest.load(copy_of(whole.state()))
    whole.shrink()
    rest.shrink()
    assert torch.equal(whole.ask(), rest.ask())


def test_a_state_of_the_start_takes_it_all_the_way_back() -> None:
    adam, other = fresh(), fresh()
    start = copy_of(adam.state())
    first, second = gradients(2)
    adam.tell(1.0, first)
    adam.load(start)
    adam.tell(1.0, second)
    other.tell(1.0, second)
    assert torch.equal(adam.ask(), other.ask())


def test_the_learning_rate_of_a_resumed_run_is_that_of_its_step() -> None:
    steps: list[int] = []

    def note(step: int) -> float:
        steps.append(step)
        return 0.1

    adam = Adam(nn.Parameter(torch.ones(SHAPE)), note)
    for gradient in gradients(3):
        adam.tell(1.0, gradient)
    rest = Adam(nn.Parameter(torch.ones(SHAPE)), note)
    rest.load(adam.state())
    rest.tell(1.0, gradients(1)[0])
    assert steps == [0, 1, 2, 3]
