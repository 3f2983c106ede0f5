from __future__ import annotations

import itertools
import sys

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from impasto.errors import SettingError
from impasto.losses import (
    TotalVariationLoss,
    Window,
    charbonnier_total_variation,
    squared_total_variation,
    total_variation,
    vectorial_total_variation,
)
from impasto.losses.total_variation import KINDS, add_vectorial_gradient
from tests.cutting import Cut, cut, cuttings, pieces
from tests.threads import same_on_threads

BOTH = pytest.mark.parametrize("loss", [total_variation, squared_total_variation])


def noise() -> Tensor:
    generator = torch.Generator().manual_seed(0)
    return torch.randn(2, 3, 4, 5, dtype=torch.float64, generator=generator)


def checkerboard(height: int, width: int, step: float) -> Tensor:
    board = (torch.arange(height).view(-1, 1) + torch.arange(width)).remainder(2)
    return step * board.double().expand(1, 3, height, width)


@pytest.mark.parametrize(("loss", "power"), [(total_variation, 1), (squared_total_variation, 2)])
def test_it_is_the_formula_written_out(loss, power: int) -> None:
    x = noise()
    down, right = [], []
    for picture in x:
        for channel in picture.tolist():
            for above, row in itertools.pairwise(channel):
                down += [abs(a - b) ** power for a, b in zip(above, row, strict=True)]
            for row in channel:
                right += [abs(a - b) ** power for a, b in itertools.pairwise(row)]
    by_hand = 0.5 * (sum(down) / len(down) + sum(right) / len(right))
    assert loss(x).item() == pytest.approx(by_hand)


@BOTH
@given(level=st.floats(-1e3, 1e3))
def test_a_constant_picture_has_none(loss, level: float) -> None:
    assert loss(torch.full((1, 3, 5, 4), level)).item() == 0


@given(st.integers(2, 9), st.integers(2, 9))
def test_a_checkerboard_of_step_two_has_the_most(height: int, width: int) -> None:
    board = checkerboard(height, width, 2.0)
    assert total_variation(board).item() == 2.0
    assert squared_total_variation(board).item() == 4.0


@BOTH
def test_a_ramp_counts_in_one_direction_only(loss) -> None:
    ramp = torch.arange(6.0).expand(1, 3, 4, 6)
    assert loss(ramp).item() == loss(ramp.mT).item() == 0.5


@BOTH
def test_turning_and_raising_the_picture_changes_nothing(loss) -> None:
    x = noise()
    rotation, offset = loss(x.rot90(1, (-2, -1))).item(), loss(x + 5).item()
    assert rotation == pytest.approx(loss(x).item())
    assert offset == pytest.approx(loss(x).item())


@BOTH
def test_the_gradient_is_that_of_the_formula(loss) -> None:
    assert torch.autograd.gradcheck(loss, noise().requires_grad_())


@pytest.mark.parametrize(
    ("kind", "loss"),
    [
        ("l1", total_variation),
        ("squared", squared_total_variation),
        ("charbonnier", charbonnier_total_variation),
        ("vectorial", vectorial_total_variation),
    ],
)
def test_the_module_is_a_thin_one(kind, loss) -> None:
    assert TotalVariationLoss(kind)(noise()) == loss(noise())
    assert TotalVariationLoss().kind == "squared"


def test_charbonnier_lies_at_most_epsilon_below_the_absolute_one() -> None:
    x = noise()
    gap = total_variation(x) - charbonnier_total_variation(x, epsilon=0.1)
    assert 0 < gap <= 0.1


@pytest.mark.parametrize("smooth", [charbonnier_total_variation, vectorial_total_variation])
def test_a_constant_picture_is_zero_with_a_zero_gradient_where_smooth(smooth) -> None:
    x = torch.full((1, 3, 4, 4), 0.7, requires_grad=True)
    loss = smooth(x)
    loss.backward()
    assert loss.item() == 0
    assert x.grad is not None
    assert x.grad.abs().max() == 0


def ramp(angle: float) -> Tensor:
    """Rising by 1 a pixel in a direction, in degrees."""
    along = torch.tensor(angle).deg2rad()
    rows, columns = torch.arange(6.0).view(-1, 1), torch.arange(7.0)
    return (rows * along.sin() + columns * along.cos()).expand(1, 1, 6, 7)


@pytest.mark.parametrize("angle", [0, 20, 45, 90, 135, 200])
def test_a_vectorial_slope_costs_the_same_in_every_direction(angle: float) -> None:
    slope = ramp(angle)
    assert vectorial_total_variation(slope, epsilon=1e-4).item() == pytest.approx(0.5, rel=1e-3)
    if angle % 90:
        assert charbonnier_total_variation(slope, epsilon=1e-4).item() > 0.6


