from __future__ import annotations

import torch
from torch import nn

from impasto.methods.optimization.optimizers import LBFGS
from impasto.methods.optimization.optimizers.sobolev import Sobolev


def test_strength_0_leaves_a_picture_as_it_is() -> None:
    x = torch.randn(1, 3, 5, 8)
    assert torch.equal(Sobolev(0)(x), x)


def test_it_solves_one_plus_strength_times_the_laplacian() -> None:
    x = torch.randn(1, 2, 6, 9, dtype=torch.float64)
    y = Sobolev(3.0)(x)
    neighbours = sum(torch.roll(y, shift, dim) for dim in (-2, -1) for shift in (-1, 1))
    # Its frequencies are float32, whatever the picture is.
    assert torch.allclose(y + 3.0 * (4 * y - neighbours), x, atol=1e-6)


def test_it_is_symmetric_and_positive() -> None:
    a, b = torch.randn(2, 1, 3, 7, 6, dtype=torch.float64)
    sobolev = Sobolev(2.0)
    assert torch.allclose((a * sobolev(b)).sum(), (sobolev(a) * b).sum())
    assert (a * sobolev(a)).sum() > 0


def test_a_rough_quadratic_is_solved_in_fewer_evaluations() -> None:
    torch.manual_seed(0)
    target = torch.randn(1, 1, 16, 16)

    def evaluate(x: torch.Tensor) -> tuple[float, torch.Tensor]:
        x = x.clone().requires_grad_()
        rough = (x - torch.roll(x, 1, -1)).square().sum() + (
            x - torch.roll(x, 1, -2)
        ).square().sum()
        loss = (x - target).square().sum() + 20 * rough
        loss.backward()
        assert x.grad is not None
        return loss.item(), x.grad

    def loss_after(strength: float) -> float:
        optimizer = LBFGS(nn.Parameter(torch.zeros_like(target)), sobolev=strength)
        for _ in range(15):
            optimizer.tell(*evaluate(optimizer.ask()))
        return evaluate(optimizer.best())[0]

    solution = loss_after(20.0)
    assert solution < loss_after(0.0)
