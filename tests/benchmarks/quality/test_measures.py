from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.quality.measures import colour_distance, fine_share, oklab

WHITE_NOISE = np.random.default_rng(0).integers(0, 256, (128, 96, 3), dtype=np.uint8)


def ramp(height: int = 64, width: int = 96) -> NDArray[np.uint8]:
    levels = np.linspace(0, 255, width).round().astype(np.uint8)
    return np.broadcast_to(levels[None, :, None], (height, width, 3)).copy()


def waves(period: float) -> NDArray[np.uint8]:
    wave = 128 + 100 * np.sin(2 * np.pi * np.arange(96) / period)
    return np.broadcast_to(wave[None, :, None], (64, 96, 3)).round().astype(np.uint8)


def test_greys_have_no_chroma_in_oklab_and_lightness_rises() -> None:
    lab = oklab(ramp(1, 32))
    assert np.abs(lab[:, 1:]).max() < 1e-4
    assert (np.diff(lab[:, 0]) > 0).all()


def test_red_lies_where_oklab_puts_it() -> None:
    red = np.array([[[255, 0, 0]]], np.uint8)
    assert oklab(red)[0] == pytest.approx([0.628, 0.225, 0.126], abs=1e-3)  # Ottosson's table


def test_the_same_colours_are_no_distance_apart_wherever_they_lie() -> None:
    pixels = np.random.default_rng(1).permutation(WHITE_NOISE.reshape(-1, 3))
    assert colour_distance(WHITE_NOISE, pixels.reshape(96, 128, 3)) == pytest.approx(0, abs=1e-9)


def test_colour_distance_is_how_far_a_shift_moves_them() -> None:
    dark, light = np.full((4, 4, 3), 60, np.uint8), np.full((6, 5, 3), 180, np.uint8)
    shift = oklab(light)[0, 0] - oklab(dark)[0, 0]
    assert colour_distance(dark, light) == pytest.approx(100 * shift, rel=0.02)
    assert colour_distance(dark, light) == colour_distance(light, dark)


def test_colour_distance_sees_hue_at_equal_lightness() -> None:
    other = WHITE_NOISE[..., [1, 2, 0]].copy()
    other[..., 0] //= 2
    assert colour_distance(WHITE_NOISE, other) > 3


def test_white_noise_has_the_share_of_the_plane_outside_the_circle() -> None:
    assert fine_share(WHITE_NOISE) == pytest.approx(1 - math.pi / 16, abs=0.02)


def test_a_ramp_has_next_to_no_fine_energy_and_one_colour_none() -> None:
    assert fine_share(ramp()) < 1e-4
    assert fine_share(np.full((32, 32, 3), 90, np.uint8)) == 0


def test_the_border_is_at_half_the_nyquist_frequency() -> None:
    assert fine_share(waves(period=4.8)) < 0.05  # 0.21 cycles a pixel
    assert fine_share(waves(period=3.2)) > 0.95  # 0.31 cycles a pixel
