from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from impasto.methods.optimization.optimizers import LBFGS
from tests.methods.optimization.optimizers.minimising import (
    Function,
    evaluate,
    minimise,
    through_a_file,
)


def quadratic(size: int, condition: float, seed: int) -> tuple[Function, Tensor]:
    """A bowl with turned axes, 0 at its minimum; and where that is."""
    generator = torch.Generator().manual_seed(seed)
    basis, _ = torch.linalg.qr(torch.randn(size, size, dtype=torch.float64, generator=generator))
    stretch = torch.logspace(0, math.log10(condition), size, dtype=torch.float64)
    matrix = basis @ torch.diag(stretch) @ basis.T
    lowest = torch.randn(size, dtype=torch.float64, generator=generator)
    return lambda x: 0.5 * (x - lowest) @ matrix @ (x - lowest), lowest


def at_zero(size: int, **options: float) -> LBFGS:
    return LBFGS(nn.Parameter(torch.zeros(size, dtype=torch.float64)), **options)  # type: ignore[arg-type]


def evaluations_of_torchs(f: Function, size: int, goal: float) -> int:
    x = nn.Parameter(torch.zeros(size, dtype=torch.float64))
    theirs = torch.optim.LBFGS(
        [x], max_iter=500, history_size=10, line_search_fn="strong_wolfe", tolerance_change=0
    )
    losses: list[float] = []

    def closure() -> Tensor:
        theirs.zero_grad()
        loss = f(x)
        loss.backward()
        losses.append(loss.item())
        return loss

    theirs.step(closure)
    return next(i for i, loss in enumerate(losses, 1) if loss < goal)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("condition", [10.0, 1000.0])
def test_a_quadratic_takes_hardly_more_evaluations_than_torchs(condition: float, seed: int) -> None:
    f, lowest = quadratic(20, condition, seed)
    goal = 1e-8 * f(torch.zeros_like(lowest)).item()
    theirs = evaluations_of_torchs(f, 20, goal)
    # The first move of ours is small on purpose: a picture must not leap.
    assert minimise(f, at_zero(20), 2 * theirs + 10)[-1] < goal


def test_the_minimum_of_a_quadratic_is_where_it_is() -> None:
    f, lowest = quadratic(12, 50.0, 1)
    lbfgs = at_zero(12)
    minimise(f, lbfgs, 100)
    assert torch.allclose(lbfgs.best(), lowest, atol=1e-5)


def rosenbrock(x: Tensor) -> Tensor:
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


@pytest.mark.parametrize("size", [2, 10])
def test_it_finds_the_end_of_rosenbrocks_valley(size: int) -> None:
    lbfgs = LBFGS(nn.Parameter(torch.full((size,), -1.2, dtype=torch.float64)))
    assert minimise(rosenbrock, lbfgs, 400)[-1] < 1e-8
    assert torch.allclose(lbfgs.best(), torch.ones(size, dtype=torch.float64), atol=1e-3)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    condition=st.floats(1, 1e6),
    lr=st.floats(0.01, 10),
    history=st.integers(1, 12),
)
def test_an_accepted_loss_never_rises(seed: int, condition: float, lr: float, history: int) -> None:
    f, _ = quadratic(6, condition, seed)
    losses = minimise(f, at_zero(6, lr=lr, history=history), 40)
    for before, after in itertools.pairwise(losses):
        assert after <= before
    assert losses[-1] < losses[0]


def test_an_accepted_loss_never_rises_on_a_wavy_function_either() -> None:
    def wavy(x: Tensor) -> Tensor:
        return (x.square() + 3 * torch.sin(5 * x)).sum()

    lbfgs = LBFGS(nn.Parameter(torch.linspace(-3, 3, 9, dtype=torch.float64)), lr=2.0)
    losses = minimise(wavy, lbfgs, 120)
    assert losses == sorted(losses, reverse=True)
    _, gradient = evaluate(wavy, lbfgs.best())
    assert gradient.abs().max() < 1e-3


def test_the_picture_it_starts_from_is_evaluated_first_and_accepted() -> None:
    lbfgs = at_zero(3)
    assert torch.equal(lbfgs.ask(), torch.zeros(3, dtype=torch.float64))
    lbfgs.tell(5.0, torch.ones(3, dtype=torch.float64))
    assert torch.equal(lbfgs.best(), torch.zeros(3, dtype=torch.float64))


@pytest.mark.parametrize("lr", [1.0, 0.5])
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_first_move_has_a_fixed_size_whatever_the_gradient(lr: float, size: float) -> None:
    lbfgs = at_zero(100, lr=lr)
    lbfgs.tell(1.0, size * torch.randn(100, dtype=torch.float64))
    assert lbfgs.ask().square().mean().sqrt().item() == pytest.approx(0.03 * lr)


