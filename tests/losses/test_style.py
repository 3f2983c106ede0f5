from __future__ import annotations

import pickle
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from impasto.errors import SettingError, UnknownNameError
from impasto.losses import (
    STYLE_LOSSES,
    StyleLoss,
    check_heads,
    gram_loss,
    gram_matrix,
    moments,
    moments_loss,
    quantiles,
)

KINDS = list(STYLE_LOSSES)
RELATIVE = [kind for kind in KINDS if kind != "gram-raw"]
BY_HEADS = ["moments", "shifted", "gram", "wasserstein", "gram-raw"]
EVERY = pytest.mark.parametrize("kind", KINDS)
# What compares places apart feels their order.
ORDERLESS = pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "shifted"])


def noise(seed: int, *shape: int) -> Tensor:
    """Like features of a rectified layer: many zeros, and a tail."""
    return (torch.randn(*shape, generator=torch.Generator().manual_seed(seed)) + 0.5).relu()


def soft(seed: int, *shape: int) -> Tensor:
    """Without equal values, whose order is nobody's."""
    x = torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return 1 + x


def evaluate(loss: Callable[[Tensor], Tensor], features: Tensor) -> tuple[float, Tensor]:
    x = features.clone().requires_grad_()
    value = loss(x)
    (gradient,) = torch.autograd.grad(value, x)
    return value.item(), gradient


