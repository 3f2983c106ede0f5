from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import ContentLoss, mse, relative_mse


@pytest.fixture
def pair() -> tuple[Tensor, Tensor]:
    x = torch.randn(2, 2, 3, 4, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    return x[0], 3 + x[1]


def flat(x: Tensor) -> list[float]:
    return x.flatten().tolist()


def test_mse_is_the_formula_written_out(pair: tuple[Tensor, Tensor]) -> None:
    x, y = (flat(t) for t in pair)
    by_hand = sum((a - b) ** 2 for a, b in zip(x, y, strict=True)) / len(x)
    assert mse(*pair).item() == pytest.approx(by_hand)


def test_relative_mse_is_the_formula_written_out(pair: tuple[Tensor, Tensor]) -> None:
    x, y = pair
    error, spread, size = 0.0, 0.0, sum(v * v for v in flat(y))
    for b in range(2):
        for c in range(3):
            mean = sum(flat(y[b, c])) / 20
            spread += sum((v - mean) ** 2 for v in flat(y[b, c]))
            error += sum((u - v) ** 2 for u, v in zip(flat(x[b, c]), flat(y[b, c]), strict=True))
    assert relative_mse(x, y).item() == pytest.approx(error / (spread + size / 100), rel=1e-6)


@pytest.mark.parametrize("loss", [mse, relative_mse])
def test_equal_features_are_0_apart_with_no_gradient(loss, pair: tuple[Tensor, Tensor]) -> None:
    x = pair[0].clone().requires_grad_()
    value = loss(x, pair[0])
    value.backward()
    assert value.item() == 0
    assert x.grad is not None
    assert x.grad.abs().max() == 0


def test_relative_mse_does_not_feel_the_scale_of_a_layer(pair: tuple[Tensor, Tensor]) -> None:
    x, y = pair
    assert relative_mse(1000 * x, 1000 * y).item() == pytest.approx(relative_mse(x, y).item())


def test_mean_features_of_a_centred_target_are_nearly_1_away(
    pair: tuple[Tensor, Tensor],
) -> None:
    target = pair[1] - pair[1].mean((-2, -1), keepdim=True)
    means = target.mean((-2, -1), keepdim=True).expand_as(target)
    assert relative_mse(means, target).item() == pytest.approx(1 / 1.01)


def test_a_flat_target_leaves_loss_and_gradient_finite() -> None:
    x = torch.randn(1, 4, 6, 6).requires_grad_()
    loss = relative_mse(x, torch.full_like(x, 2.0))
    loss.backward()
    assert loss.isfinite()
    assert x.grad is not None
    assert x.grad.isfinite().all()


@pytest.mark.parametrize("loss", [mse, relative_mse])
def test_the_gradient_is_that_of_the_formula(loss, pair: tuple[Tensor, Tensor]) -> None:
    x, y = pair
    assert torch.autograd.gradcheck(lambda x: loss(x, y), x.clone().requires_grad_())


@pytest.mark.parametrize(("kind", "loss"), [("mse", mse), ("relative", relative_mse)])
def test_the_module_is_a_thin_one(kind, loss, pair: tuple[Tensor, Tensor]) -> None:
    assert ContentLoss(kind)(*pair) == loss(*pair)
    assert ContentLoss().kind == "relative"


@pytest.mark.parametrize("loss", [mse, relative_mse])
def test_weights_of_one_half_give_what_that_half_gives(loss, pair: tuple[Tensor, Tensor]) -> None:
    weights = torch.zeros(1, 1, 4, 5)
    weights[..., :2, :] = 7.0
    top = [t[..., :2, :] for t in pair]
    assert loss(*pair, weights).item() == pytest.approx(loss(*top).item())
    assert loss(*pair, torch.ones(1, 1, 4, 5)).item() == pytest.approx(loss(*pair).item())
