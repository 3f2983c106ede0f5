from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.imaging import tensors
from impasto.methods.optimization.canvas import (
    STARTS,
    Colours,
    SynthesizedImage,
    blended,
    colours_of,
    cropped,
    detail,
    enlarged,
    mirrored,
    start,
)


@pytest.fixture
def content() -> Tensor:
    return torch.randn(1, 3, 48, 64, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def style() -> Tensor:
    """Colours that lean on each other, around a mean far from 0."""
    white = torch.randn(1, 3, 40, 30, generator=torch.Generator().manual_seed(2))
    mix = torch.tensor([[1.0, 0.5, 0.0], [0.0, 0.7, 0.3], [0.2, 0.0, 0.4]])
    return torch.einsum("ij,bjhw->bihw", mix, white) + torch.tensor([2.0, -1.0, 0.5]).view(3, 1, 1)


def everywhere(style: Tensor) -> list[tuple[Colours, None]]:
    return [(colours_of(style), None)]


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def mean_and_covariance(x: Tensor) -> tuple[Tensor, Tensor]:
    colours = x[0].flatten(1)
    return colours.mean(1), torch.cov(colours, correction=0)


def test_the_picture_is_the_only_parameter_and_a_copy(content: Tensor) -> None:
    image = SynthesizedImage(content)
    assert [id(p) for p in image.parameters()] == [id(image())]
    with torch.no_grad():
        image().zero_()
    assert content.abs().sum() > 0


def test_a_start_from_the_content_is_a_copy_of_it(content: Tensor) -> None:
    canvas = start("content", content)
    assert torch.equal(canvas, content)
    assert canvas.data_ptr() != content.data_ptr()


@pytest.mark.parametrize("kind", STARTS)
def test_every_start_has_the_shape_of_the_content(kind, content: Tensor, style: Tensor) -> None:
    assert start(kind, content, everywhere(style), generator=rng()).shape == content.shape


@pytest.mark.parametrize("kind", ["noise", "blend", "style"])
def test_the_same_seed_gives_the_same_noise_and_another_does_not(
    kind, content: Tensor, style: Tensor
) -> None:
    one, same, other = (
        start(kind, content, everywhere(style), generator=rng(seed)) for seed in (0, 0, 1)
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_noise_is_white_with_deviation_one(content: Tensor) -> None:
    noise = start("noise", content, generator=rng())
    mean, covariance = mean_and_covariance(noise)
    assert torch.allclose(mean, torch.zeros(3), atol=0.06)  # 3 / sqrt(48 · 64)
    assert torch.allclose(covariance, torch.eye(3), atol=0.1)


def test_a_blend_goes_from_content_to_noise(content: Tensor) -> None:
    noise = start("noise", content, generator=rng())

    def blend(share: float) -> Tensor:
        return start("blend", content, noise=share, generator=rng())

    assert torch.equal(blend(0.0), content)
    assert torch.equal(blend(1.0), noise)
    assert torch.allclose(blend(0.25), 0.75 * content + 0.25 * noise, atol=1e-6)


def test_a_start_from_the_style_has_its_colours(style: Tensor) -> None:
    big = torch.zeros(1, 3, 200, 200)
    mean, covariance = mean_and_covariance(start("style", big, everywhere(style), generator=rng()))
    style_mean, style_covariance = mean_and_covariance(style)
    assert torch.allclose(mean, style_mean, atol=0.03)
    assert torch.allclose(covariance, style_covariance, atol=0.05)


def test_a_grey_style_gives_a_grey_start(content: Tensor) -> None:
    grey = torch.randn(1, 1, 20, 20, generator=rng(3)).expand(1, 3, 20, 20)
    canvas = start("style", content, everywhere(grey), generator=rng())
    assert canvas.std() > 0.5
    assert torch.allclose(canvas, canvas[:, :1].expand_as(canvas), atol=1e-5)


def test_a_style_of_one_colour_gives_that_colour(content: Tensor) -> None:
    colour = torch.tensor([0.5, -1.0, 2.0]).view(1, 3, 1, 1)
    canvas = start("style", content, everywhere(colour.expand(1, 3, 16, 16)), generator=rng())
    assert torch.allclose(canvas, colour.expand_as(canvas), atol=1e-3)


def unevenness(x: Tensor) -> float:
    """Logarithm of the squared differences between pairs of columns over those within pairs."""
    differences = x.diff(dim=-1).square()[..., 8:-8]
    within, between = differences[..., ::2].mean(), differences[..., 1::2].mean()
    return abs((between / within).log().item())


def test_an_enlarged_picture_shows_no_grid_of_the_coarse_one() -> None:
    coarse = torch.randn(1, 3, 64, 64, generator=rng(4))
    assert unevenness(tensors.resized(coarse, 128, 128)) > 1.2
    assert unevenness(enlarged(coarse, 128, 128)) < 0.4


def test_an_enlarged_picture_keeps_slopes_and_constants() -> None:
    slope = torch.arange(20.0).expand(1, 3, 16, 20)
    assert torch.allclose(
        enlarged(slope, 32, 40)[..., 6:-6], tensors.resized(slope, 32, 40)[..., 6:-6], atol=1e-4
    )
    flat = torch.full((1, 3, 5, 4), 0.7)
    assert torch.allclose(enlarged(flat, 10, 8), torch.tensor(0.7), atol=1e-6)


def test_detail_is_what_the_smaller_picture_lacks(content: Tensor) -> None:
    height, width = content.shape[-2:]
    smaller = tensors.resized(content, height // 2, width // 2)
    lacking = detail(content, smaller)
    assert torch.allclose(enlarged(smaller, height, width) + lacking, content, atol=1e-5)
    # A slope is in both of them, away from the edges.
    slope = torch.arange(32.0).expand(1, 3, 24, 32)
    assert detail(slope, tensors.resized(slope, 12, 16))[..., 6:-6, 6:-6].abs().max() < 0.05


def test_a_margin_is_a_mirror_and_cropping_takes_it_away(content: Tensor) -> None:
    wider = mirrored(content, 5)
    assert wider.shape == (1, 3, 58, 74)
    assert torch.equal(wider[..., 4, 5:-5], content[..., 1, :])  # the edge itself comes once
    assert torch.equal(wider[..., -1], wider[..., -11])
    assert torch.equal(cropped(wider, 5), content)
    assert torch.equal(cropped(mirrored(content, 0), 0), content)


def test_colours_are_those_of_what_counts(style: Tensor) -> None:
    counts = torch.zeros(1, 1, 40, 30)
    counts[..., :10] = 0.5
    some, part = colours_of(style, counts), colours_of(style[..., :10])
    assert torch.allclose(some.mean, part.mean, atol=1e-5)
    assert torch.allclose(some.covariance, part.covariance, atol=1e-5)


def test_blended_colours_lie_between(style: Tensor) -> None:
    one, other = colours_of(style), colours_of(style + 4)
    between = blended([one, other], (3, 1))
    assert torch.allclose(between.mean, one.mean + 1, atol=1e-4)
    assert torch.allclose(between.covariance, one.covariance, atol=1e-4)


def test_noise_takes_each_regions_colours_and_stays_white_elsewhere() -> None:
    content, flat = torch.zeros(1, 3, 4, 6), torch.full((1, 3, 2, 2), 9.0)
    where = torch.zeros(1, 1, 4, 6)
    where[..., :2] = 1
    canvas = start("style", content, [(colours_of(flat), where)], generator=rng())
    assert torch.allclose(canvas[..., :2], torch.tensor(9.0))
    assert torch.equal(canvas[..., 2:], start("noise", content, generator=rng())[..., 2:])
