from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.imaging.tensors.masks import at_layer, normalised, resized, smoothed


def left_half(height: int = 64, width: int = 64) -> Tensor:
    mask = torch.zeros(1, 1, height, width)
    mask[..., : width // 2] = 1
    return mask


def test_masks_that_overlap_share_and_others_are_left_alone() -> None:
    one, other = torch.tensor([1.0, 0.25, 0.0]), torch.tensor([1.0, 0.25, 0.5])
    shares = normalised([one, other])
    assert shares[0].tolist() == [0.5, 0.25, 0.0]
    assert shares[1].tolist() == [0.5, 0.25, 0.5]


def test_a_smaller_mask_keeps_its_mean_and_its_range() -> None:
    smaller = resized(left_half(), 16, 16)
    assert smaller.mean().item() == pytest.approx(0.5)
    assert smaller.min() >= 0
    assert smaller.max() <= 1
    assert torch.equal(smaller[..., :6], torch.ones(1, 1, 16, 6))


def test_smoothing_leaves_a_flat_mask_flat_to_its_edges() -> None:
    assert torch.allclose(smoothed(torch.full((1, 1, 20, 30), 0.7), 15), torch.tensor(0.7))


def test_smoothing_reaches_half_its_width_and_no_further() -> None:
    soft = smoothed(left_half(), 16)[0, 0, 0]
    assert soft[31].item() + soft[32].item() == pytest.approx(1)
    assert torch.equal(soft[:24], torch.ones(24))
    assert torch.equal(soft[40:], torch.zeros(24))
    assert soft.diff().max() <= 0


def test_a_layer_has_its_own_grid() -> None:
    assert at_layer(torch.ones(1, 1, 33, 50), 4, 24).shape == (1, 1, 8, 12)


def test_shares_of_two_halves_sum_to_1_at_every_layer() -> None:
    mask = left_half()
    for stride, field in ((1, 3), (4, 24), (16, 156)):
        total = at_layer(mask, stride, field) + at_layer(1 - mask, stride, field)
        assert torch.allclose(total, torch.ones_like(total), atol=1e-6)


def test_inside_counts_nothing_that_sees_the_other_side() -> None:
    mask = left_half()
    inside = at_layer(mask, 1, 24, inside=True)[0, 0, 0]
    assert inside[32:].max() == 0
    assert inside[31] < 0.2  # half of what it sees lies outside
    assert torch.allclose(inside[:25], torch.ones(25))


def test_a_grey_mask_counts_its_share() -> None:
    grey = torch.full((1, 1, 32, 32), 0.25)
    assert torch.allclose(at_layer(grey, 8, 68), torch.tensor(0.25))
    assert torch.allclose(at_layer(grey, 8, 68, inside=True), torch.tensor(0.25))
