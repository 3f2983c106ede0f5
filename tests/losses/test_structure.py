"""Forms of light and dark, compared around each place."""

from __future__ import annotations

import pytest
import torch

from impasto.losses.structure import blurred, light_of, local_correlation


def noise(seed: int) -> torch.Tensor:
    return torch.rand(1, 1, 20, 24, generator=torch.Generator().manual_seed(seed))


def test_contrast_and_brightness_count_for_nothing() -> None:
    x = noise(0)
    assert (local_correlation(x, 0.5 * x + 0.3, 3.0) > 0.97).all()
    assert local_correlation(x, x, 3.0).min().item() == pytest.approx(1, abs=1e-5)


def test_light_for_dark_is_the_opposite_and_noise_neither() -> None:
    x, y = noise(0), noise(1)
    assert (local_correlation(x, -x, 3.0) < -0.9).all()
    assert abs(local_correlation(x, y, 3.0).mean().item()) < 0.2


def test_where_both_are_flat_they_are_alike() -> None:
    flat = torch.full((1, 1, 9, 9), 0.4)
    assert local_correlation(flat, flat + 0.2, 2.0).unique().tolist() == pytest.approx([1.0])


def test_a_form_that_has_moved_is_another_there_and_the_same_elsewhere() -> None:
    here, there = torch.zeros(1, 1, 40, 40), torch.zeros(1, 1, 40, 40)
    here[..., 8:12, 8:12] = there[..., 8:12, 14:18] = 1
    alike = local_correlation(here, there, 2.0)[0, 0]
    assert alike[10, 10] < 0.2
    assert alike[32, 32] > 0.99


def test_a_gaussian_keeps_the_sum_of_a_spot_in_the_middle() -> None:
    spot = torch.zeros(1, 1, 31, 31)
    spot[..., 15, 15] = 1
    wide = blurred(spot, 3.0)
    assert wide.sum().item() == pytest.approx(1, abs=1e-5)
    assert wide[0, 0, 15, 18].item() == pytest.approx(wide[0, 0, 15, 15].item() * 0.6065, rel=1e-3)


def test_green_is_the_lightest_and_blue_the_darkest() -> None:
    from impasto.imaging.tensors import STD

    one = [torch.zeros(1, 3, 1, 1) for _ in range(3)]
    for channel, picture in enumerate(one):
        picture[:, channel] = 1 / STD[channel]
    assert [round(light_of(picture).item(), 3) for picture in one] == [0.299, 0.587, 0.114]
