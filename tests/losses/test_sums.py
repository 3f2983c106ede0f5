"""What is summed part by part is what the whole gives; expected values come of the whole."""

from __future__ import annotations

import math
import pickle
from collections.abc import Iterator, Sequence
from functools import reduce

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor

from impasto.errors import SettingError
from impasto.losses import (
    PLACE,
    STYLE_LOSSES,
    Slopes,
    StyleLoss,
    StyleStatistics,
    Sums,
    Window,
    measured,
    merged,
    partners,
    pull,
    sums,
)
from tests.cutting import Cut, cut, cuttings, pieces
from tests.threads import same_on_threads

ADDITIVE = [name for name, kind in STYLE_LOSSES.items() if kind.additive]
REACH = 3  # of the offsets of "shifted"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small maps have several."""
    monkeypatch.setattr(partners, "PART", 64)
    for module in (partners, sums):
        monkeypatch.setattr(module, "CHUNKS", 2)


def random(seed: int, *shape: int) -> Tensor:
    """Like features of a rectified layer: many zeros, and a tail."""
    generator = torch.Generator().manual_seed(seed)
    return (torch.randn(*shape, generator=generator, dtype=torch.float64) + 0.4).relu()


def sparse(seed: int, height: int, width: int) -> Tensor:
    """Weights of places, some of them 0, of any scale."""
    weights = random(seed, 1, 1, height, width)
    weights[..., 0, 0] = 1
    return weights * [0.01, 1, 50][seed % 3]


def weight_pieces(weights: Tensor | None, cuts: Sequence[Cut]) -> Iterator[Tensor | None]:
    for (rows, columns), _ in cuts:
        yield None if weights is None else weights[..., rows, columns]


def summed(loss: StyleLoss, x: Tensor, cuts: Sequence[Cut], weights: Tensor | None) -> Sums:
    every = zip(pieces(x, cuts), weight_pieces(weights, cuts), strict=True)
    offsets = loss.statistics.offsets
    return reduce(
        merged, (measured(part, window, offsets, loss.heads, w) for (part, window), w in every)
    )


def pulled(
    slopes: Slopes, x: Tensor, cuts: Sequence[Cut], weights: Tensor | None, factor: float = 1.0
) -> Tensor:
    gradient = torch.zeros_like(x)
    every = zip(pieces(x, cuts), pieces(gradient, cuts), weight_pieces(weights, cuts), strict=True)
    for (part, window), (into, _), w in every:
        pull(part, into, window, slopes, w, factor)
    return gradient


def by_autograd(loss: StyleLoss, x: Tensor, weights: Tensor | None) -> tuple[float, Tensor]:
    x = x.clone().requires_grad_()
    value = loss(x, weights)
    (gradient,) = torch.autograd.grad(value, x)
    return value.item(), gradient


def off(own: Tensor, expected: Tensor) -> float:
    """The relative L2 distance."""
    return ((own - expected).norm() / expected.norm()).item()


def test_whatever_sorts_has_to_see_the_whole_picture() -> None:
    assert ADDITIVE == ["moments", "shifted", "gram", "wasserstein", "gram-raw"]