@pytest.mark.usefixtures("_any_order_of_sums")
def test_vectorial_edges_cost_less_where_the_channels_share_them() -> None:
    edge, elsewhere = torch.zeros(2, 8, 8, dtype=torch.float64)
    edge[:, 4:], elsewhere[:, 2:] = 1, 1
    grey = torch.stack([edge, edge, edge])[None]
    apart = torch.stack([edge, edge, elsewhere])[None]
    assert vectorial_total_variation(grey) < 0.8 * vectorial_total_variation(apart)
    alike = charbonnier_total_variation(grey).item()
    assert charbonnier_total_variation(apart).item() == pytest.approx(alike)


def test_vectorial_does_not_change_when_the_picture_is_turned_or_mirrored() -> None:
    x = noise()
    loss = vectorial_total_variation(x).item()
    assert vectorial_total_variation(x.rot90(1, (-2, -1))).item() == pytest.approx(loss)
    assert vectorial_total_variation(x.flip(-1)).item() == pytest.approx(loss)
    assert torch.autograd.gradcheck(vectorial_total_variation, x.requires_grad_())


@pytest.mark.parametrize("shape", [(2, 2), (64, 3), (65, 5), (66, 4), (150, 9)])
def test_the_gradient_band_by_band_is_torchs(shape: tuple[int, int]) -> None:
    x = torch.randn(1, 3, *shape, generator=torch.Generator().manual_seed(0)).requires_grad_()
    loss = vectorial_total_variation(x)
    (3.0 * loss).backward()
    gradient = torch.ones_like(x)
    own = add_vectorial_gradient(x.detach(), gradient, 3.0)
    assert own.item() == pytest.approx(loss.item(), rel=1e-5)
    assert x.grad is not None
    torch.testing.assert_close(gradient - 1, x.grad, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("kind", ["squared", "l1", "charbonnier", "vectorial"])
def test_every_kind_adds_its_gradient_to_what_is_there(kind: str) -> None:
    x = noise()[:1].float().requires_grad_()
    loss = TotalVariationLoss(kind)  # type: ignore[arg-type]
    (2.0 * loss(x)).backward()
    gradient = torch.ones_like(x)
    assert loss.add_gradient(x.detach(), gradient, 2.0).item() == pytest.approx(loss(x).item())
    assert x.grad is not None
    torch.testing.assert_close(gradient - 1, x.grad, rtol=1e-4, atol=1e-6)


def pulled(kind: str, x: Tensor, cuts: list[Cut], factor: float) -> tuple[float, Tensor]:
    loss, gradient = TotalVariationLoss(kind), torch.zeros_like(x)  # type: ignore[arg-type]
    every = zip(pieces(x, cuts), pieces(gradient, cuts), strict=True)
    shares = [loss.pull(part, into, window, factor) for (part, window), (into, _) in every]
    return sum(shares), gradient


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=cuttings(1, smallest=2), seed=st.integers(0, 10**6))
@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradient_of_all_parts_are_those_of_the_whole(
    kind: str, cuts: list[Cut], seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[TotalVariationLoss.__module__], "BAND", 2)
    monkeypatch.setattr("impasto.losses.windows.PART", 32)
    height, width = cuts[0][1][-2:]
    noise = torch.randn(
        1, 3, height, width, dtype=torch.float64, generator=torch.Generator().manual_seed(seed)
    )
    x = (2 * noise).round() / 100  # some neighbours are equal, all differ by about the corner
    value, gradient = pulled(kind, x, cuts, 5.0)
    x.requires_grad_()
    expected = KINDS[kind](x)
    (whole,) = torch.autograd.grad(5 * expected, x)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    assert (gradient - whole).norm() <= 1e-12 * whole.norm()


@pytest.mark.parametrize("kind", KINDS)
def test_in_float32_parts_are_close_to_the_whole_whatever_the_number_of_threads(kind: str) -> None:
    x = torch.randn(1, 3, 300, 400, generator=torch.Generator().manual_seed(0))
    cuts = cut(300, 400, [128], [200], 1)
    value, gradient = same_on_threads(lambda: pulled(kind, x, cuts, 5.0))
    x = x.double().requires_grad_()
    expected = KINDS[kind](x)
    (whole,) = torch.autograd.grad(5 * expected, x)
    assert value == pytest.approx(expected.item(), rel=1e-5)
    assert (gradient - whole).norm() < 1e-5 * whole.norm()


def test_a_difference_is_its_upper_left_pixels() -> None:
    x = torch.tensor([[[[0.0, 1.0], [1.0, 0.0]]]])
    shares = []
    for rows, columns in itertools.product((slice(0, 1), slice(1, 2)), repeat=2):
        window = Window(rows, columns, 0, 0, 2, 2)
        shares.append(TotalVariationLoss("l1").pull(x, torch.zeros_like(x), window, 1.0))
    assert shares == [0.5, 0.25, 0.25, 0.0]


def test_a_cutout_that_ends_with_its_own_pixels_is_refused() -> None:
    x, window = torch.zeros(1, 3, 4, 4), Window(slice(0, 4), slice(0, 4), 0, 0, 8, 4)
    with pytest.raises(SettingError, match="1 down"):
        TotalVariationLoss().pull(x, x.clone(), window, 1.0)
