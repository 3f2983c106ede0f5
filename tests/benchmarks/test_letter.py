"""Figures of letterings, without a network and without a reader."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from benchmarks.letter import LAYERS, STRINGS, band_distance, summary
from impasto.imaging import Picture


def judge(picture: torch.Tensor) -> dict[str, torch.Tensor]:
    """Colours at each block's size."""
    return {layer: F.avg_pool2d(picture, 2**n)[0] for n, layer in enumerate(LAYERS)}


def test_a_band_is_compared_with_its_own_part_of_the_style_alone() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    upper = np.zeros_like(noise)
    upper[:32] = 255
    other = noise.copy()
    other[32:] = 0
    band = [(Picture(upper), Picture(upper))]
    pictures = Picture(other), Picture(noise)
    assert band_distance(judge, pictures, band) == 0  # type: ignore[arg-type]
    lower = [(Picture(255 - upper), Picture(255 - upper))]
    assert band_distance(judge, pictures, lower) > 0.5  # type: ignore[arg-type]


def test_twenty_strings_of_each_language_are_all_different() -> None:
    assert len(set(STRINGS)) == 40
    assert sum(text.isascii() for text in STRINGS) == 20


def row(**read: str) -> dict[str, Any]:
    return {
        "text": "Hi",
        "read": {"words": "hi", "black": "Hi", "plain": "", **read},
        "style_distance": 0.2,
        "style_distance_plain": 1.0,
        "opacity_beyond": 0.0,
        "cpu_s": 3.0,
    }


def test_rates_count_what_came_out_whole() -> None:
    told = summary([row(), row(words="H")])
    assert (told["read"], told["read_black"], told["read_plain_transfer"]) == (0.5, 1.0, 0.0)
    assert told["ratio"] == 0.2
