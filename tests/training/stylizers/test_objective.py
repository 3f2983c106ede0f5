from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.networks import features
from impasto.training.stylizers.objective import (
    CONTENT_WEIGHT,
    LAYERS,
    STYLE,
    Guide,
    Target,
    colour_statistics,
    content_share,
    evaluate,
    grey_content,
    statistics,
)


def noise(seed: int, batch: int = 1, side: int = 64) -> Tensor:
    return torch.randn(batch, 3, side, side, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def guide() -> Guide:
    return Guide(features.load("slim", LAYERS, padding="reflect"))


def losses(guide: Guide, painted: Tensor, style: Tensor, content: Tensor) -> dict[str, float]:
    parts = evaluate(
        [guide],
        [guide.target(style)],
        colour_statistics(style),
        painted,
        grey_content(content),
        torch.zeros(len(painted)),
    )
    return {name: loss.item() for name, loss in parts.items()}


def test_shifted_covariance_of_stripes_follows_their_period() -> None:
    stripes = torch.tensor([1.0, 1.0, 1.0, -1.0, -1.0, -1.0]).repeat(4)
    across = stripes.view(1, 1, 1, 24).expand(1, 1, 12, 24)  # a period of twice the shift
    right, below = statistics(across, shifted=True).shifted
    assert right.item() < -0.9  # opposite, but for where a row ends
    assert below.item() == pytest.approx(1.0)


def test_a_picture_painted_as_its_own_style_and_content_has_no_loss_but_smoothness(
    guide: Guide,
) -> None:
    grey = noise(0)[:, :1].expand(-1, 3, -1, -1).contiguous() * 0.3
    found = losses(guide, grey, grey, grey)
    # The standardised channels of a grey differ a little: its chroma is not quite none.
    assert found["style"] == pytest.approx(0, abs=1e-6)
    assert found["colour"] == pytest.approx(0, abs=1e-6)
    assert found["content"] < 0.02
    assert found["range"] == 0


def test_an_unrelated_style_costs_more_than_a_related_one(guide: Guide) -> None:
    style = noise(1)
    near = losses(guide, style + 0.1 * noise(2), style, style)
    far = losses(guide, torch.zeros_like(style), style, style)
    assert near["style"] < 0.2 * far["style"]


def test_the_total_is_the_sum_of_the_parts(guide: Guide) -> None:
    found = losses(guide, noise(3), noise(4), noise(5))
    total = found.pop("total")
    assert total == pytest.approx(sum(found.values()))
    assert list(found) == ["content", "style", "colour", "tv", "grid", "range"]


def test_what_lies_beyond_black_and_white_is_paid_for(guide: Guide) -> None:
    bright = torch.full((1, 3, 64, 64), 3.7)
    assert losses(guide, bright, noise(1), noise(1))["range"] == pytest.approx(1.0)


def test_what_repeats_with_the_places_is_paid_for_and_what_does_not_is_not(guide: Guide) -> None:
    columns, wide = torch.arange(128), noise(1, side=128)
    found = {}
    for period in (4, 8, 7):
        stripes = (2 * torch.pi * columns / period).cos().expand(1, 3, 128, 128)
        found[period] = losses(guide, stripes, wide, wide)["grid"]
    assert min(found[4], found[8]) > 20 * found[7]


def test_content_counts_less_the_stronger_the_style() -> None:
    near, middle, far = content_share(torch.tensor([-1.0, 0.0, 1.0])).tolist()
    assert near > middle > far
    assert middle == pytest.approx(CONTENT_WEIGHT)
    assert near / middle > middle / far > 1


def test_styles_mixed_half_and_half_have_the_mean_of_their_statistics(guide: Guide) -> None:
    both = guide.target(torch.cat([noise(1), noise(2)]))
    mixed = both.mixed(torch.tensor([[0.5, 0.5], [1.0, 0.0]]))
    for layer in STYLE:
        for own, of in zip(mixed.full[layer][:2], both.full[layer][:2], strict=True):
            assert torch.allclose(own[0], of.mean(0), atol=1e-5)
            assert torch.allclose(own[1], of[0], atol=1e-5)


def test_styles_of_several_sizes_join_in_their_order(guide: Guide) -> None:
    targets = [guide.target(noise(1)), guide.target(noise(2, side=96))]
    joined = Target.joined(targets)
    for number, target in enumerate(targets):
        own, of = joined.half["relu2_1"], target.half["relu2_1"]
        assert own.covariance[number].equal(of.covariance[0])
        assert own.shifted[1][number].equal(of.shifted[1][0])


def test_repeated_styles_stand_one_after_the_other(guide: Guide) -> None:
    means = guide.target(torch.cat([noise(1), noise(2)])).repeated(2).full["relu1_1"].mean
    assert means[0].equal(means[1])
    assert not means[1].equal(means[2])


def test_bfloat16_says_about_what_float32_says_and_has_a_gradient(guide: Guide) -> None:
    low = Guide(features.load("slim", LAYERS, padding="reflect"), dtype=torch.bfloat16)
    style, content = noise(1), noise(2)
    painted = noise(3).requires_grad_()
    found = losses(low, painted, style, content)
    wanted = losses(guide, painted, style, content)
    for name in ("style", "content"):
        assert found[name] == pytest.approx(wanted[name], rel=0.05)
    style_loss, _ = low.losses(painted, low.target(style), content)
    style_loss.sum().backward()
    assert painted.grad is not None
    assert painted.grad.dtype == torch.float32
    assert painted.grad.abs().sum() > 0


def test_losses_are_of_each_picture_apart(guide: Guide) -> None:
    pictures, style = torch.cat([noise(1), noise(2)]), noise(4)
    target = guide.target(style).repeated(2)
    together, _ = guide.losses(pictures, target, pictures)
    alone, _ = guide.losses(noise(2), guide.target(style), noise(2))
    assert together[1].item() == pytest.approx(alone.item(), rel=1e-4)
