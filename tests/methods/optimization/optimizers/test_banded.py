"""Bands against the recursion over whole vectors."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from impasto.methods.optimization.optimizers import LBFGS, BandedLBFGS, Optimizer, State, copied
from impasto.methods.optimization.optimizers.rows import Half
from impasto.methods.planes import Planes

HEIGHT, WIDTH = 160, 50
BANDS = [slice(0, 64), slice(64, 112), slice(112, 160)]
EDGES = torch.tensor([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]]).expand(3, 1, 3, 3)


def noise(seed: int) -> Tensor:
    return torch.randn(1, 3, HEIGHT, WIDTH, generator=torch.Generator().manual_seed(seed))


def bowl(x: Tensor) -> tuple[float, Tensor]:
    """Steep here and flat there, with neighbours tied, and not quite a quadratic."""
    x = x.detach().clone().requires_grad_()
    curved = (0.1 + 5 * noise(1).sigmoid()) * (x - noise(2)).square()
    loss = curved.mean() + 3 * F.conv2d(x, EDGES, groups=3, padding=1).square().mean()
    loss = loss + x.pow(4).mean()
    (gradient,) = torch.autograd.grad(loss, x)
    return loss.item(), gradient


def go(optimizer: Optimizer, steps: int) -> float:
    for _ in range(steps):
        loss, gradient = bowl(optimizer.ask())
        optimizer.tell(loss, gradient)
    return loss


@pytest.mark.parametrize("sobolev", [0.0, 5.0])
def test_it_goes_the_way_of_lbfgs_over_whole_vectors(sobolev: float) -> None:
    begin = 0.5 * noise(3)
    whole = LBFGS(nn.Parameter(begin.clone()), sobolev=sobolev)
    banded = BandedLBFGS.of(begin.clone(), BANDS, sobolev=sobolev)
    for _ in range(6):
        assert go(banded, 1) == pytest.approx(go(whole, 1), rel=1e-3)
    assert go(banded, 20) == pytest.approx(go(whole, 20), rel=1e-4)


def test_files_change_no_bit(tmp_path: Path) -> None:
    begin = 0.5 * noise(3)
    one = BandedLBFGS.of(begin.clone(), BANDS, sobolev=5.0)
    other = BandedLBFGS.of(begin.clone(), BANDS, Planes(tmp_path).new, sobolev=5.0)
    assert go(one, 12) == go(other, 12)
    assert torch.equal(one.best(), other.best())


@pytest.mark.parametrize("after", [0, 1, 2, 9])
def test_it_goes_on_from_its_state_as_if_it_had_not_stopped(after: int) -> None:
    one = BandedLBFGS.of(0.5 * noise(3), BANDS, history=4, sobolev=5.0)
    if after:
        go(one, after)
    state: State = copied(one.state())
    other = BandedLBFGS.of(torch.zeros(1, 3, HEIGHT, WIDTH), BANDS, history=4, sobolev=5.0)
    other.load(state)
    assert go(one, 8) == go(other, 8)
    assert torch.equal(one.ask(), other.ask())


def test_a_part_of_another_shape_is_refused() -> None:
    one = BandedLBFGS.of(0.5 * noise(3), BANDS)
    go(one, 3)
    state = copied(one.state())
    half = state["band_1_move_0"]
    assert isinstance(half, Tensor)
    state["band_1_move_0"] = half[..., :1]
    with pytest.raises(ValueError, match="a part of"):
        BandedLBFGS.of(torch.zeros(1, 3, HEIGHT, WIDTH), BANDS).load(state)


def test_a_loss_that_never_falls_shortens_the_move_and_forgets() -> None:
    optimizer = BandedLBFGS.of(0.5 * noise(3), BANDS)
    go(optimizer, 4)
    kept = optimizer.best().clone()
    for _ in range(12):
        optimizer.tell(1e9, torch.zeros(1, 3, HEIGHT, WIDTH))
    assert torch.equal(optimizer.best(), kept)
    assert float(optimizer.state()["pairs"]) == 0


def test_a_picture_that_is_not_finite_is_gone_back_from() -> None:
    optimizer = BandedLBFGS.of(0.5 * noise(3), BANDS)
    go(optimizer, 2)
    far = (optimizer.ask() - optimizer.best()).norm()
    optimizer.shrink()
    assert (optimizer.ask() - optimizer.best()).norm() == pytest.approx(0.1 * far.item(), rel=1e-3)


def test_a_row_keeps_eleven_binary_digits_however_small_it_is() -> None:
    half = Half(torch.zeros, 3, WIDTH)
    rows = torch.randn(1, 3, 3, WIDTH) * torch.tensor([1e-12, 1.0, 1e6]).view(1, 1, 3, 1)
    half.write(slice(0, 3), rows)
    largest = rows.abs().amax((0, 1, 3), keepdim=True)
    assert ((half.read(slice(0, 3)) - rows).abs() <= 2**-11 * largest).all()


def test_a_row_of_zeros_stays_one() -> None:
    half = Half(torch.zeros, 1, WIDTH)
    half.write(slice(0, 1), torch.zeros(1, 3, 1, WIDTH))
    assert not half.read(slice(0, 1)).any()
