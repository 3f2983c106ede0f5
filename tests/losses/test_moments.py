from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import Moments, MomentsLoss, gram_matrix, moments, moments_loss
from impasto.losses.norm_floor import FLOOR


@pytest.fixture
def noise() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return 1 + torch.randn(2, 4, 3, 5, dtype=torch.float64, generator=generator)


def test_moments_are_the_formulas_written_out(noise: Tensor) -> None:
    mean, covariance = moments(noise)
    for b in range(2):
        rows = [noise[b, c].flatten().tolist() for c in range(4)]
        means = [sum(row) / 15 for row in rows]
        assert mean[b].flatten().tolist() == pytest.approx(means)
        for i in range(4):
            for j in range(4):
                pairs = zip(rows[i], rows[j], strict=True)
                by_hand = sum((u - means[i]) * (v - means[j]) for u, v in pairs) / 15
                assert covariance[b, 0, i, j].item() == pytest.approx(by_hand)


def test_moments_say_what_a_gram_matrix_says(noise: Tensor) -> None:
    mean, covariance = moments(noise)
    second = covariance + mean @ mean.mT
    assert torch.allclose(second.squeeze(1) / 4, gram_matrix(noise))


def test_moments_do_not_feel_where_things_are(noise: Tensor) -> None:
    places = torch.randperm(15, generator=torch.Generator().manual_seed(1))
    shuffle = noise.flatten(2)[..., places].view_as(noise)
    for one, other in zip(moments(shuffle), moments(noise), strict=True):
        assert torch.allclose(one, other)


@pytest.mark.usefixtures("_any_order_of_sums")
@pytest.mark.parametrize("heads", [2, 4])
def test_heads_are_the_blocks_on_the_diagonal(noise: Tensor, heads: int) -> None:
    whole, by_head = moments(noise).covariance[:, 0], moments(noise, heads)
    width = 4 // heads
    assert torch.allclose(by_head.mean.flatten(), moments(noise).mean.flatten())
    for head in range(heads):
        block = slice(head * width, (head + 1) * width)
        assert torch.allclose(by_head.covariance[:, head], whole[:, block, block])


def test_a_large_mean_does_not_drown_the_covariance() -> None:
    ripple = torch.randn(1, 2, 8, 8, generator=torch.Generator().manual_seed(2))
    covariance = moments(ripple + 1000).covariance
    assert torch.allclose(covariance, moments(ripple).covariance, atol=1e-3)


def test_the_loss_is_the_formula_written_out(noise: Tensor) -> None:
    x, target = noise[:1], moments(noise[1:] * 2)
    mean, covariance = moments(x)
    size = (target.mean.square().sum() + target.covariance.diagonal(dim1=-2, dim2=-1).sum()) / 4
    floor = FLOOR * size
    by_hand = (mean - target.mean).square().sum() / (target.mean.square().sum() + 4 * floor)
    by_hand += (covariance - target.covariance).square().sum() / (
        target.covariance.square().sum() + 4 * floor.square()
    )
    assert moments_loss(x, target).item() == pytest.approx(by_hand.item())


def test_the_loss_does_not_feel_the_scale_of_a_layer(noise: Tensor) -> None:
    x, y = noise[:1], noise[1:]
    near = moments_loss(x, moments(y)).item()
    assert moments_loss(1000 * x, moments(1000 * y)).item() == pytest.approx(near)


def test_a_batch_has_the_mean_loss_of_its_pictures(noise: Tensor) -> None:
    target = moments(noise.flip(0))
    apart = [moments_loss(noise[i : i + 1], moments(noise.flip(0)[i : i + 1])) for i in range(2)]
    assert moments_loss(noise, target).item() == pytest.approx(sum(apart).item() / 2)


@pytest.mark.parametrize("level", [0.0, 1e-6, 1.0, 1e4])
def test_a_style_of_one_colour_leaves_loss_and_gradient_finite(level: float) -> None:
    x = torch.randn(1, 4, 6, 6, generator=torch.Generator().manual_seed(3)).requires_grad_()
    loss = moments_loss(x, moments(torch.full((1, 4, 9, 9), level)))
    loss.backward()
    assert loss.item() > 0
    assert loss.isfinite()
    assert x.grad is not None
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_one_colour_is_no_way_from_itself(level: float) -> None:
    flat = torch.full((1, 4, 6, 6), level)
    assert moments_loss(flat, moments(flat)).item() == 0


@pytest.mark.parametrize("heads", [1, 2])
def test_the_gradient_is_that_of_the_formula(noise: Tensor, heads: int) -> None:
    target = moments(noise.flip(0), heads)
    x = noise.clone().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: moments_loss(x, target, heads), x)


def test_the_module_keeps_the_target_and_no_graph(noise: Tensor) -> None:
    loss = MomentsLoss(noise.clone().requires_grad_(), heads=2)
    target = Moments(loss.mean, loss.covariance)
    assert not any(moment.requires_grad for moment in target)
    assert loss(noise).item() == 0
    assert loss(2 * noise) == moments_loss(2 * noise, moments(noise, 2), 2)
