from __future__ import annotations

import pytest
import torch
from torch import Tensor

from training.slim.augment import blurred, corrupted, noise, recoloured
from training.slim.data import drawn_by


def pictures(count: int = 24) -> Tensor:
    return torch.randn(count, 3, 16, 16, generator=drawn_by(1))


def changed(share: float) -> list[bool]:
    x = pictures()
    spoilt = corrupted(x, share, drawn_by(2))
    return [not torch.equal(one, other) for one, other in zip(spoilt, x, strict=True)]


def test_none_to_spoil_gives_back_the_same_batch() -> None:
    x = pictures()
    assert corrupted(x, 0.0, drawn_by(2)) is x


def test_all_to_spoil_leaves_no_picture_as_it_was() -> None:
    assert all(changed(1.0))


def test_a_share_spoils_some_and_leaves_the_others() -> None:
    assert 0.3 < sum(changed(0.5)) / 24 < 0.7


def test_what_is_given_is_left_alone() -> None:
    x = pictures()
    before = x.clone()
    assert corrupted(x, 1.0, drawn_by(2)).shape == x.shape
    assert torch.equal(x, before)


def test_the_same_numbers_spoil_alike_and_others_otherwise() -> None:
    one, again, other = (corrupted(pictures(), 1.0, drawn_by(n)) for n in (2, 2, 3))
    assert torch.equal(one, again)
    assert not torch.equal(one, other)


def test_noise_has_mean_zero_on_any_size() -> None:
    for seed in range(6):
        grains = noise(torch.zeros(3, 61, 83), drawn_by(seed))
        assert grains.shape == (3, 61, 83)
        assert grains.mean().abs() < 0.2
        assert 0.3 < grains.std() < 1.1


def test_noise_is_sometimes_grey_and_sometimes_coloured() -> None:
    drawn = [noise(torch.zeros(3, 8, 8), drawn_by(seed)) for seed in range(12)]
    grey = [torch.equal(grains[0], grains[1]) for grains in drawn]
    assert any(grey)
    assert not all(grey)


def test_blur_spreads_a_point_over_its_square() -> None:
    point = torch.zeros(3, 9, 9)
    point[:, 4, 4] = 25
    expected = torch.zeros(3, 9, 9)
    expected[:, 2:7, 2:7] = 1
    torch.testing.assert_close(blurred(point, 2), expected)


def test_blur_keeps_what_is_flat_up_to_the_border() -> None:
    torch.testing.assert_close(blurred(torch.full((3, 8, 8), 0.7), 3), torch.full((3, 8, 8), 0.7))


def test_recolouring_mixes_colours_and_leaves_shapes() -> None:
    picture = pictures(1)[0]
    torch.testing.assert_close(recoloured(picture, 0.0, drawn_by(2)), picture)
    flat = torch.tensor([0.1, 0.5, -0.3]).view(3, 1, 1).expand(3, 4, 4)
    mixed = recoloured(flat, 0.6, drawn_by(2))
    assert mixed.std((1, 2)).max() < 1e-6
    assert (mixed - flat).abs().max() > 0.1


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_batch_of_one_can_be_spoilt(share: float) -> None:
    assert corrupted(pictures(1), share, drawn_by(5)).shape == (1, 3, 16, 16)
