from __future__ import annotations

import torch

from impasto.methods.optimization.optimizers.pairs import Pairs, dot
from impasto.methods.optimization.optimizers.sobolev import Sobolev


def vector(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def test_without_a_pair_it_is_the_preconditioner() -> None:
    picture = torch.randn(1, 3, 6, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(Pairs(4).precondition(picture), picture)
    assert torch.equal(Pairs(4, 3.0).precondition(picture), Sobolev(3.0)(picture))


def test_the_last_turn_gives_the_last_move() -> None:
    pairs = Pairs(4)
    pairs.remember(vector(1.0, 0.0), vector(3.0, 1.0))
    pairs.remember(vector(0.5, 2.0), vector(1.0, 5.0))
    assert torch.allclose(pairs.precondition(vector(1.0, 5.0)), vector(0.5, 2.0))


def test_as_many_moves_as_dimensions_give_the_inverse_of_a_diagonal_hessian() -> None:
    pairs = Pairs(4)
    for move in torch.eye(3, dtype=torch.float64):
        pairs.remember(move, move * vector(2.0, 4.0, 8.0))
    assert torch.allclose(pairs.precondition(vector(2.0, 4.0, 8.0)), vector(1.0, 1.0, 1.0))


def test_a_pair_without_curvature_is_left_out() -> None:
    pairs = Pairs(4)
    pairs.remember(vector(1.0, 0.0), vector(0.0, 1.0))
    pairs.remember(vector(1.0, 0.0), vector(-1.0, 0.0))
    assert len(pairs) == 0


def test_a_direction_against_the_gradient_goes_down() -> None:
    generator = torch.Generator().manual_seed(1)
    pairs = Pairs(3)
    for _ in range(6):
        move = torch.randn(20, generator=generator)
        pairs.remember(move, move + 0.3 * torch.randn(20, generator=generator))
    gradient = torch.randn(20, generator=generator)
    assert len(pairs) == 3
    assert dot(gradient, pairs.precondition(gradient)) > 0


def test_what_is_forgotten_changes_nothing() -> None:
    pairs = Pairs(4)
    pairs.remember(vector(1.0, 0.0), vector(3.0, 0.0))
    pairs.forget()
    assert pairs.precondition(vector(3.0, 2.0)).tolist() == [3.0, 2.0]
