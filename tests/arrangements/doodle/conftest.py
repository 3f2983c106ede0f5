"""A painting of three plain textures, its label map, and drawings in the map's colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from impasto.imaging import Picture

SKY, SEA, SAND = (255, 255, 255), (0, 0, 255), (255, 0, 0)  # in the drawings
PAINTED = ((150, 190, 230), (30, 60, 120), (220, 190, 120))


@dataclass(frozen=True)
class Studio:
    """Pictures of 96 x 64 px.

    Attributes:
        painting: sky above sea above sand, each with stripes of its own.
        labels: the same in the colours of the drawings.
        drawing: the three side by side, the sand on the left.
    """

    painting: Picture
    labels: Picture
    drawing: Picture


@pytest.fixture
def studio() -> Studio:
    rows, columns = np.mgrid[:64, :96]
    which = (rows >= 22).astype(int) + (rows >= 44)
    stripes = 12 * np.sin((rows * (1 + which) + columns * (3 - which)) / 2)[..., None]
    painted = (np.array(PAINTED)[which] + stripes).clip(0, 255).astype(np.uint8)
    labels = np.array((SKY, SEA, SAND), np.uint8)[which]
    return Studio(
        Picture(painted, name="painting.png"),
        Picture(labels, name="labels.png"),
        Picture(thirds(SAND, SKY, SEA), name="drawing.png"),
    )


def thirds(*colours: tuple[int, int, int]) -> NDArray[np.uint8]:
    """Three upright bands, (64, 96, 3)."""
    columns = np.arange(96) // 32
    return np.repeat(np.array(colours, np.uint8)[columns][None], 64, 0)