def half(features: Tensor) -> Tensor:
    weights = torch.zeros(1, 1, *features.shape[-2:], dtype=features.dtype)
    weights[..., : features.shape[-1] // 2] = 3
    return weights


def test_the_kinds_stand_in_the_order_of_the_help() -> None:
    assert KINDS == [
        "moments",
        "shifted",
        "gram",
        "wasserstein",
        "sliced",
        "histogram",
        "gram-raw",
    ]


@EVERY
def test_a_style_is_no_way_from_itself(kind: str) -> None:
    y = noise(0, 2, 8, 12, 10)
    loss = StyleLoss([y], kind)
    assert 0 <= loss(y).item() < 1e-3
    if kind != "shifted":
        assert 0 <= loss(y.flip(-1)).item() < 1e-3
    assert loss(noise(1, 2, 8, 12, 10).square()).item() > 1e-3


@pytest.mark.parametrize("kind", RELATIVE)
@pytest.mark.parametrize("scale", [1e-2, 1.0, 1e3])
def test_a_picture_without_features_is_as_far_on_any_backbone(kind: str, scale: float) -> None:
    y = scale * noise(0, 1, 8, 12, 10)
    away = StyleLoss([y], kind)(torch.zeros(1, 8, 30, 30)).item()
    terms = 1 if kind == "gram" else 2
    # Noise does not go on: covariances of places apart add next to nothing.
    within = 0.1 if kind == "shifted" else 0.02
    assert away == pytest.approx(STYLE_LOSSES[kind].factor * terms, rel=within)


@pytest.mark.parametrize("kind", RELATIVE)
@pytest.mark.parametrize("scale", [1e-2, 1e3])
def test_the_loss_does_not_feel_the_scale_of_a_layer(kind: str, scale: float) -> None:
    x, y = noise(0, 1, 8, 12, 10), noise(1, 1, 8, 9, 9).square()
    value = StyleLoss([scale * y], kind)(scale * x).item()
    assert value == pytest.approx(StyleLoss([y], kind)(x).item(), rel=0.01)


def rounding(kind: str, places: int, size: float, loss: float = 0.0) -> float:
    """How far the order of float32 sums may move a loss.

    A statistic of `places` terms is known to places · eps of its size. A loss is the square of a
    distance; in a distance both statistics are that uncertain, and that of features which are far
    from the target may be as many times larger.

    Args:
        size: of the target's features, each of them; "gram-raw" is not divided by it.
    """
    eps = torch.finfo(torch.float32).eps
    scale = size**4 if kind == "gram-raw" else STYLE_LOSSES[kind].factor
    distance = (loss / scale) ** 0.5 if loss else 0.0
    uncertain = 2 * places * eps * (1 + distance)
    return scale * (2 * distance * uncertain + uncertain**2)


@pytest.mark.usefixtures("_any_order_of_sums")
@EVERY
@pytest.mark.parametrize("level", [0.0, 1e-6, 1.0, 1e4])
def test_a_style_of_one_colour_leaves_loss_and_gradient_finite(kind: str, level: float) -> None:
    loss = StyleLoss([torch.full((1, 4, 9, 9), level)], kind)
    for x in (noise(0, 1, 4, 6, 6), torch.full((1, 4, 6, 6), 2.0), torch.zeros(1, 4, 6, 6)):
        value, gradient = evaluate(loss, x)
        assert 0 <= value < float("inf")
        assert gradient.isfinite().all()
    itself = loss(torch.full((1, 4, 6, 6), level)).item()
    assert 0 <= itself <= max(rounding(kind, places=9 * 9, size=level), 1e-12)


@ORDERLESS
@pytest.mark.parametrize("seed", range(5))
def test_places_in_any_order_give_the_same_loss_but_for_rounding(kind: str, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    x, y = 10 * noise(0, 1, 4, 9, 9), 10 * noise(1, 1, 4, 9, 9)
    loss = StyleLoss([y], kind)

    def shuffle(features: Tensor) -> Tensor:
        places = torch.randperm(81, generator=generator)
        return features.flatten(2)[..., places].view_as(features)

    size = y.square().mean().sqrt().item()
    value = loss(x).item()
    for other in (loss(shuffle(x)), StyleLoss([shuffle(y)], kind)(x)):
        assert abs(other.item() - value) <= rounding(kind, 81, size, value)


@EVERY
def test_a_painting_of_one_colour_leaves_loss_and_gradient_finite(kind: str) -> None:
    value, gradient = evaluate(StyleLoss([noise(0, 1, 4, 9, 9)], kind), torch.ones(1, 4, 6, 6))
    assert 0 < value < float("inf")
    assert gradient.isfinite().all()


@EVERY
def test_features_that_are_not_numbers_are_told_and_do_not_crash(kind: str) -> None:
    x, wrong = noise(0, 1, 4, 6, 6), noise(1, 1, 4, 6, 6)
    wrong[0, 1, 2, 3] = float("nan")
    assert not StyleLoss([x], kind)(wrong).isfinite()
    assert not StyleLoss([wrong], kind)(x).isfinite()


@EVERY
def test_the_gradient_is_that_of_the_loss(kind: str) -> None:
    loss = StyleLoss([soft(0, 1, 3, 5, 5), soft(1, 1, 3, 4, 6).square()], kind, shares=[2, 1])
    x, weights = soft(2, 2, 3, 4, 5).requires_grad_(), soft(3, 2, 1, 4, 5).square()
    assert torch.autograd.gradcheck(loss, x)
    assert torch.autograd.gradcheck(lambda x: loss(x, weights), x)


@EVERY
def test_uniform_weights_give_what_none_give(kind: str) -> None:
    x, y = soft(0, 2, 4, 6, 8), soft(1, 1, 4, 7, 7)
    plain = evaluate(StyleLoss([y], kind), x)
    everywhere = torch.full((1, 1, 6, 8), 0.37)
    loss = StyleLoss([y], kind, style_weights=[torch.full((1, 1, 7, 7), 5.0)])
    value, gradient = evaluate(lambda x: loss(x, everywhere), x)
    assert value == pytest.approx(plain[0], rel=1e-4)
    assert torch.allclose(gradient, plain[1], rtol=1e-4, atol=1e-6)


@EVERY
def test_a_half_that_counts_is_the_cropped_half(kind: str) -> None:
    x, y = soft(0, 2, 4, 6, 8), soft(1, 1, 4, 7, 7)
    loss = StyleLoss([y], kind)
    value, gradient = evaluate(lambda x: loss(x, half(x)), x)
    its_value, its_gradient = evaluate(loss, x[..., :4])
    assert value == pytest.approx(its_value, rel=1e-6)
    assert torch.allclose(gradient[..., :4], its_gradient, rtol=1e-5, atol=1e-9)
    assert gradient[..., 4:].abs().max() == 0


@EVERY
def test_half_a_style_that_counts_is_the_cropped_half(kind: str) -> None:
    x, y = soft(0, 1, 4, 6, 8), soft(1, 1, 4, 7, 8)
    value = StyleLoss([y], kind, style_weights=[half(y)])(x).item()
    assert value == pytest.approx(StyleLoss([y[..., :4]], kind)(x).item(), rel=1e-6)


@ORDERLESS
def test_a_weight_counts_as_so_many_pictures(kind: str) -> None:
    left, right, y = soft(0, 1, 4, 30, 20), soft(1, 1, 4, 30, 20), soft(2, 1, 4, 30, 30)
    loss = StyleLoss([y], kind)
    weights = torch.ones(1, 1, 30, 40)
    weights[..., :20] = 2
    value = loss(torch.cat([left, right], -1), weights).item()
    twice = loss(torch.cat([left, left, right], -1)).item()
    # Two values of weight 1 have ranks of their own, one of weight 2 has that between them.
    assert value == pytest.approx(twice, rel=0.03)


@EVERY
def test_a_batch_has_the_mean_loss_of_its_pictures(kind: str) -> None:
    x, y = soft(0, 2, 4, 6, 8), soft(1, 1, 4, 7, 7)
    weights = soft(2, 2, 1, 6, 8).square()
    loss = StyleLoss([y], kind)
    apart = [loss(x[i : i + 1], weights[i : i + 1]).item() for i in range(2)]
    assert loss(x, weights).item() == pytest.approx(sum(apart) / 2)


@EVERY
def test_a_batch_may_have_a_style_for_each_picture(kind: str) -> None:
    x, y = soft(0, 2, 4, 6, 8), soft(1, 2, 4, 7, 7)
    apart = [StyleLoss([y[i : i + 1]], kind)(x[i : i + 1]).item() for i in range(2)]
    assert StyleLoss([y], kind)(x).item() == pytest.approx(sum(apart) / 2)


@pytest.mark.parametrize("heads", [1, 2])
def test_one_style_of_moments_or_raw_gram_is_bit_for_bit_the_plain_loss(heads: int) -> None:
    x, y = noise(0, 1, 4, 6, 8), noise(1, 1, 4, 7, 7)
    for kind, plain in (
        ("moments", lambda x: moments_loss(x, moments(y, heads), heads)),
        ("gram-raw", lambda x: gram_loss(x, gram_matrix(y, heads), heads)),
    ):
        value, gradient = evaluate(StyleLoss([y], kind, heads=heads), x)
        expected, its_gradient = evaluate(plain, x)
        assert value == expected
        assert torch.equal(gradient, its_gradient)


STATISTICS = {
    "moments": moments,
    "gram": lambda y: (gram_matrix(y),),
    "histogram": lambda y: (quantiles(y),),
    "gram-raw": lambda y: (gram_matrix(y),),
}


@pytest.mark.parametrize("kind", STATISTICS)
def test_statistics_are_blended_by_shares(kind: str) -> None:
    one, other = soft(0, 1, 4, 6, 6), soft(1, 1, 4, 5, 7).square()
    target = StyleLoss([one, other], kind, shares=[6, 2]).target
    both = zip(STATISTICS[kind](one), STATISTICS[kind](other), strict=True)
    for part, (a, b) in zip(target, both, strict=True):
        assert torch.allclose(part, 0.75 * a + 0.25 * b)


def test_normal_distributions_are_blended_by_mean_and_covariance() -> None:
    one, other = soft(0, 1, 4, 6, 6), soft(1, 1, 4, 5, 7).square()
    mean, root = StyleLoss([one, other], "wasserstein").target
    (mean_one, covariance_one), (mean_other, covariance_other) = moments(one), moments(other)
    assert torch.allclose(mean, (mean_one + mean_other) / 2)
    assert torch.allclose(root @ root, (covariance_one + covariance_other) / 2)


@EVERY
def test_a_blend_lies_between_its_styles(kind: str) -> None:
    one, other = noise(0, 1, 4, 20, 20), 3 * noise(1, 1, 4, 20, 20)
    away = [
        StyleLoss([one, other], kind, shares=shares)(one).item()
        for shares in ([1, 0], [3, 1], [1, 3], [0, 1])
    ]
    assert away[0] < 1e-3
    # Over the target's own size, which grows too; still each is farther than the last.
    assert away == sorted(away)


@EVERY
def test_a_style_twice_is_the_style(kind: str) -> None:
    x, y = noise(0, 1, 4, 6, 6), noise(1, 1, 4, 9, 9)
    assert StyleLoss([y, y], kind)(x).item() == pytest.approx(StyleLoss([y], kind)(x).item())


@pytest.mark.parametrize("kind", BY_HEADS)
def test_heads_leave_out_what_channels_of_two_groups_do_together(kind: str) -> None:
    ramp = torch.linspace(-1, 1, 64).view(1, 1, 8, 8)
    together, against = torch.cat([ramp, ramp], 1), torch.cat([ramp, -ramp], 1)
    assert StyleLoss([against], kind)(together).item() > 0.01
    assert StyleLoss([against], kind, heads=2)(together).item() < 1e-4


@EVERY
def test_targets_are_buffers_without_a_graph(kind: str) -> None:
    x, y = noise(0, 1, 4, 6, 6), noise(1, 1, 4, 9, 9)
    loss = StyleLoss([y.clone().requires_grad_()], kind)
    assert not any(part.requires_grad for part in loss.target)
    assert list(loss.parameters()) == []
    other = StyleLoss([noise(2, 1, 4, 5, 5)], kind, seed=9)
    assert other(x) != loss(x)
    other.load_state_dict(loss.state_dict())
    assert other(x) == loss(x)
    double = loss.double()(x.double())
    assert double.dtype == torch.float64
    assert double.item() == pytest.approx(other(x).item(), rel=1e-3)


def test_the_seed_turns_the_directions_of_sliced_only() -> None:
    x, y = noise(0, 1, 4, 6, 6), noise(1, 1, 4, 9, 9)
    for kind in KINDS:
        values = {StyleLoss([y], kind, seed=seed)(x).item() for seed in (0, 0, 1)}
        assert len(values) == (2 if kind == "sliced" else 1)


def test_an_unknown_kind_is_told_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"'momens' is not a style loss; did you mean 'mom"):
        StyleLoss([noise(0, 1, 4, 6, 6)], "momens")


@pytest.mark.parametrize("kind", ["sliced", "histogram"])
def test_heads_without_a_matrix_are_refused(kind: str) -> None:
    with pytest.raises(SettingError, match=f"{kind} has no matrix .* one of moments, shifted"):
        StyleLoss([noise(0, 1, 4, 6, 6)], kind, heads=2)


def test_no_style_is_refused() -> None:
    with pytest.raises(SettingError, match="no style"):
        StyleLoss([])


def test_styles_of_other_channels_are_refused() -> None:
    with pytest.raises(SettingError, match="4 and 5 channels"):
        StyleLoss([noise(0, 1, 4, 6, 6), noise(0, 1, 5, 6, 6)])


def test_each_style_needs_its_share_and_its_weights() -> None:
    y = noise(0, 1, 4, 6, 6)
    with pytest.raises(SettingError, match="2 styles have 1 shares and 2 weights"):
        StyleLoss([y, y], shares=[1])
    with pytest.raises(SettingError, match="2 styles have 2 shares and 1 weights"):
        StyleLoss([y, y], style_weights=[None])


@pytest.mark.parametrize("shares", [[-1, 2], [0, 0], [1, float("nan")], [1, float("inf")]])
def test_shares_that_are_negative_or_all_0_are_refused(shares: list[float]) -> None:
    y = noise(0, 1, 4, 6, 6)
    with pytest.raises(SettingError, match="finite and at least 0, and one above 0"):
        StyleLoss([y, y], shares=shares)


def test_weights_of_a_style_have_its_own_size() -> None:
    with pytest.raises(SettingError, match=r"give \(1 or 1, 1, 6, 7\)"):
        StyleLoss([noise(0, 1, 4, 6, 7)], style_weights=[torch.ones(1, 1, 5, 5)])


def test_heads_split_what_has_a_matrix_and_nothing_else() -> None:
    for kind in STYLE_LOSSES:
        check_heads(kind, 1)
    check_heads("gram", 4)
    with pytest.raises(SettingError, match="histogram has no matrix that 2 heads could split"):
        check_heads("histogram", 2)
    with pytest.raises(UnknownNameError, match="style loss"):
        check_heads("cubist", 1)


@pytest.mark.parametrize("kind", [kind for kind in STYLE_LOSSES if kind != "gram-raw"])
def test_a_style_of_one_colour_does_not_outweigh_everything(kind: str) -> None:
    generator = torch.Generator().manual_seed(0)
    x, style = torch.randn(2, 1, 8, 24, 24, generator=generator).relu()
    flat = style.mean((-2, -1), keepdim=True).expand_as(style)
    ordinary, plain = (StyleLoss([target], kind)(x).item() for target in (2 * style, flat))
    assert ordinary > 0.1
    assert plain < 1000 * ordinary  # without a least spread it was a hundred million times


@pytest.mark.parametrize("kind", STYLE_LOSSES)
@pytest.mark.parametrize("plain", [False, True])
def test_a_loss_can_be_pickled(kind: str, plain: bool) -> None:
    style, features = torch.rand(1, 4, 8, 8), torch.rand(1, 4, 9, 9)
    loss = StyleLoss([style], kind, plain=plain)
    assert pickle.loads(pickle.dumps(loss))(features) == loss(features)