def test_without_a_gradient_it_stays_put() -> None:
    lbfgs = at_zero(4)
    for _ in range(5):
        lbfgs.tell(1.0, torch.zeros(4, dtype=torch.float64))
        assert torch.equal(lbfgs.ask(), torch.zeros(4, dtype=torch.float64))


def test_a_hilltop_is_left_downwards() -> None:
    # Concave at the start: the differences have negative curvature and must not be used.
    def hill(x: Tensor) -> Tensor:
        return torch.cos(x).sum()

    lbfgs = LBFGS(nn.Parameter(torch.tensor([0.1, -0.2, 0.3], dtype=torch.float64)))
    losses = minimise(hill, lbfgs, 200)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] == pytest.approx(-3.0)


def test_a_worse_probe_is_shortened_and_the_best_kept() -> None:
    lbfgs = at_zero(2)
    lbfgs.tell(1.0, torch.ones(2, dtype=torch.float64))
    first = lbfgs.ask().norm().item()
    lbfgs.tell(50.0, torch.ones(2, dtype=torch.float64))
    assert torch.equal(lbfgs.best(), torch.zeros(2, dtype=torch.float64))
    assert 0.1 * first * 0.999 <= lbfgs.ask().norm().item() <= 0.5 * first


def test_shrinking_takes_a_tenth_of_the_move() -> None:
    lbfgs = at_zero(2)
    lbfgs.tell(1.0, torch.ones(2, dtype=torch.float64))
    probe = lbfgs.ask().clone()
    lbfgs.shrink()
    assert torch.allclose(lbfgs.ask(), 0.1 * probe)
    assert torch.equal(lbfgs.best(), torch.zeros(2, dtype=torch.float64))


def test_a_cliff_into_nothing_is_not_jumped_over() -> None:
    def cliff(x: Tensor) -> Tensor:  # NaN below 0, lowest right at the edge
        return (x.sqrt() + 1e-3 * x).sum()

    lbfgs = LBFGS(nn.Parameter(torch.full((4,), 0.5, dtype=torch.float64)), lr=5.0)
    losses = minimise(cliff, lbfgs, 80)
    assert all(math.isfinite(loss) for loss in losses)
    assert losses == sorted(losses, reverse=True)
    assert lbfgs.best().min() >= 0
    assert losses[-1] < 0.1 * losses[0]


def overshooting() -> LBFGS:
    """So long full steps in Rosenbrock's valley that most directions are shortened repeatedly."""
    return LBFGS(nn.Parameter(torch.full((5,), -1.2)), lr=20.0, history=3)


@pytest.mark.parametrize("stop", range(16))
def test_it_goes_on_from_its_state_bit_for_bit(stop: int) -> None:
    whole, rest = overshooting(), overshooting()
    minimise(rosenbrock, whole, stop)
    rest.load(through_a_file(whole.state()))
    for _ in range(12):
        assert torch.equal(rest.ask(), whole.ask())
        assert torch.equal(rest.best(), whole.best())
        assert rest.state()["probes"] == whole.state()["probes"]
        minimise(rosenbrock, whole, 1)
        minimise(rosenbrock, rest, 1)


def test_the_stops_above_fall_between_probes_too() -> None:
    lbfgs = overshooting()
    probes = []
    for _ in range(16):
        probes.append(lbfgs.state()["probes"])
        minimise(rosenbrock, lbfgs, 1)
    assert 0 in probes
    assert 2 in probes


def test_it_remembers_no_more_pairs_than_told() -> None:
    lbfgs = at_zero(20, history=4)
    minimise(quadratic(20, 100.0, 0)[0], lbfgs, 40)
    state = lbfgs.state()
    assert state["pairs"] == 4
    assert [name for name in state if name.startswith("move_")] == [f"move_{i}" for i in range(4)]


def test_the_layout_of_the_gradient_changes_nothing() -> None:
    start = torch.randn(1, 3, 6, 8, generator=torch.Generator().manual_seed(4))

    def f(x: Tensor) -> Tensor:
        return (x.diff(dim=-1).square().sum() + (x - 1).square().sum()) / 100

    plain, last = (LBFGS(nn.Parameter(start.clone())) for _ in range(2))
    for _ in range(10):
        plain.tell(*evaluate(f, plain.ask()))
        loss, gradient = evaluate(f, last.ask())
        last.tell(loss, gradient.contiguous(memory_format=torch.channels_last))
        assert torch.equal(plain.ask(), last.ask())
