from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.training.crops import generator_for
from training.slim.augment import blur, corrupt, noise, recolour


def pictures(count: int = 24) -> Tensor:
    return torch.randn(count, 3, 16, 16, generator=generator_for(1))


def changes(share: float) -> list[bool]:
    x = pictures()
    results = corrupt(x, share, generator_for(2))
    return [not torch.equal(one, other) for one, other in zip(results, x, strict=True)]


def test_none_to_spoil_gives_back_the_same_batch() -> None:
    x = pictures()
    assert corrupt(x, 0.0, generator_for(2)) is x


def test_all_to_spoil_leaves_no_picture_as_it_was() -> None:
    assert all(changes(1.0))


def test_a_share_spoils_some_and_leaves_the_others() -> None:
    assert 0.3 < sum(changes(0.5)) / 24 < 0.7


def test_what_is_given_is_left_alone() -> None:
    x = pictures()
    before = x.clone()
    assert corrupt(x, 1.0, generator_for(2)).shape == x.shape
    assert torch.equal(x, before)


def test_the_same_numbers_spoil_alike_and_others_otherwise() -> None:
    one, again, other = (corrupt(pictures(), 1.0, generator_for(n)) for n in (2, 2, 3))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_noise_has_mean_zero_on_any_size() -> None:
    for seed in range(6):
        grains = noise(torch.zeros(3, 61, 83), generator_for(seed))
        assert grains.shape == (3, 61, 83)
        assert grains.mean().abs() < 0.2
        assert 0.3 < grains.std() < 1.1


def test_noise_is_sometimes_grey_and_sometimes_coloured() -> None:
    noises = [noise(torch.zeros(3, 8, 8), generator_for(seed)) for seed in range(12)]
    grey = [torch.equal(grains[0], grains[1]) for grains in noises]
    assert any(grey)
    assert not all(grey)


def test_blur_spreads_a_point_over_its_square() -> None:
    point = torch.zeros(3, 9, 9)
    point[:, 4, 4] = 25
    expected = torch.zeros(3, 9, 9)
    expected[:, 2:7, 2:7] = 1
    torch.testing.assert_close(blur(point, 2), expected)


def test_blur_keeps_what_is_flat_up_to_the_border() -> None:
    torch.testing.assert_close(blur(torch.full((3, 8, 8), 0.7), 3), torch.full((3, 8, 8), 0.7))


def test_recolouring_mixes_colours_and_leaves_shapes() -> None:
    picture = pictures(1)[0]
    torch.testing.assert_close(recolour(picture, 0.0, generator_for(2)), picture)
    flat = torch.tensor([0.1, 0.5, -0.3]).view(3, 1, 1).expand(3, 4, 4)
    mixture = recolour(flat, 0.6, generator_for(2))
    assert mixture.std((1, 2)).max() < 1e-6
    assert (mixture - flat).abs().max() > 0.1


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_batch_of_one_can_be_spoilt(share: float) -> None:
    assert corrupt(pictures(1), share, generator_for(5)).shape == (1, 3, 16, 16)
