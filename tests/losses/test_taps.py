"""Taps give the losses they stand for, and add the gradients that torch finds."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.losses import STYLE_LOSSES, ContentLoss, StyleLoss
from impasto.losses.taps import AutogradTap, Float32Tap, Tap


def noise(seed: int, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).relu()


def half(features: Tensor) -> Tensor:
    weights = torch.zeros(1, 1, *features.shape[-2:])
    weights[..., 2:] = torch.rand(features.shape[-2], features.shape[-1] - 2)
    return weights


def check(tap: Tap, own: AutogradTap, x: Tensor) -> None:
    assert tap(x).item() == pytest.approx(own(x).item(), rel=1e-4)
    gradient, expected = torch.ones_like(x), torch.ones_like(x)
    tap.pull(gradient, 500.0)
    own.pull(expected, 500.0)
    assert (gradient - expected).norm() < 1e-4 * (expected - 1).norm()


LAYOUTS = [torch.contiguous_format, torch.channels_last]


@pytest.mark.parametrize("layout", LAYOUTS, ids=["planes", "channels last"])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("kind", STYLE_LOSSES)
def test_a_style_tap_is_the_style_loss(
    kind: str, plain: bool, weighted: bool, layout: torch.memory_format
) -> None:
    x, y = (noise(seed, 1, 6, 9, 8).contiguous(memory_format=layout) for seed in (0, 1))
    loss, weights = StyleLoss([y], kind, plain=plain), half(x) if weighted else None
    check(loss.tap(weights), AutogradTap(lambda x: loss(x, weights)), x)


def test_a_tap_of_heads_is_the_style_loss_of_heads() -> None:
    x, y = noise(0, 1, 6, 9, 8), noise(1, 1, 6, 9, 8)
    loss = StyleLoss([y], heads=3)
    check(loss.tap(), AutogradTap(loss), x)


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["relative", "mse"])
def test_a_content_tap_is_the_content_loss(kind: str, weighted: bool, blank: bool) -> None:
    x, y = noise(0, 1, 6, 9, 8), noise(1, 1, 6, 9, 8)
    loss = ContentLoss(kind, blank=blank)  # type: ignore[arg-type]
    weights = half(x) if weighted else None
    check(loss.tap(y, weights), AutogradTap(lambda x: loss(x, y, weights)), x)


@pytest.mark.parametrize("kind", STYLE_LOSSES)
def test_in_bfloat16_a_style_tap_sums_in_float32(kind: str) -> None:
    """The same numbers in float32 are the answer: what is added up in bfloat16 stops at 256."""
    x, y = (noise(seed, 1, 4, 40, 40).bfloat16().float() for seed in (0, 1))
    tap = Float32Tap.where_needed(StyleLoss([y], kind).tap())
    expected, exact = StyleLoss([y], kind).tap(), torch.zeros_like(x)
    loss = tap(x.bfloat16())
    assert loss.dtype is torch.float32
    assert loss.item() == pytest.approx(expected(x).item(), rel=1e-3)
    gradient = torch.zeros_like(x, dtype=torch.bfloat16)
    tap.pull(gradient, 500.0)
    expected.pull(exact, 500.0)
    assert (gradient.float() - exact).norm() < 0.03 * exact.norm()


def test_in_bfloat16_a_content_tap_sums_in_float32() -> None:
    x = torch.full((1, 1, 100, 100), 2.0, dtype=torch.bfloat16)
    tap = Float32Tap.where_needed(ContentLoss("mse").tap(torch.zeros(1, 1, 100, 100)))
    assert tap(x).item() == pytest.approx(4.0, rel=1e-6)
    gradient = torch.zeros_like(x)
    tap.pull(gradient, 10_000.0)
    assert gradient.unique().tolist() == [4.0]


def test_what_masks_weigh_is_weighed_in_float32() -> None:
    x, y, weights = noise(0, 1, 4, 9, 8), noise(1, 1, 4, 9, 8), half(noise(0, 1, 4, 9, 8))
    for tap in (StyleLoss([y]).tap(weights), ContentLoss().tap(y, weights)):
        assert isinstance(Float32Tap.where_needed(tap), Float32Tap)
        assert Float32Tap.where_needed(tap)(x.bfloat16()).dtype is torch.float32


def test_kinds_that_are_sums_over_places_have_gradients_of_their_own() -> None:
    y = noise(1, 1, 6, 9, 8)
    by_product = {k for k in STYLE_LOSSES if not isinstance(StyleLoss([y], k).tap(), AutogradTap)}
    assert by_product == {"moments", "shifted", "gram", "gram-raw"}


def test_a_large_mean_costs_the_moments_no_more_than_a_thousandth() -> None:
    x, y = 30 + noise(0, 1, 6, 64, 64), 30 + noise(1, 1, 6, 64, 64) * 2
    loss = StyleLoss([y])
    assert loss.tap()(x).item() == pytest.approx(loss(x).item(), abs=1e-3 * loss(0 * x).item())