def test_a_kind_of_another_package_without_sums_has_to_see_it_too() -> None:
    own = STYLE_LOSSES["moments"]
    assert not StyleStatistics(own.statistics, own.distance).additive


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cuts=cuttings(REACH),
    seed=st.integers(0, 10**6),
    heads=st.sampled_from([1, 2]),
    weighted=st.booleans(),
    plain=st.booleans(),
    last=st.booleans(),
)
@pytest.mark.parametrize("kind", ADDITIVE)
def test_loss_and_gradient_of_all_parts_are_those_of_the_whole(
    kind: str, cuts: list[Cut], seed: int, heads: int, weighted: bool, plain: bool, last: bool
) -> None:
    height, width = cuts[0][1][-2:]
    x = random(seed, 1, 4, height, width)
    if last:
        x = x.contiguous(memory_format=torch.channels_last)
    styles = [random(seed + 1, 1, 4, 9, 7), 1 + random(seed + 2, 1, 4, 6, 8)]
    weights = sparse(seed, height, width) if weighted else None
    loss = StyleLoss(styles, kind, heads=heads, plain=plain, shares=[1, 2])
    value, slopes = loss.of_sums(summed(loss, x, cuts, weights))
    expected, gradient = by_autograd(loss, x, weights)
    # Of fewer places than channels, normal distributions have directions without spread, whose
    # roots take half the digits.
    close = 1e-8 if kind == "wasserstein" and not plain else 1e-12
    assert value == pytest.approx(expected, rel=close)
    assert off(pulled(slopes, x, cuts, weights, factor=7.0), 7 * gradient) < close


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(cuts=cuttings(REACH), seed=st.integers(0, 10**6), weighted=st.booleans())
def test_merged_sums_are_those_of_one_window(cuts: list[Cut], seed: int, weighted: bool) -> None:
    height, width = cuts[0][1][-2:]
    x = random(seed, 1, 4, height, width)
    weights = sparse(seed, height, width) if weighted else None
    loss = StyleLoss([x], "shifted", heads=2)
    whole = measured(x, Window.whole(height, width), loss.statistics.offsets, loss.heads, weights)
    for part, expected in zip(summed(loss, x, cuts, weights), whole, strict=True):
        assert torch.allclose(part, expected, rtol=1e-12, atol=0)


@pytest.mark.parametrize("kind", ADDITIVE)
@pytest.mark.parametrize("weighted", [False, True])
def test_the_distance_is_that_between_statistics(kind: str, weighted: bool) -> None:
    x, y = random(0, 2, 4, 9, 8), random(1, 2, 4, 9, 8)
    own, weights = STYLE_LOSSES[kind], sparse(2, 9, 8) if weighted else None
    target = own.settled(own.statistics(y, 2, None))
    assert own.between is not None
    assert torch.equal(
        own.distance(x, target, 2, weights), own.between(own.statistics(x, 2, weights), target)
    )


def test_a_pair_belongs_to_its_upper_left_place() -> None:
    x = torch.tensor([1.0, 2.0, 4.0]).view(1, 1, 1, 3)
    left, right = (slice(0, 1), slice(0, 1)), (slice(0, 1), slice(1, 3))
    own = measured(x, Window(*left, 0, 0, 1, 3), [PLACE, (0, 1)])
    assert (own.weight.tolist(), own.product.flatten().tolist()) == ([1, 1], [1, 2])
    other = measured(x, Window(*right, 0, 0, 1, 3), [PLACE, (0, 1)])
    assert (other.weight.tolist(), other.product.flatten().tolist()) == ([2, 1], [20, 8])


def test_an_offset_longer_than_the_map_is_as_long_as_the_map_allows() -> None:
    x = torch.tensor([3.0, 5.0]).view(1, 1, 2, 1)
    own = measured(x, Window.whole(2, 1), [PLACE, (0, 3), (3, 0)])
    assert own.product.flatten().tolist() == [34, 34, 15]


def test_a_pair_counts_as_the_product_of_its_weights() -> None:
    x, weights = torch.ones(1, 1, 1, 3), torch.tensor([2.0, 0.0, 3.0]).view(1, 1, 1, 3)
    own = measured(x, Window.whole(1, 3), [PLACE, (0, 1), (0, 2)], weights=weights)
    assert own.weight.tolist() == [5, 0, 6]


def test_a_part_without_places_adds_nothing() -> None:
    x = random(0, 1, 4, 5, 6)
    none = measured(x, Window(slice(2, 2), slice(0, 6), 0, 0, 5, 6), [PLACE, (3, 0)], 2)
    assert all(part.count_nonzero() == 0 for part in none)
    assert none.product.shape == (2, 2, 2, 2)


def test_sums_survive_pickling() -> None:
    own = measured(random(0, 1, 4, 5, 6), Window.whole(5, 6), [PLACE, (3, 0)])
    again = pickle.loads(pickle.dumps(own))
    assert all(torch.equal(a, b) for a, b in zip(own, again, strict=True))


