"""Small films of a texture that slides, and frames to make them of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.film import frames
from benchmarks.film.card import Card
from benchmarks.film.frames import Pixels

Texture = Callable[[int, int, int], Pixels]


@pytest.fixture
def texture() -> Texture:
    """Makes smooth noise of a height, a width and a seed."""

    def make(height: int, width: int, seed: int) -> Pixels:
        noise = np.random.default_rng(seed).uniform(0, 255, (height, width, 3))
        smooth = np.asarray(cv2.GaussianBlur(noise, (0, 0), 2.0))
        low, high = smooth.min(), smooth.max()
        return np.asarray((smooth - low) * (255 / (high - low)), np.uint8)

    return make


@pytest.fixture
def card(texture: Texture) -> Card:
    """A card of 16 x 12 px that crosses 64 x 48 px, 4 px a frame, after five bare frames."""
    return Card(texture(48, 64, 0), texture(12, 16, 1), step=4, bare=5)


@pytest.fixture
def films(texture: Texture, tmp_path: Path) -> Path:
    """A folder of two films of 48 frames, 64 x 36 and 48 x 36 px, that slide 1 px a frame."""
    folder = tmp_path / "films"
    folder.mkdir()
    for seed, (name, width) in enumerate({"brook": 64, "garden": 48}.items()):
        wide = texture(36, width + 48, seed)
        frames.write(folder / f"{name}.mp4", _sliding(wide, width), Fraction(24))
    return folder


def _sliding(wide: Pixels, width: int) -> Iterator[Pixels]:
    for left in range(wide.shape[1] - width):
        yield np.ascontiguousarray(wide[:, left : left + width])
