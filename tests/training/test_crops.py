from __future__ import annotations

import pytest
import torch
from torch import Tensor

from impasto.training.crops import draw_crops, generator_for, recolouring


@pytest.fixture
def ramp() -> Tensor:
    """Grey that grows to the right: flipping turns its slope around."""
    return torch.arange(90, dtype=torch.uint8).expand(1, 3, 60, 90).contiguous()


def test_the_same_numbers_draw_the_same_crops_and_others_draw_others(ramp: Tensor) -> None:
    one, same, other = (draw_crops([ramp], 3, 32, generator_for(0, n)) for n in (1, 1, 2))
    assert one.equal(same)
    assert not one.equal(other)


def test_a_crop_shows_no_less_than_nine_tenths_of_its_side(ramp: Tensor) -> None:
    crops = draw_crops([ramp], 64, 32, generator_for(3))
    shown = crops.amax((1, 2, 3)) - crops.amin((1, 2, 3))  # px of the ramp, near enough
    assert shown.min() >= 0.9 * 32 - 3
    assert shown.max() <= 60


def test_about_half_of_the_crops_are_flipped(ramp: Tensor) -> None:
    crops = draw_crops([ramp], 64, 16, generator_for(4))
    flipped = (crops[:, 0, 0, 0] > crops[:, 0, 0, -1]).float().mean().item()
    assert 0.3 < flipped < 0.7


def test_a_picture_smaller_than_the_crop_is_enlarged() -> None:
    tiny = torch.full((1, 3, 8, 12), 9, dtype=torch.uint8)
    crops = draw_crops([tiny], 1, 32, generator_for(0))
    assert crops.shape == (1, 3, 32, 32)
    assert crops.round().unique().tolist() == [9.0]


def test_recolouring_keeps_greys_and_turns_a_third_of_the_circle_into_another_channel() -> None:
    grey = torch.full((3,), 0.4)
    for turn in (-0.5, -0.1, 0.3, 0.5):
        assert torch.allclose(recolouring(turn, 0.7) @ grey, grey)
    red = torch.tensor([1.0, 0.0, 0.0])
    turned = recolouring(2 / 3, 1.0) @ red  # of half the circle
    assert turned.argmax().item() == 1
    assert torch.allclose(turned, torch.tensor([0.0, 1.0, 0.0]), atol=1e-6)


def test_without_chroma_all_is_grey() -> None:
    colour = recolouring(0.2, 0.0) @ torch.tensor([0.9, 0.3, 0.0])
    assert torch.allclose(colour, torch.full((3,), 0.4))


def test_greys_stay_where_colours_are_varied(ramp: Tensor) -> None:
    crops = draw_crops([ramp], 8, 32, generator_for(5), recolours=True)
    assert torch.allclose(crops[:, 0], crops[:, 2], atol=1e-3)