# A style of other scale, so that the loss is no difference of nearly equal numbers.
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("channels", [4, 64])
@pytest.mark.parametrize(
    ("dtype", "close"), [(torch.float32, 1e-4), (torch.bfloat16, 0.03)], ids=["float32", "bfloat16"]
)
@pytest.mark.parametrize("kind", ["moments", "shifted"])
def test_of_less_precise_features_sums_and_gradients_are_close(
    kind: str, dtype: torch.dtype, close: float, channels: int, weighted: bool
) -> None:
    x = random(0, 1, channels, 30, 20).to(dtype).contiguous(memory_format=torch.channels_last)
    weights = sparse(1, 30, 20).float() if weighted else None
    loss = StyleLoss([2 * random(1, 1, channels, 9, 20)], kind)
    cuts = cut(30, 20, [8, 11], [5], REACH, 1)
    value, slopes = loss.of_sums(summed(loss, x, cuts, weights))
    expected, gradient = by_autograd(loss, x.double(), weights)
    assert value == pytest.approx(expected, rel=1e-4)  # products are never made in bfloat16
    own = pulled(slopes, x, cuts, weights, factor=500.0)
    assert own.dtype is dtype
    assert off(own.double(), 500 * gradient) < close


def test_in_bfloat16_a_mean_that_is_right_leaves_no_gradient_everywhere() -> None:
    """Matrices are rounded; so what is added is of rounded ones, and in twice the digits."""
    texture = random(0, 1, 64, 16, 16)
    x = torch.full((1, 64, 16, 16), 3.0).bfloat16()
    loss = StyleLoss([3 + texture - texture.mean((2, 3), keepdim=True)], "shifted")
    cuts = cut(16, 16, [7], [], REACH)
    _, slopes = loss.of_sums(summed(loss, x, cuts, None))
    gradient = pulled(slopes, x, cuts, None, 500.0)
    large = 3 * 500 * slopes.product[0].sum(-1).flatten().norm()  # what the mean takes away again
    assert gradient[0, :, 8, 8].double().norm() < 1e-3 * large


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("channels", [2, 3, 16, 96])
def test_the_number_of_threads_changes_no_bit(
    channels: int, weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()  # parts as they are, which threads share
    side = math.isqrt(2**18 // channels)
    x = random(0, 1, channels, side, side).float()
    weights = sparse(1, side, side).float() if weighted else None
    loss = StyleLoss([random(1, 1, channels, 9, 9).float()], "shifted")
    cuts = cut(side, side, [], [], REACH)

    def sums_and_gradient() -> tuple[Tensor, ...]:
        own = summed(loss, x, cuts, weights)
        _, slopes = loss.of_sums(own)
        return *own, pulled(slopes, x, cuts, weights)

    same_on_threads(sums_and_gradient)


def test_a_kind_that_sorts_says_that_it_has_no_sums() -> None:
    x = random(0, 1, 4, 5, 6)
    loss = StyleLoss([x], "sliced")
    assert not loss.additive
    with pytest.raises(SettingError, match="sliced has to see the whole picture at once"):
        loss.of_sums(measured(x, Window.whole(5, 6)))


def test_a_plain_style_has_sums_whatever_its_kind() -> None:
    x = random(0, 1, 4, 5, 6)
    assert StyleLoss([x], "histogram", plain=True).additive
    assert not StyleLoss([x], "histogram").additive


def test_weights_that_are_none_are_refused() -> None:
    x = random(4, 1, 2, 3, 3)
    with pytest.raises(SettingError, match="finite and at least 0"):
        measured(x, Window.whole(3, 3), weights=torch.full((1, 1, 3, 3), -1.0))


def test_a_picture_that_counts_nowhere_is_refused() -> None:
    x = random(4, 1, 2, 3, 3)
    nowhere = measured(x, Window.whole(3, 3), weights=torch.zeros(1, 1, 3, 3))
    with pytest.raises(SettingError, match="all 0"):
        StyleLoss([x]).of_sums(nowhere)


def test_a_cutout_without_the_partners_is_refused() -> None:
    with pytest.raises(SettingError, match="3 down"):
        measured(random(0, 1, 2, 5, 6), Window(slice(0, 5), slice(0, 6), 0, 0, 9, 6), [(3, 0)])
