from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import Gaussian, Moments, bures, gaussian, moments, wasserstein_loss
from impasto.losses.norm_floor import FLOOR


def noise(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def spread(seed: int, channels: int, places: int) -> Tensor:
    x = noise(seed, channels, places)
    return x @ x.mT / places


def test_the_root_times_itself_is_the_covariance() -> None:
    target = moments(noise(0, 2, 4, 5, 5), heads=2)
    mean, root = gaussian(target)
    assert torch.equal(mean, target.mean)
    assert torch.allclose(root @ root, target.covariance)
    assert torch.allclose(root, root.mT)


def test_on_one_axis_it_is_the_square_of_the_difference_of_deviations() -> None:
    variance, deviation = torch.tensor([[25.0]]), torch.tensor([[2.0]])
    assert bures(variance, deviation).item() == pytest.approx(9, rel=1e-5)


def test_it_is_the_formula_written_out() -> None:
    one, other = spread(0, 4, 9), spread(1, 4, 9)
    root = gaussian(Moments(torch.zeros(4, 1), other)).root
    # The eigenvalues of Σ Σ' are those of Σ'^½ Σ Σ'^½.
    overlap = torch.linalg.eigvals(one @ other).real.clamp(min=0).sqrt().sum()
    by_hand = one.trace() + other.trace() - 2 * overlap
    assert bures(one, root).item() == pytest.approx(by_hand.item(), rel=1e-6)


@pytest.mark.parametrize("channels", [1, 3, 64])
def test_a_covariance_is_no_way_from_itself(channels: int) -> None:
    sigma = spread(0, channels, 2 * channels).float()
    root = gaussian(Moments(torch.zeros(channels, 1), sigma)).root
    assert 0 <= bures(sigma, root).item() < 1e-4 * sigma.trace()


def test_it_does_not_feel_a_turn_of_both() -> None:
    one, other, turn = spread(0, 4, 9), spread(1, 4, 9), torch.linalg.qr(noise(2, 4, 4)).Q
    root = gaussian(Moments(torch.zeros(4, 1), other)).root
    distance = bures(turn @ one @ turn.mT, turn @ root @ turn.mT)
    assert distance.item() == pytest.approx(bures(one, root).item())


@pytest.mark.parametrize("places", [9, 3], ids=["full rank", "places fewer than channels"])
def test_the_gradient_is_that_of_a_finite_difference(places: int) -> None:
    root = gaussian(Moments(torch.zeros(4, 1), spread(1, 4, places))).root
    x = noise(0, 4, places).requires_grad_()
    assert torch.autograd.gradcheck(lambda x: bures(x @ x.mT / places, root), x)


def test_the_gradient_is_the_closed_form_even_where_eigenvalues_are_alike() -> None:
    sigma = (4 * torch.eye(3, dtype=torch.float64)).requires_grad_()
    bures(sigma, torch.eye(3, dtype=torch.float64)).backward()
    # I - Σ'^½ (Σ'^½ Σ Σ'^½)^-½ Σ'^½ = I - I / 2
    assert torch.allclose(sigma.grad, torch.eye(3, dtype=torch.float64) / 2)  # type: ignore[arg-type]


def test_the_gradient_in_float32_is_that_in_float64() -> None:
    target = gaussian(moments(noise(1, 1, 48, 4, 5)))
    gradients = []
    for dtype in (torch.float32, torch.float64):
        x = noise(0, 1, 48, 4, 5).to(dtype).requires_grad_()  # 20 places, 48 channels
        wasserstein_loss(x, Gaussian(*(part.to(dtype) for part in target))).backward()
        gradients.append(x.grad.double())  # type: ignore[union-attr]
    error = (gradients[0] - gradients[1]).norm() / gradients[1].norm()
    assert error < 1e-2


def test_the_loss_is_the_formula_written_out() -> None:
    x, y = noise(0, 1, 3, 5, 5), 2 * noise(1, 1, 3, 5, 5) + 1
    mean, covariance = moments(x)
    target = moments(y)
    size = target.mean.square().sum()
    trace = target.covariance.diagonal(dim1=-2, dim2=-1).sum()
    floor = FLOOR * (size + trace)
    by_hand = (mean - target.mean).square().sum() / (size + floor)
    by_hand += bures(covariance, gaussian(target).root).sum() / (trace + floor)
    assert wasserstein_loss(x, gaussian(target)).item() == pytest.approx(by_hand.item())


def test_a_layer_may_have_512_channels() -> None:
    x = noise(0, 1, 512, 6, 8).float().relu().requires_grad_()
    loss = wasserstein_loss(x, gaussian(moments(noise(1, 1, 512, 8, 8).float().relu())))
    loss.backward()
    assert 0 < loss.item() < 2
    assert x.grad is not None
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_what_is_not_finite_gives_no_number_and_no_crash(wrong: float) -> None:
    sigma = torch.eye(2).expand(2, 2, 2).clone()
    sigma[0, 0, 0] = wrong
    distance = bures(sigma, torch.eye(2))
    assert distance.isnan().tolist() == [True, False]
