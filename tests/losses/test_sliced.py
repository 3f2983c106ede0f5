from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import histogram_loss, orthogonal_directions, quantiles, sliced_loss
from impasto.losses.norm_floor import FLOOR
from impasto.losses.sliced import BASES, along


def noise(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_directions_are_orthogonal_in_each_basis_and_turned_between() -> None:
    directions = orthogonal_directions(5)
    assert directions.shape == (5 * BASES, 5)
    one, other = directions[:5], directions[5:10]
    for basis in (one, other):
        assert torch.allclose(basis @ basis.mT, torch.eye(5), atol=1e-6)
    assert not torch.allclose(one, other, atol=0.1)


def test_directions_are_the_seeds() -> None:
    assert torch.equal(orthogonal_directions(4, 3), orthogonal_directions(4, 3))
    assert not torch.equal(orthogonal_directions(4, 3), orthogonal_directions(4, 2))


def test_along_gives_the_inner_products_place_by_place() -> None:
    x, directions = noise(0, 2, 3, 4, 5), noise(1, 2, 3)
    products = along(x, directions)
    assert products.shape == (2, 2, 4, 5)
    by_hand = sum(directions[1, c] * x[1, c, 2, 3] for c in range(3))
    assert products[1, 1, 2, 3].item() == pytest.approx(by_hand.item())


def test_the_histogram_loss_is_the_formula_written_out() -> None:
    x, y = noise(0, 1, 2, 30, 40), 2 * noise(1, 1, 2, 30, 40) + 1
    means, variances, apart, distance = [], [], [], []
    for c in range(2):
        u, v = x[0, c].flatten().sort().values, y[0, c].flatten().sort().values
        means.append(v.mean() ** 2)
        variances.append(v.var(correction=0))
        apart.append((u.mean() - v.mean()) ** 2)
        distance.append((u - u.mean() - v + v.mean()).square().mean())
    floor = FLOOR * (sum(means) + sum(variances))
    by_hand = sum(apart) / (sum(means) + floor) + sum(distance) / (sum(variances) + floor)
    assert histogram_loss(x, quantiles(y)).item() == pytest.approx(by_hand.item(), rel=1e-3)


def test_stretching_about_the_mean_is_told_by_how_far_it_stretches() -> None:
    x = noise(0, 1, 3, 30, 30)
    x = x - x.mean((2, 3), keepdim=True)
    y = 2 + x
    target = quantiles(y)
    assert histogram_loss(2 + 3 * x, target).item() == pytest.approx(4, rel=0.1)  # (3 - 1)²


def test_histograms_do_not_see_which_values_meet_and_directions_do() -> None:
    ramp = torch.linspace(-1, 1, 400, dtype=torch.float64)
    together = torch.stack([ramp, ramp]).view(1, 2, 20, 20)
    against = torch.stack([ramp, -ramp]).view(1, 2, 20, 20)
    assert histogram_loss(together, quantiles(against)).item() < 1e-4
    directions = orthogonal_directions(2).double()
    target = quantiles(along(against, directions))
    assert sliced_loss(together, target, directions).item() > 0.1


def test_sliced_is_the_histogram_loss_along_the_directions() -> None:
    x, y, directions = noise(0, 1, 3, 5, 6), noise(1, 1, 3, 6, 6), noise(2, 2, 3)
    target = quantiles(along(y, directions))
    expected = histogram_loss(along(x, directions), target)
    assert sliced_loss(x, target, directions) == expected


def test_the_mean_term_does_not_feel_the_directions() -> None:
    mean = torch.tensor([1.0, 2.0, -3.0], dtype=torch.float64).view(1, 3, 1, 1)
    flat, flat_target = mean.expand(1, 3, 6, 6), (2 * mean).expand(1, 3, 6, 6)
    losses = {
        round(sliced_loss(flat, quantiles(along(flat_target, d)), d).item(), 5)
        for d in (orthogonal_directions(3, seed).double() for seed in range(3))
    }
    assert losses == {round(0.25 / (1 + FLOOR), 5)}  # |μ - 2μ|² / |2μ|²


def test_the_gradient_is_that_of_the_sorted_order() -> None:
    x, y = noise(0, 2, 3, 4, 5), noise(1, 1, 3, 6, 6)
    weights = noise(2, 2, 1, 4, 5).square()
    directions = orthogonal_directions(3).double()
    target = quantiles(along(y, directions))
    x.requires_grad_()
    assert torch.autograd.gradcheck(lambda x: histogram_loss(x, quantiles(y)), x)
    assert torch.autograd.gradcheck(lambda x: sliced_loss(x, target, directions, weights), x)


def test_a_sky_of_one_colour_is_not_pulled_from_top_to_bottom() -> None:
    x = torch.zeros(1, 1, 60, 60, requires_grad=True)
    histogram_loss(x, quantiles(noise(0, 1, 1, 60, 60).float())).backward()
    assert x.grad is not None
    assert x.grad.std() > 0
    rows = (x.grad - x.grad.mean())[0, 0].mean(1)
    assert rows.abs().max() < 4 * x.grad.std() / 60**0.5  # as among numbers drawn by chance
