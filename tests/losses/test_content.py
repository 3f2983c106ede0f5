from __future__ import annotations

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from impasto.errors import SettingError
from impasto.losses import ContentLoss, Window, mse, relative_mse
from tests.cutting import Cut, cut, cuttings, pieces
from tests.threads import same_on_threads


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


def pulled(
    loss: ContentLoss,
    x: Tensor,
    y: Tensor,
    cuts: list[Cut],
    weights: Tensor | None,
    factor: float,
) -> tuple[float, Tensor]:
    """The loss of all parts, and `factor` times its gradient."""
    of_parts = [None] * len(cuts) if weights is None else [w for w, _ in pieces(weights, cuts)]
    targets = list(pieces(y, cuts))
    every = zip(targets, of_parts, strict=True)
    sums = torch.stack([loss.measure(part, window, w) for (part, window), w in every]).sum(0)
    divisor, gradient = loss.divisor(sums, y.shape[1]), torch.zeros_like(x)
    total = 0.0
    for (part, window), (into, _), (target, _), w in zip(
        pieces(x, cuts), pieces(gradient, cuts), targets, of_parts, strict=True
    ):
        own = target[..., window.rows, window.columns]
        total += loss.pull(part, own, into, window, w, sums[0].item(), divisor, factor)
    return total, gradient


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cuts=cuttings(0),
    seed=st.integers(0, 10**6),
    weighted=st.booleans(),
    blank=st.booleans(),
    last=st.booleans(),
)
@pytest.mark.parametrize("kind", ["mse", "relative"])
def test_loss_and_gradient_of_all_parts_are_those_of_the_whole(
    kind: str,
    cuts: list[Cut],
    seed: int,
    weighted: bool,
    blank: bool,
    last: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("impasto.losses.windows.PART", 64)
    monkeypatch.setattr("impasto.losses.partners.PART", 64)
    height, width = cuts[0][1][-2:]
    generator = torch.Generator().manual_seed(seed)
    x, y = torch.randn(2, 1, 3, height, width, dtype=torch.float64, generator=generator)
    y = 1 + y
    if last:
        x = x.contiguous(memory_format=torch.channels_last)
    weights = None
    if weighted:
        weights = torch.randn(1, 1, height, width, dtype=torch.float64, generator=generator).relu()
        weights[..., 0, 0] = 20.0
    loss = ContentLoss(kind, blank=blank)  # type: ignore[arg-type]
    value, gradient = pulled(loss, x, y, cuts, weights, 5.0)
    x.requires_grad_()
    expected = loss(x, y, weights)
    (whole,) = torch.autograd.grad(5 * expected, x)
    assert value == pytest.approx(expected.item(), rel=1e-11)
    assert (gradient - whole).norm() < 1e-11 * whole.norm()


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("dtype", "close"), [(torch.float32, 1e-5), (torch.bfloat16, 0.01)])
def test_of_less_precise_features_parts_are_close_whatever_the_number_of_threads(
    dtype: torch.dtype, close: float, weighted: bool
) -> None:
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(2, 1, 16, 200, 110, generator=generator).to(dtype)
    weights = torch.rand(1, 1, 200, 110, generator=generator) if weighted else None
    loss, cuts = ContentLoss(), cut(200, 110, [40], [], 0, 1)
    value, gradient = same_on_threads(lambda: pulled(loss, x, y, cuts, weights, 500.0))
    exact = x.double().requires_grad_()
    expected = loss(exact, y.double(), weights)
    (whole,) = torch.autograd.grad(500 * expected, exact)
    assert value == pytest.approx(expected.item(), rel=1e-4)
    assert (gradient - whole).norm() < close * whole.norm()


def test_a_target_that_counts_nowhere_has_no_divisor() -> None:
    y, whole = torch.ones(1, 2, 3, 3), Window.whole(3, 3)
    loss = ContentLoss()
    with pytest.raises(SettingError, match="all 0"):
        loss.divisor(loss.measure(y, whole, torch.zeros(1, 1, 3, 3)), 2)
