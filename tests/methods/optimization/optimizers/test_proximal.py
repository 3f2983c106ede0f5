from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from impasto.losses import total_variation
from impasto.methods.optimization.optimizers import LBFGS, ProximalLBFGS
from impasto.methods.optimization.optimizers.proximal import RECENT, _adjoint, _differences
from tests.methods.optimization.optimizers.minimising import (
    Function,
    evaluate,
    minimise,
    through_a_file,
)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def near(picture: Tensor, weight: float) -> Function:
    """½ |x - picture|² + weight · total variation."""
    return lambda x: 0.5 * (x - picture).square().sum() + weight * total_variation(x)


def started_at(picture: Tensor, weight: float, **options: float) -> ProximalLBFGS:
    return ProximalLBFGS(nn.Parameter(picture.clone()), weight, **options)  # type: ignore[arg-type]


def test_both_sides_of_an_edge_come_nearer_by_what_it_costs() -> None:
    edge = torch.zeros(1, 1, 4, 8)
    edge[..., 4:] = 1.0
    # A row's edge costs 0.5 · 5.6 / (4 · 7) = 0.1 a unit, which its four pixels on a side share.
    optimizer = started_at(edge, 5.6)
    minimise(near(edge, 5.6), optimizer, 40)
    expected = torch.zeros(1, 1, 4, 8) + 0.025
    expected[..., 4:] = 0.975
    assert torch.allclose(optimizer.best(), expected, atol=1e-3)


def test_where_the_total_variation_weighs_most_all_is_the_mean() -> None:
    picture = 0.1 * noise(1, 3, 6, 8)
    optimizer = started_at(picture, 60.0)
    minimise(near(picture, 60.0), optimizer, 60)
    mean = picture.mean((-2, -1), keepdim=True).expand_as(picture)
    assert torch.allclose(optimizer.best(), mean, atol=2e-3)


def test_it_goes_below_where_lbfgs_stalls() -> None:
    picture = 0.3 * noise(1, 3, 24, 32)
    picture[..., 16:] += 2.0
    f = near(picture, 100.0)
    lowest = minimise(f, started_at(picture, 100.0), 400)[-1]
    began = f(picture).item()
    ours = minimise(f, started_at(picture, 100.0), 30)[-1]
    theirs = minimise(f, LBFGS(nn.Parameter(picture.clone())), 30)[-1]
    assert ours - lowest < 0.05 * (began - lowest)
    assert ours - lowest < 0.5 * (theirs - lowest)


def curved(x: Tensor) -> Tensor:
    """A smooth part that curves otherwise everywhere, and total variation of weight 2."""
    stretch = 0.1 + noise(1, 3, 12, 16, seed=5).abs()
    smooth = (stretch * (x - 1).square()).mean() + x.square().square().mean()
    return smooth + 2 * total_variation(x)


def overshooting() -> ProximalLBFGS:
    """So long full steps that many are shortened."""
    return started_at(noise(1, 3, 12, 16, seed=6), 2.0, lr=8.0, history=3)


def test_an_accepted_loss_is_not_above_the_highest_of_the_last_ones() -> None:
    losses = minimise(curved, overshooting(), 60)
    for i in range(1, len(losses)):
        before = list(dict.fromkeys(losses[:i]))[-RECENT:]  # each accepted loss once
        assert losses[i] <= max(before) * (1 + 1e-5)
    assert losses[-1] < 0.5 * losses[0]


def test_a_part_that_is_not_finite_is_kept_away_from() -> None:
    def logarithmic(x: Tensor) -> Tensor:  # least at 1, where it is 1
        return (x - x.log()).mean() + 0.1 * total_variation(x)

    begin = 3.0 + 0.5 * noise(1, 1, 6, 6)
    optimizer = started_at(begin, 0.1, lr=100.0)
    tried = []
    for _ in range(40):
        tried.append(optimizer.ask().min().item())
        losses = minimise(logarithmic, optimizer, 1)
    assert min(tried) < 0 < optimizer.best().min()
    assert losses[-1] < 1.1


@pytest.mark.parametrize("stop", range(12))
def test_it_goes_on_from_its_state_bit_for_bit(stop: int) -> None:
    whole, rest = overshooting(), overshooting()
    minimise(curved, whole, stop)
    rest.load(through_a_file(whole.state()))
    for _ in range(8):
        assert torch.equal(rest.ask(), whole.ask())
        assert torch.equal(rest.best(), whole.best())
        assert rest.state()["probes"] == whole.state()["probes"]
        minimise(curved, whole, 1)
        minimise(curved, rest, 1)


def test_the_stops_above_fall_between_probes_too() -> None:
    optimizer = overshooting()
    probes = []
    for _ in range(12):
        probes.append(optimizer.state()["probes"])
        minimise(curved, optimizer, 1)
    assert {0, 1} <= set(probes)


def test_every_tensor_of_its_state_has_the_shape_of_the_picture() -> None:
    optimizer = overshooting()
    minimise(curved, optimizer, 10)
    tensors = [part for part in optimizer.state().values() if isinstance(part, Tensor)]
    assert {tensor.shape for tensor in tensors} == {optimizer.ask().shape}


def test_the_layout_of_the_gradient_changes_nothing() -> None:
    plain, last = overshooting(), overshooting()
    for _ in range(10):
        plain.tell(*evaluate(curved, plain.ask()))
        loss, gradient = evaluate(curved, last.ask())
        last.tell(loss, gradient.contiguous(memory_format=torch.channels_last))
        assert torch.equal(plain.ask(), last.ask())


def test_differences_and_their_transpose_agree() -> None:
    x, like = noise(1, 3, 5, 7, seed=1).double(), noise(1, 3, 5, 7, seed=2).double()
    down, right = _differences(x)
    down_of, right_of = _differences(like)
    apart = (down * down_of).sum() + (right * right_of).sum()
    assert torch.isclose(apart, (x * _adjoint(down_of, right_of)).sum())


def test_a_ramp_differs_by_its_steps_and_by_nothing_at_its_end() -> None:
    down, right = _differences(torch.tensor([[[[0.0, 1.0, 3.0]] * 2]]))
    assert right[0, 0].tolist() == [[1.0, 2.0, 0.0]] * 2
    assert not down.any()
